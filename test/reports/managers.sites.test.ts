import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSamples, plain, type SampleSites } from "./site-visits.ts";

const minute = 60_000;

let sites: SampleSites;

beforeAll(async () => {
  sites = await openSamples("managers", {
    usual: {},
    bare: { bare: true, reconciliation: "not_verified" },
  });
}, 10 * minute);

afterAll(() => sites?.close());

const usual = [
  ["/", "Pilotage des impayés", 1],
  ["/alertes/", "Alertes", 0],
  [
    "/alertes/arrears_rate~2f.A02~2f.level_red~2f.2026-05/",
    "Taux d'impayé des locataires présents : Nantes Nord",
    2,
  ],
  [
    "/alertes/unlawful_fees~2f.company~2f.level_red~2f.2026-09/",
    "Frais facturés que la loi interdit : Ensemble",
    1,
  ],
  ["/indicateurs/", "Tous les indicateurs", 0],
  ["/indicateurs/share_3_terms/", "Locataires devant au moins 3 termes", 3],
  ["/indicateurs/freshness/", "Fraîcheur des données", 1],
  ["/agences/", "Agences côte à côte", 0],
  ["/agences/A02/", "Nantes Nord", 3],
  ["/agences/A14/", "Guérande", 1],
  ["/anciennete/", "Ancienneté de la dette", 3],
  ["/parcours/", "Entrées, sorties et rechutes", 4],
  ["/principal-et-frais/", "Principal et frais", 3],
  ["/donnees/", "Données de la nuit", 0],
  ["/lexique/", "Lexique", 0],
] as const;

const bare = [
  ["/", "Pilotage des impayés", 1],
  ["/alertes/", "Alertes", 0],
  ["/indicateurs/", "Tous les indicateurs", 0],
  ["/indicateurs/recovery_rate_12m/", "Taux de recouvrement sur 12 mois", 0],
  ["/agences/", "Agences côte à côte", 0],
  ["/agences/A01/", "Nantes Centre", 2],
  ["/anciennete/", "Ancienneté de la dette", 2],
  ["/parcours/", "Entrées, sorties et rechutes", 4],
  ["/principal-et-frais/", "Principal et frais", 3],
  ["/donnees/", "Données de la nuit", 0],
  ["/lexique/", "Lexique", 0],
] as const;

describe("every kind of page, at 1280 and 390 pixels, tells its figures and nothing else", () => {
  test.concurrent.each([
    ...usual.map((page) => ["usual", ...page] as const),
    ...bare.map((page) => ["bare", ...page] as const),
  ])("%s site, %s « %s » with %i charts", async (name, path, title, charts) => {
    await sites.check(name, path, title, charts);
  });
});

describe("what a manager reads", () => {
  test("an alert: where, since when, what explains it, who does what by when", async () => {
    const { page } = await sites.visit("usual", "/", 1280);
    const alert = page.locator("article", { hasText: "Nantes Nord" }).first();
    const text = plain(await alert.innerText());
    expect(text).toMatch(/Taux d'impayé des locataires présents 13,3 % objectif 6,0 %/);
    expect(text).toContain("en alerte depuis mai 2026, 6 clôtures");
    expect(text).toMatch(/Ce qui l’explique Par part du loyer dans les ressources moins de 20 % \+1,3 point/);
    expect(text).toMatch(
      /Le plan Appeler chaque ménage .+ conseillère d’agence · pour le 12 juin 2026 · effet mesuré/,
    );
    await page.context().close();
  });

  test("statuses in words, thresholds in figures, and the month to date without a status", async () => {
    const { page } = await sites.visit("usual", "/", 1280);
    const card = page.locator("li:has(h3)", { hasText: "Taux d'impayé des locataires présents" }).first();
    const text = plain(await card.innerText());
    expect(text).toContain("6,2 %");
    expect(text).toContain("À surveiller");
    expect(text).toContain("objectif ≤ 6,0 %");
    expect(text).toMatch(/alerte au.delà de 8,0 %/);
    expect(text).toContain("nov. (en cours) : 6,4 %");
    await page.context().close();
  });

  test("a suppressed figure is a secret, never a zero", async () => {
    const { page } = await sites.visit("usual", "/indicateurs/share_3_terms/", 1280);
    const row = page.locator("tbody tr", { has: page.getByRole("link", { name: "Guérande" }) });
    expect((await row.innerText()).split("\t")[1]).toBe("secret statistique");
    await page.context().close();
  });

  test.each([
    ["usual", "vérifié en partie"],
    ["bare", "non vérifié"],
  ])("%s site: the reconciliation is « %s » on every page", async (name, words) => {
    for (const path of ["/", "/agences/", "/donnees/"])
      expect(await sites.read(name, path)).toContain(`Rapprochement avec les soldes du bailleur : ${words}`);
  });

  test("receipts that wait are told in euros on the first page and, month by month, with the data", async () => {
    const first = await sites.visit("usual", "/", 1280);
    expect(plain(await first.page.locator("main").innerText())).toContain(
      "74 encaissements à rattacher, 21 408 €",
    );
    await first.page.getByRole("link", { name: "74 encaissements à rattacher" }).click();
    await first.page.waitForURL("**/donnees/");
    const told = plain(await first.page.locator("main").innerText());
    expect(told).toContain("Encaissements à rattacher");
    expect(told).toContain("21 408,37 €");
    expect(told).toContain("99,8 %, 99,9 % des euros");
    const row = first.page.locator("tbody tr", { hasText: "nov. 2025 et avant" });
    expect((await row.locator("th, td").allInnerTexts()).map(plain)).toEqual([
      "nov. 2025 et avant",
      "…7735",
      "42",
      "8 900 €",
    ]);
    await first.page.context().close();
  });

  test("a landlord without bank files is told nothing of receipts", async () => {
    for (const path of ["/", "/donnees/"]) expect(await sites.read("bare", path)).not.toContain("rattacher");
  });

  test("what opened, worsened and closed tonight", async () => {
    const text = await sites.read("usual", "/alertes/");
    expect(text).toContain("Ce qui a changé avec les données au 18 novembre 2026");
    expect(text).toMatch(/Ouvertes Entrées en impayé dans le mois, Nantes Nord/);
    expect(text).toMatch(/Alertes refermées .* Locataires devant au moins 1 terme Bellevue .* 2 nov\. 2026/);
  });

  test("why an alert opened, to the last tenth of a point, and the effect of what was done with its interval", async () => {
    const text = await sites.read("usual", "/alertes/arrears_rate~2f.A02~2f.level_red~2f.2026-05/");
    expect(text).toContain("entre la clôture de mai 2025 et celle d’octobre 2026");
    expect(text).toMatch(
      /Ensemble : \+1,1 point, dont −0,1 point parce que la part de chaque groupe a changé/,
    );
    expect(text).toMatch(/Effet mesuré −0,3 point, entre −0,5 point et −0,1 point/);
  });

  test("who set a target, and the limits of the monthly flow behind an indicator", async () => {
    const text = await sites.read("usual", "/indicateurs/share_3_terms/");
    expect(text).toContain("Objectif fixé par le bailleur");
    expect(text).toContain("Entrées en impayé dans le mois");
    expect(text).toContain("Les limites disent où le mois devait tomber");
    expect(text).toMatch(/Nantes Nord 14,3 % Alerte 6,7 % proposé \+0,9 point 245 1 710/);
  });

  test("a landlord without target, alert or limits is told so in words", async () => {
    expect(await sites.read("bare", "/")).toContain("Aucune alerte n’est ouverte à cette date.");
    expect(await sites.read("bare", "/alertes/")).toContain("Aucune alerte n’a encore été refermée.");
    expect(await sites.read("bare", "/indicateurs/")).toContain("Sans objectif");
  });

  test("the files' lines add up", async () => {
    const { page } = await sites.visit("usual", "/donnees/", 1280);
    const total = page.locator("tr.total td.number");
    const counts = (await total.allInnerTexts()).map((text) => Number(text.replace(/\s/g, "")));
    const [read, accepted = 0, rejected = 0, superseded = 0, duplicates = 0] = counts;
    expect(read).toBe(979_690);
    expect(accepted + rejected + superseded + duplicates).toBe(read);
    await page.context().close();
  });
});

describe("what a manager does", () => {
  test("sorts the agencies by an indicator, and turns the order round", async () => {
    const { page } = await sites.visit("usual", "/agences/", 1280);
    const table = page.locator("table").first();
    const first = () => table.locator("tbody tr").first().locator("a").innerText();
    await table.getByRole("button", { name: "Taux d'impayé" }).click();
    expect(await first()).toBe("Nantes Nord");
    await table.getByRole("button", { name: "Taux d'impayé" }).click();
    expect(await first()).toBe("Vitré");
    expect(await table.locator("th[aria-sort]").getAttribute("aria-sort")).toBe("ascending");
    await page.context().close();
  });

  test("asks for the numerators and denominators", async () => {
    const { page } = await sites.visit("usual", "/agences/", 1280);
    const cell = page.locator("tbody tr", { hasText: "Nantes Nord" }).locator("td").nth(2);
    expect(await cell.innerText()).not.toContain("/");
    await page.getByLabel("Montrer les numérateurs et les dénominateurs").check();
    expect(plain(await cell.innerText())).toContain("622 / 1 710");
    await page.context().close();
  });

  test("goes from an alert to the agency, and back", async () => {
    const { page, problems, address } = await sites.visit("usual", "/", 390);
    await page.getByRole("link", { name: "Nantes Nord" }).first().click();
    await page.waitForURL(`${address}/agences/A02/`);
    await page.getByRole("link", { name: "Vue d’ensemble" }).click();
    await page.waitForURL(`${address}/`);
    expect(await page.locator("h1").innerText()).toBe("Pilotage des impayés");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("reaches every agency from the agencies' page", async () => {
    const { page, address } = await sites.visit("usual", "/agences/", 1280);
    const links = await page
      .locator("table a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links).toHaveLength(14);
    for (const link of links) expect((await fetch(new URL(link ?? "", address))).status).toBe(200);
    await page.context().close();
  });
});
