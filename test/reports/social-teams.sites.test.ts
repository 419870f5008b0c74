import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listedIn } from "./sample-prevention.ts";
import { openSamples, plain, type SampleSites } from "./site-visits.ts";

const minute = 60_000;

let sites: SampleSites;

beforeAll(async () => {
  sites = await openSamples("social-teams", {
    loire: { scope: "loire" },
    vilaine: { scope: "vilaine", model: "rule" },
    bare: { bare: true, model: "shadow" },
  });
}, 10 * minute);

afterAll(() => sites?.close());

const PAGES = [
  ["/", "Qui appeler avant l’impayé"],
  ["/segments/", "Manières de payer"],
  ["/resultats/", "Ce que valent les listes"],
  ["/modele/", "Comment le risque est estimé"],
  ["/lexique/", "Lexique"],
] as const;

describe("every page, at 1280 and 390 pixels, tells its figures and nothing else", () => {
  test.concurrent.each(
    ["loire", "vilaine", "bare"].flatMap((name) => PAGES.map((page) => [name, ...page] as const)),
  )("%s site, %s « %s »", async (name, path, title) => {
    await sites.check(name, path, title, 0);
  });
});

describe("what a social worker reads", () => {
  test("a household: its risk in words, what worries and what reassures, its months, the help that fits, until when", async () => {
    const { page } = await sites.visit("loire", "/", 1280);
    const card = page.locator("article").first();
    const text = plain(await card.innerText());
    expect(text).toMatch(
      /^Madame Arnaud Lucie Bail L-4070000 · Nantes Centre · locataire depuis le 15 mars 2014 · jamais d’impayé Nouveau sur la liste/,
    );
    expect(text).toContain(
      "Sur 100 ménages dans cette situation, environ 52 devront au moins un terme entier d’ici au 28 février 2027.",
    );
    expect(text).toMatch(
      /Ce qui inquiète prélèvement rejeté deux fois en 3 mois .+ Ce qui rassure locataire depuis 14 ans/i,
    );
    expect(text).toContain(
      "Aide à proposer Proposer de verser l’aide au logement directement au bailleur Ou : faire le point sur le budget avec la conseillère sociale De préférence par téléphone",
    );
    expect(text).toContain("Dernière écriture il y a 2 jours · à revoir après le 16 févr. 2027");
    expect(await card.locator("svg").getAttribute("aria-label")).toMatch(
      /^24 mois : \d+ payés à temps, \d+ en retard, \d+ en partie/,
    );
    expect(await card.locator("svg title").allTextContents()).toEqual(
      expect.arrayContaining([
        "décembre 2024 : payé en entier, à temps",
        expect.stringMatching(/^\S+ 202\d : payé en entier, \d+\sjours après l’échéance$/),
        expect.stringMatching(/^\S+ 202\d : payé à \d+,0\s% à la fin du mois$/),
        "novembre 2026 : encore dans les temps",
      ]),
    );
    await page.context().close();
  });

  test("whom to speak to instead, where a household has a legal representative; the lease, where it has no name", async () => {
    const { page } = await sites.visit("loire", "/", 1280);
    await page.getByRole("button", { name: "Montrer les 10 suivants" }).click();
    const cards = page.locator("article");
    expect(await cards.count()).toBe(30);
    expect(plain(await cards.nth(5).innerText())).toContain(
      "S’adresser à son représentant légal : UDAF de Loire-Atlantique",
    );
    expect(plain(await cards.nth(20).innerText())).toMatch(/^Bail L-40\d{5} Nantes Centre/);
    await page.context().close();
  });

  test("only the households of an agency, with a reason, or of a name, when asked", async () => {
    const { page } = await sites.visit("loire", "/", 390);
    const count = () => page.locator(".count").innerText().then(plain);
    await expect.poll(count).toBe("30 ménages, du risque le plus fort au moins fort.");
    // What is chosen before the page has come to life is not heard: chosen again until it is.
    const choose = async () => {
      await page.getByLabel("Agence").selectOption({ label: "Bellevue (6)" });
      return count();
    };
    await expect
      .poll(choose, { timeout: 180_000 })
      .toBe("6 ménages sur 30, du risque le plus fort au moins fort.");
    expect(plain(await page.locator("article").first().innerText())).toContain("Bellevue");
    await page.getByLabel("Ce qui inquiète").selectOption({ label: "Poids du loyer" });
    const told = () => page.locator("article").allInnerTexts();
    await expect
      .poll(async () =>
        (await told()).every((text) => /le loyer, aide déduite, prend 38 %/i.test(plain(text))),
      )
      .toBe(true);
    expect((await told()).length).toBeGreaterThan(0);
    await page.getByLabel("Nom ou bail").fill("personne");
    await expect.poll(count).toBe("Aucun ménage de la liste ne répond à ce choix.");
    await page.context().close();
  });

  test("who was left in peace, and why", async () => {
    const text = (await sites.read("loire", "/")).toLowerCase();
    expect(text).toContain(
      "43 contactés ces dernières semaines dont 9 que leur risque aurait mis sur la liste 12 déjà aidés 7 suspension en cours",
    );
  });

  test("that a rule serves instead of the model, which one, and why", async () => {
    const text = await sites.read("vilaine", "/");
    expect(text).toContain(
      "Une règle simple classe ces ménages. La règle simple sert, d’après le retard moyen de paiement sur douze mois",
    );
  });

  test("that a model is watched, until when, and that nobody is proposed meanwhile", async () => {
    const text = await sites.read("bare", "/");
    expect(text).toContain("Modèle en observation jusqu’au 31 janvier 2027.");
    expect(text).toContain("Aucun ménage n’est proposé : le modèle est encore en observation.");
  });

  test("what the lists were worth: told in time, missed, without consequence, how long before, given or not", async () => {
    const text = await sites.read("loire", "/resultats/");
    expect(text).toMatch(
      /Annoncés à temps 91 \(50,6 %\).+Passés à côté 89 \(49,4 %\).+Temps pour agir 64 jours/,
    );
    expect(text).toContain("2 sur 9 ont été données ; les autres ont été reconstituées");
    expect(await sites.read("bare", "/resultats/")).toContain("rien ne peut encore en être dit");
  });

  test("the model's card: what for, what it is worth beside the rule, whether it is fair", async () => {
    const text = await sites.read("loire", "/modele/");
    expect(text).toContain("À appeler avant la dette, pour proposer une aide. Jamais à punir.");
    expect(text).toContain("Modèle en service celui qui sert 58,0 % (de 55,0 % à 61,0 %)");
    expect(text).toMatch(/Taille du foyer 5 personnes et plus inéquitable 41,0 % −19,0 points/);
    expect(text).toMatch(/75 ans et plus trop peu pour le dire – – –/);
  });
});

/** Everything in a site's files, decompressed. */
async function textOf(site: string): Promise<string> {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => {
    const bytes = await readFile(file);
    if (file.endsWith(".br")) return brotliDecompressSync(bytes).toString("latin1");
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
  });
  return (await Promise.all(texts)).join("\n");
}

test("two scopes rendered from one compilation: no file of the one names a household of the other", async () => {
  const [loire, vilaine] = await Promise.all([
    textOf(sites.folder("loire")),
    textOf(sites.folder("vilaine")),
  ]);
  const leases = (scope: "loire" | "vilaine") => listedIn(scope).map(({ lease }) => lease);
  expect(leases("loire").filter((lease) => !loire.includes(lease))).toEqual([]);
  expect(leases("vilaine").filter((lease) => !vilaine.includes(lease))).toEqual([]);
  expect(leases("loire").filter((lease) => vilaine.includes(lease))).toEqual([]);
  expect(leases("vilaine").filter((lease) => loire.includes(lease))).toEqual([]);
});
