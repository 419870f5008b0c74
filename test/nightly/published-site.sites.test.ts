import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Serving, serve } from "../../pipelines/serve/server.ts";
import { launchBrowser } from "../browser.ts";
import { everything, MISSING, WIDTHS } from "../reports/site-visits.ts";
import { simulatedSites } from "../shared-landlord.ts";
import { queryNight } from "../tiny-landlord.ts";

/** The demonstration landlord's scopes: two halves, and the whole. */
const SOCIAL_TEAMS = [
  "prevention/plateau-et-littoral",
  "prevention/toutes-les-agences",
  "prevention/ville-et-vallee",
];
const AGGREGATE = ["direction", "pilotage"];
const SITES = [...AGGREGATE, ...SOCIAL_TEAMS];

let workspace = "";
let serving: Serving;
let browser: Browser;

beforeAll(async () => {
  workspace = await simulatedSites();
  serving = await serve({ workspace, port: 0, log: () => undefined });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await serving?.close();
});

/** 0.0497 as the screen writes it: 5,0 %, with the spaces that the test compares as one. */
const percent = (ratio: unknown) => `${(100 * Number(ratio)).toFixed(1).replace(".", ",")} %`;
const plain = (text: string | null) => (text ?? "").replaceAll(/\s+/g, " ");
const address = (site: string, path: string) => new URL(`/${site}${path}`, serving.url).href;

test("each audience has a site of its own, all at one address, and a page lists them", async () => {
  expect(serving.sites.map(({ base }) => base)).toEqual(SITES);
  expect(serving.sites.map(({ url }) => url)).toEqual(SITES.map((site) => address(site, "/")));
  const list = await (await fetch(serving.url)).text();
  for (const site of SITES) expect(list).toContain(`href="/${site}/"`);
});

const pages: Readonly<Record<string, readonly string[]>> = {
  pilotage: [
    "/",
    "/alertes/",
    "/indicateurs/",
    "/indicateurs/share_3_terms/",
    "/agences/",
    "/agences/G09/",
    "/anciennete/",
    "/parcours/",
    "/principal-et-frais/",
    "/donnees/",
    "/lexique/",
  ],
  direction: [
    "/",
    "/agences/",
    "/fusions/",
    "/objectifs/",
    "/objectifs/share_3_terms/",
    "/cout/",
    "/actions/",
    "/principal-et-frais/",
    "/donnees/",
    "/lexique/",
  ],
  ...Object.fromEntries(
    SOCIAL_TEAMS.map((site) => [site, ["/", "/segments/", "/resultats/", "/modele/", "/lexique/"]]),
  ),
};

describe("the demonstration landlord's sites, at 1280 and 390 pixels", () => {
  test.concurrent.each(
    Object.entries(pages).flatMap(([site, paths]) => paths.map((path) => [site, path] as const)),
  )("%s %s: no error, nothing from outside, dated, nothing undefined", async (site, path) => {
    const context = await browser.newContext({
      viewport: { width: WIDTHS[0], height: 900 },
      locale: "fr-FR",
    });
    const page = await context.newPage();
    // Ends what hangs: a slow machine may take its time.
    page.setDefaultTimeout(180_000);
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      const path = new URL(request.url(), serving.url).href.slice(serving.url.length - 1);
      if (!path.startsWith(`/${site}/`) && !path.startsWith("/_app/") && path !== "/icon.svg")
        problems.push(request.url());
    });
    const response = await page.goto(address(site, path), { waitUntil: "networkidle" });
    expect(response?.status()).toBe(200);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const text = plain(await everything(page));
      expect(text).toContain("Données au 15 novembre 2026");
      expect(text).not.toMatch(MISSING);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), `${width}`).toBe(0);
    }
    expect(problems).toEqual([]);
    await context.close();
  });
});

test("every link of a page of alerts, indicators, agencies or objectives leads to a page", async () => {
  for (const [site, path] of [
    ["pilotage", "/alertes/"],
    ["pilotage", "/indicateurs/"],
    ["pilotage", "/agences/"],
    ["direction", "/agences/"],
    ["direction", "/objectifs/"],
  ] as const) {
    const html = await (await fetch(address(site, path))).text();
    const links = new Set([...html.matchAll(/href="(\/[a-z][^"]*\/)"/g)].map(([, link]) => link ?? ""));
    expect(links.size).toBeGreaterThan(8);
    for (const link of links) {
      expect(link.startsWith(`/${site}/`), `${site} ${link}`).toBe(true);
      expect((await fetch(new URL(link, serving.url))).status, `${site} ${link}`).toBe(200);
    }
  }
});

test("the figures on the page are the warehouse's", async () => {
  const figures = await queryNight(
    workspace,
    `select label_fr, value from kpi.indicator_month join kpi.indicator using (indicator_id)
     where headline and unit = 'ratio' and level = 'company' and month = (select max(month) from arrears.closing where not is_partial)`,
  );
  expect(figures.length).toBeGreaterThan(3);
  const page = await browser.newPage();
  await page.goto(address("pilotage", "/"), { waitUntil: "networkidle" });
  const text = plain(await page.locator("body").innerText());
  for (const [label, value] of figures) {
    expect(text).toContain(plain(String(label)));
    if (value !== null) expect(text).toContain(percent(value));
  }
  await page.close();
});

/** What names households and persons, by agency: each long enough not to stand anywhere by chance. */
async function identifiersOf(agencies: string): Promise<Set<string>> {
  const identifiers = await queryNight(
    workspace,
    `with own as (select * from ledger.lease where agency_id ${agencies})
     select lease_id from own union select household_id from own union select dwelling_id from own
     union select id from ledger.entry semi join own using (lease_id)
     union select unnest([email, phone]) from contract.household_contact semi join own using (household_id)`,
  );
  return new Set(identifiers.map(([id]) => String(id)).filter((id) => id.length >= 8));
}

/** What all sites of the night load: no page of any, and no data. */
const SHARED = ["_app", "icon.svg", "icon.svg.br", "icon.svg.gz"];

/**
 * The words and names that are among those wanted in a site's files, by file: its pages, and all that sites share,
 * decompressed.
 */
async function found(
  site: string,
  wanted: ReadonlySet<string>,
  names: readonly string[] = [],
): Promise<Record<string, string[]>> {
  const sites = join(workspace, "current", "sites");
  const entries = await readdir(sites, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(sites, join(entry.parentPath, entry.name)));
  const own = paths.filter((path) => path.startsWith(`${site}/`));
  const shared = paths.filter((path) => SHARED.includes(path.split("/")[0] ?? ""));
  expect(own.length).toBeGreaterThanOrEqual(5);
  expect(own.every((path) => path.endsWith("/index.html"))).toBe(true);
  expect(shared.length).toBeGreaterThan(50);
  const hits: Record<string, string[]> = {};
  for (const path of [...own, ...shared]) {
    const text = await textOf(join(sites, path));
    const words = [...text.matchAll(/[\w-]{8,}|[\w.+-]+@[\w.-]+/g)].map(([word]) => word);
    const told = [
      ...words.filter((word) => wanted.has(word)),
      ...names.filter((name) => text.includes(latin1(name))),
    ];
    if (told.length > 0) hits[path] = told;
  }
  return hits;
}

test("no file of the managers' or directors' site names a lease, a household, a dwelling, an entry or a person", async () => {
  const wanted = await identifiersOf("is not null");
  expect(wanted.size).toBeGreaterThan(5000);
  const listed = await queryNight(
    workspace,
    "select distinct name_fr from social_teams.household where name_fr is not null order by 1 limit 20",
  );
  const names = listed.map(([name]) => String(name));
  expect(names.length).toBeGreaterThan(5);
  expect(Object.keys(await found("prevention/toutes-les-agences", new Set(), names))).not.toEqual([]);
  for (const site of AGGREGATE) expect(await found(site, wanted, names), site).toEqual({});
});

test("every file of the night's sites belongs to one of them, or is what they all load", async () => {
  const sites = join(workspace, "current", "sites");
  const strange = (await readdir(sites)).filter(
    (name) => !SHARED.includes(name) && !SITES.some((site) => site.split("/")[0] === name),
  );
  expect(strange).toEqual([]);
  expect((await readdir(join(sites, "prevention"))).map((name) => `prevention/${name}`).sort()).toEqual(
    SOCIAL_TEAMS,
  );
});

test("the files of a scope name households of its own agencies, and none of another scope's", async () => {
  const town = "in ('G01', 'G02', 'G03', 'G04', 'G05', 'G06', 'G07')";
  const [own, others] = [await identifiersOf(town), await identifiersOf(`not ${town}`)];
  expect(Object.keys(await found("prevention/ville-et-vallee", own))).not.toEqual([]);
  expect(await found("prevention/ville-et-vallee", others)).toEqual({});
  expect(Object.keys(await found("prevention/plateau-et-littoral", others))).not.toEqual([]);
  expect(await found("prevention/plateau-et-littoral", own)).toEqual({});
});

const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (path.endsWith(".gz")) return gunzipSync(bytes).toString("latin1");
  return (path.endsWith(".br") ? brotliDecompressSync(bytes) : bytes).toString("latin1");
}
