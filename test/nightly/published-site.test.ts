import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simulate } from "../../data-samples/simulator/simulate.ts";
import { type Serving, serve } from "../../pipelines/serve/server.ts";
import { openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
import { launchBrowser } from "../browser.ts";
import { runCli } from "../run-cli.ts";
import { queryNight } from "../tiny-landlord.ts";

let folder = "";
let workspace = "";
let site: Serving;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-published-"));
  workspace = join(folder, "landlord");
  await simulate({ dwellings: 600, months: 30, seed: 3, out: workspace });
  const run = await runCli(["nightly", "--workspace", workspace]);
  expect(run.exitCode, run.errors).toBe(0);
  site = await serve({ workspace, port: 0, log: () => undefined });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

/** 0.0497 as the screen writes it: 5,0 %, with the spaces that the test compares as one. */
const percent = (ratio: unknown) => `${(100 * Number(ratio)).toFixed(1).replace(".", ",")} %`;
const plain = (text: string | null) => (text ?? "").replaceAll(/\s+/g, " ");

describe.each([1280, 390])("the demonstration landlord's site at %i pixels", (width) => {
  test.each([
    "/",
    "/anciennete/",
    "/agences/",
    "/agences/G09/",
    "/indicateurs/share_3_terms/",
    "/donnees/",
    "/lexique/",
  ])("%s: no error, nothing from outside, dated, nothing undefined", async (path) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "fr-FR" });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on(
      "request",
      (request) => request.url().startsWith(site.url.slice(0, -1)) || problems.push(request.url()),
    );
    const response = await page.goto(new URL(path, site.url).href, { waitUntil: "networkidle" });
    expect(response?.status()).toBe(200);
    const text = plain(await page.locator("body").innerText());
    expect(text).toContain("Données au 15 novembre 2026");
    expect(text).not.toMatch(/\b(?:NaN|undefined|null)\b/);
    expect(problems).toEqual([]);
    await context.close();
  });
});

test("the figures on the page are the warehouse's", async () => {
  const figures = await queryNight(
    workspace,
    `select label_fr, value from kpi.indicator_month join kpi.indicator using (indicator_id)
     where headline and level = 'company' and month = (select max(month) from arrears.closing where not is_partial)`,
  );
  expect(figures).toHaveLength(4);
  const page = await browser.newPage();
  await page.goto(site.url, { waitUntil: "networkidle" });
  const text = plain(await page.locator("body").innerText());
  for (const [label, value] of figures) {
    expect(text).toContain(plain(String(label)));
    if (value !== null) expect(text).toContain(percent(value));
  }
  await page.close();
});

test("no file of the site names a lease, a household or a dwelling", async () => {
  const identifiers = await queryNight(
    workspace,
    `select lease_id from ledger.lease union all select household_id from ledger.lease union all select dwelling_id from ledger.lease`,
  );
  const longEnough = identifiers.map(([id]) => String(id)).filter((id) => id.length >= 8);
  expect(longEnough.length).toBeGreaterThan(1000);
  const root = join(workspace, "current", "sites", "managers");
  const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(names.length).toBeGreaterThan(50);
  const wanted = new Set(longEnough);
  for (const entry of names) {
    const path = join(entry.parentPath, entry.name);
    const text = entry.name.endsWith(".parquet") ? await textOfParquet(path, root) : await textOf(path);
    const found = [...text.matchAll(/[A-Z]-[A-Z0-9-]{6,}/g)]
      .map(([word]) => word)
      .filter((word) => wanted.has(word));
    expect(found, entry.name).toEqual([]);
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
