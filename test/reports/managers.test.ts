import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SITE_CACHE } from "../../pipelines/project.ts";
import { buildSite } from "../../pipelines/publish/site.ts";
import { launchBrowser } from "../browser.ts";
import { writeSampleExtract } from "./sample-extract.ts";

import { serveFolder } from "./static-server.ts";

const minute = 60_000;
const widths = [1280, 390];

type Site = { address: string; close: () => Promise<void> };

let folder = "";
let browser: Browser;
const sites = new Map<string, Site>();

const buildSample = async (name: string, options: Parameters<typeof writeSampleExtract>[1]) => {
  const extract = join(folder, `${name}-extract`);
  const out = join(folder, name);
  await writeSampleExtract(extract, options);
  await buildSite({ site: "managers", extract, out, cache: SITE_CACHE });
  sites.set(name, await serveFolder(out));
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-managers-"));
  await buildSample("usual", {});
  await buildSample("bare", { bare: true, reconciliation: "not_verified" });
  browser = await launchBrowser();
}, 6 * minute);

afterAll(async () => {
  await browser?.close();
  for (const site of sites.values()) await site.close();
  await rm(folder, { recursive: true, force: true });
});

type Visit = { page: Page; errors: string[]; requests: string[]; address: string };

/** Opens a page of a site and hands it over once all of it is loaded and its charts are drawn. */
const visit = async (name: string, path: string, width: number): Promise<Visit> => {
  const address = sites.get(name)?.address ?? "";
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "fr-FR" });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${address}${path}`, { waitUntil: "networkidle" });
  for (const chart of await page.locator(".chart").all()) {
    // Axes and grid alone are fewer lines; a hairline has no area, hence "attached".
    await chart.locator("svg path").nth(7).waitFor({ state: "attached" });
  }
  return { page, errors, requests, address };
};

const everything = async (page: Page): Promise<string> => {
  await page.locator("details").evaluateAll((all) => {
    for (const details of all) details.setAttribute("open", "");
  });
  const labels = await page.locator("[aria-label]").evaluateAll((elements) => {
    return elements.map((element) => element.getAttribute("aria-label"));
  });
  return [await page.title(), await page.locator("body").innerText(), ...labels].join("\n");
};

const usual = [
  ["/", "Pilotage des impayés", 1],
  ["/anciennete/", "Ancienneté de la dette", 3],
  ["/agences/", "Agences côte à côte", 0],
  ["/agences/A02/", "Nantes Nord", 3],
  ["/agences/A14/", "Guérande", 1],
  ["/indicateurs/arrears_rate/", "Taux d'impayé des locataires présents", 1],
  ["/indicateurs/freshness/", "Fraîcheur des données", 1],
  ["/donnees/", "Données de la nuit", 0],
  ["/lexique/", "Lexique", 0],
] as const;

const bare = [
  ["/", "Pilotage des impayés", 1],
  ["/anciennete/", "Ancienneté de la dette", 2],
  ["/agences/", "Agences côte à côte", 0],
  ["/agences/A01/", "Nantes Centre", 2],
  ["/indicateurs/recovery_rate_12m/", "Taux de recouvrement sur 12 mois", 0],
  ["/donnees/", "Données de la nuit", 0],
  ["/lexique/", "Lexique", 0],
] as const;

const pages = [
  ...usual.map(([path, title, charts]) => ["usual", path, title, charts] as const),
  ...bare.map(([path, title, charts]) => ["bare", path, title, charts] as const),
].flatMap((page) => widths.map((width) => [...page, width] as const));

test.each(pages)(
  "%s site, %s « %s » with %i charts at %i pixels",
  async (name, path, title, charts, width) => {
    const { page, errors, requests, address } = await visit(name, path, width);
    expect(await page.locator("html").getAttribute("lang")).toBe("fr");
    expect(await page.locator("h1").innerText()).toBe(title);
    expect(await page.title()).toBe(`${title} · Habitat Ligérien (exemple)`);
    expect(await page.locator(".chart svg").count()).toBe(charts);

    const text = await everything(page);
    expect(text).toContain("Données au 18 novembre 2026");
    expect(text).toContain("Novembre est en cours : chiffres partiels, sans statut.");
    expect(text).not.toMatch(/\b(?:NaN|undefined|null|Infinity|Invalid Date)\b|\[object/);

    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow, "pixels wider than the window").toBe(0);
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(address))).toEqual([]);
    // Everything shown was computed in the night: no reader waits for a database.
    expect(requests.filter((url) => /\.(?:wasm|parquet)$/.test(url))).toEqual([]);
    await page.context().close();
  },
  60_000,
);

describe("what a manager reads", () => {
  test("an indicator in alert, where, and against what", async () => {
    const { page } = await visit("usual", "/", 1280);
    const alerts = page.locator("ul.panel > li", { hasText: "Nantes Nord" }).first();
    const text = (await alerts.innerText()).replace(/[\u00a0\u202f]/g, " ");
    expect(text).toContain("Alerte");
    expect(text).toMatch(/Taux d'impayé des locataires présents\s+13,3 %\s+objectif 6,0 %/);
    await page.context().close();
  });

  test("statuses in words, thresholds in figures, and the month to date without a status", async () => {
    const { page } = await visit("usual", "/", 1280);
    const card = page.locator("li", { has: page.getByText("Taux d'impayé des locataires présents") }).first();
    const text = (await card.innerText()).replace(/[\u00a0\u202f]/g, " ");
    expect(text).toContain("6,2 %");
    expect(text).toContain("À surveiller");
    expect(text).toContain("objectif ≤ 6,0 %");
    expect(text).toMatch(/alerte au.delà de 8,0 %/);
    expect(text).toContain("nov. (en cours) : 6,4 %");
    await page.context().close();
  });

  test("a suppressed figure is a secret, never a zero", async () => {
    const { page } = await visit("usual", "/indicateurs/share_3_terms/", 1280);
    const row = page.locator("tbody tr", { has: page.getByRole("link", { name: "Guérande" }) });
    expect((await row.innerText()).split("\t")[1]).toBe("secret statistique");
    await page.context().close();
  });

  test.each([
    ["usual", "vérifié en partie"],
    ["bare", "non vérifié"],
  ])("%s site: the reconciliation is « %s » on every page", async (name, words) => {
    for (const path of ["/", "/agences/", "/donnees/"]) {
      const { page } = await visit(name, path, 1280);
      const text = await page.locator("main").innerText();
      expect(text).toContain(`Rapprochement avec les soldes du bailleur : ${words}`);
      await page.context().close();
    }
  });

  test("receipts that wait are told in euros on the first page and, month by month, with the data", async () => {
    const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
    const first = await visit("usual", "/", 1280);
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
    expect(plain(await row.innerText()).split(/\s*\t\s*/)).toEqual([
      "nov. 2025 et avant",
      "…7735",
      "42",
      "8 900 €",
    ]);
    await first.page.context().close();
  });

  test("a landlord without bank files is told nothing of receipts", async () => {
    for (const path of ["/", "/donnees/"]) {
      const { page } = await visit("bare", path, 1280);
      expect(await page.locator("main").innerText()).not.toContain("rattacher");
      await page.context().close();
    }
  });

  test("the files' lines add up", async () => {
    const { page } = await visit("usual", "/donnees/", 1280);
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
    const { page } = await visit("usual", "/agences/", 1280);
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
    const { page } = await visit("usual", "/agences/", 1280);
    const cell = page.locator("tbody tr", { hasText: "Nantes Nord" }).locator("td").nth(2);
    expect(await cell.innerText()).not.toContain("/");
    await page.getByLabel("Montrer les numérateurs et les dénominateurs").check();
    expect((await cell.innerText()).replace(/[\u00a0\u202f]/g, " ")).toContain("622 / 1 710");
    await page.context().close();
  });

  test("goes from an alert to the agency, and back", async () => {
    const { page, errors, address } = await visit("usual", "/", 390);
    await page.getByRole("link", { name: "Nantes Nord" }).first().click();
    await page.waitForURL(`${address}/agences/A02/`);
    await page.getByRole("link", { name: "Vue d’ensemble" }).click();
    await page.waitForURL(`${address}/`);
    expect(await page.locator("h1").innerText()).toBe("Pilotage des impayés");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("reaches every agency from the agencies' page", async () => {
    const { page, address } = await visit("usual", "/agences/", 1280);
    const links = await page
      .locator("table a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links).toHaveLength(14);
    for (const link of links) expect((await fetch(`${address}${link}`)).status).toBe(200);
    await page.context().close();
  });
});
