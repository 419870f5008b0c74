import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simulate } from "../../data-samples/simulator/simulate.ts";
import { SITES, type Site } from "../../pipelines/publish/sites.ts";
import { type Serving, serve } from "../../pipelines/serve/server.ts";
import { openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
import { launchBrowser } from "../browser.ts";
import { everything, MISSING, WIDTHS } from "../reports/site-visits.ts";
import { runCli } from "../run-cli.ts";
import { queryNight } from "../tiny-landlord.ts";

let folder = "";
let workspace = "";
let serving: Serving;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-published-"));
  workspace = join(folder, "landlord");
  await simulate({ dwellings: 600, months: 30, seed: 3, out: workspace });
  const run = await runCli(["nightly", "--workspace", workspace]);
  expect(run.exitCode, run.errors).toBe(0);
  serving = await serve({ workspace, port: 0, log: () => undefined });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await serving?.close();
  await rm(folder, { recursive: true, force: true });
});

/** 0.0497 as the screen writes it: 5,0 %, with the spaces that the test compares as one. */
const percent = (ratio: unknown) => `${(100 * Number(ratio)).toFixed(1).replace(".", ",")} %`;
const plain = (text: string | null) => (text ?? "").replaceAll(/\s+/g, " ");
const address = (site: Site, path: string) =>
  new URL(path, serving.sites.find(({ name }) => name === site)?.url).href;

test("each audience has a site of its own, on a port of its own, and a page lists them", async () => {
  expect(serving.sites.map(({ name }) => name).sort()).toEqual([...SITES].sort());
  expect(new Set([serving.url, ...serving.sites.map(({ url }) => url)]).size).toBe(SITES.length + 1);
  const list = await (await fetch(serving.url)).text();
  for (const { url } of serving.sites) expect(list).toContain(url);
});

const pages = {
  managers: [
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
  directors: [
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
} as const satisfies Record<Site, readonly string[]>;

describe("the demonstration landlord's sites, at 1280 and 390 pixels", () => {
  test.concurrent.each(SITES.flatMap((site) => pages[site].map((path) => [site, path] as const)))(
    "%s %s: no error, nothing from outside, dated, nothing undefined",
    async (site, path) => {
      const context = await browser.newContext({
        viewport: { width: WIDTHS[0], height: 900 },
        locale: "fr-FR",
      });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("request", (request) => {
        if (!request.url().startsWith(address(site, "/"))) problems.push(request.url());
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
    },
  );
});

test("every link of a page of alerts, indicators, agencies or objectives leads to a page", async () => {
  for (const [site, path] of [
    ["managers", "/alertes/"],
    ["managers", "/indicateurs/"],
    ["managers", "/agences/"],
    ["directors", "/agences/"],
    ["directors", "/objectifs/"],
  ] as const) {
    const html = await (await fetch(address(site, path))).text();
    const links = new Set([...html.matchAll(/href="(\/[a-z][^"]*\/)"/g)].map(([, link]) => link ?? ""));
    expect(links.size).toBeGreaterThan(8);
    for (const link of links) expect((await fetch(address(site, link))).status, `${site} ${link}`).toBe(200);
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
  await page.goto(address("managers", "/"), { waitUntil: "networkidle" });
  const text = plain(await page.locator("body").innerText());
  for (const [label, value] of figures) {
    expect(text).toContain(plain(String(label)));
    if (value !== null) expect(text).toContain(percent(value));
  }
  await page.close();
});

test("no file of either site names a lease, a household, a dwelling, an entry or a person", async () => {
  const identifiers = await queryNight(
    workspace,
    `select lease_id from ledger.lease union all select household_id from ledger.lease union all select dwelling_id from ledger.lease
     union all select id from ledger.entry union all select email from contract.household_contact
     union all select phone from contract.household_contact`,
  );
  const wanted = new Set(identifiers.map(([id]) => String(id)).filter((id) => id.length >= 8));
  expect(wanted.size).toBeGreaterThan(5000);
  for (const site of SITES) {
    const root = join(workspace, "current", "sites", site);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile());
    expect(names.length).toBeGreaterThan(50);
    for (const entry of names) {
      const path = join(entry.parentPath, entry.name);
      const text = entry.name.endsWith(".parquet") ? await textOfParquet(path, root) : await textOf(path);
      const words = [...text.matchAll(/[\w-]{8,}|[\w.+-]+@[\w.-]+/g)].map(([word]) => word);
      expect(
        words.filter((word) => wanted.has(word)),
        path,
      ).toEqual([]);
    }
  }
});

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (path.endsWith(".gz")) return gunzipSync(bytes).toString("latin1");
  return (path.endsWith(".br") ? brotliDecompressSync(bytes) : bytes).toString("latin1");
}

/** The rows of a Parquet file as text: its pages are compressed, a search of its bytes would prove nothing. */
async function textOfParquet(path: string, folder: string): Promise<string> {
  const database = await openDatabase(":memory:", { readableFolders: [folder] });
  const reader = await database.connection.runAndReadAll(
    `select t::varchar from read_parquet(${quoteText(path)}) as t`,
  );
  const text = reader.getRowsJson().join("\n");
  database.close();
  return text;
}
