import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { SITE_CACHE } from "../../pipelines/project.ts";
import { compiledPages } from "../../pipelines/publish/compiled-pages.ts";
import { openPageServer } from "../../pipelines/publish/page-server.ts";
import { renderSite } from "../../pipelines/publish/site.ts";
import { layFiles } from "../../pipelines/publish/site-files.ts";
import { type Audience, sitesOf } from "../../pipelines/publish/sites.ts";
import { launchBrowser } from "../browser.ts";
import { type SampleOptions, writeSampleExtract } from "./sample-extract.ts";
import { serveFolder } from "./static-server.ts";

/** The widths at which people read: an office screen and a telephone. */
export const WIDTHS = [1280, 390] as const;

/** A page that is open in the browser, loaded, with its charts drawn. */
export interface Visit {
  readonly page: Page;
  /** What the browser complained of, and requests to other places. */
  readonly problems: string[];
  /** Every address asked for. */
  readonly requests: string[];
  /** Where the sample's site begins, without its last `/`. */
  readonly address: string;
}

/** Sites of one audience, each built from a sample extract of its own and served, and a browser to read them. */
export interface SampleSites {
  /** Opens a page of the sample named so. */
  visit(name: string, path: string, width: number): Promise<Visit>;
  /** The text of a page's main part, with all kinds of spaces as one. */
  read(name: string, path: string): Promise<string>;
  /**
   * Opens a page, makes it as wide as each of the widths, and checks what holds for all pages: French, titled, dated, all charts drawn, no wider
   * than the screen, no missing value, no error, nothing asked from outside, no database loaded.
   */
  check(name: string, path: string, title: string, charts: number): Promise<void>;
  /** The folder with the files of the sample named so: its pages, and what they load. */
  folder(name: string): string;
  close(): Promise<void>;
}

/** Every kind of space as one plain space. */
export const plain = (text: string): string => text.replaceAll(/\s+/g, " ");

/** The site of an audience that samples are rendered for; a scope's where there are several. */
export function sampleSite(audience: Audience) {
  const [site] = sitesOf([audience], { exemple: { name: "Exemple", agencies: "all" } });
  if (site === undefined) throw new Error(`no site for ${audience}`);
  return site;
}

/** Writes a sample extract to `extract` and renders its site, with what it loads, to the folder `out`. */
export async function renderSample(
  audience: Audience,
  options: SampleOptions,
  extract: string,
  out: string,
): Promise<{ readonly pages: number; readonly files: readonly string[] }> {
  await writeSampleExtract(extract, { ...options, site: audience });
  const { folder } = await compiledPages(SITE_CACHE);
  const server = await openPageServer(folder);
  const { pages, files } = await renderSite(server, { site: sampleSite(audience), extract, sites: out });
  return { pages, files: await layFiles(folder, files, out) };
}

/** Builds the samples of a site, by name, and opens a browser. The caller closes them. */
export async function openSamples(
  audience: Audience,
  samples: Readonly<Record<string, SampleOptions>>,
): Promise<SampleSites> {
  const folder = await mkdtemp(join(tmpdir(), `vigie-${audience}-`));
  const served = new Map<string, Awaited<ReturnType<typeof serveFolder>>>();
  for (const [name, options] of Object.entries(samples)) {
    const out = join(folder, name);
    await renderSample(audience, options, join(folder, `${name}-extract`), out);
    served.set(name, await serveFolder(out));
  }
  const browser: Browser = await launchBrowser();

  const visit = async (name: string, path: string, width: number): Promise<Visit> => {
    const origin = served.get(name)?.address ?? "";
    const address = `${origin}/${sampleSite(audience).base}`;
    const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "fr-FR" });
    const page = await context.newPage();
    // Ends what hangs: a slow machine may take its time.
    page.setDefaultTimeout(180_000);
    const problems: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      requests.push(request.url());
      if (!request.url().startsWith(origin)) problems.push(`asks for ${request.url()}`);
    });
    await page.goto(`${address}${path}`, { waitUntil: "networkidle" });
    await drawn(page);
    return { page, problems, requests, address };
  };

  return {
    visit,
    read: async (name, path) => {
      const { page } = await visit(name, path, WIDTHS[0]);
      const text = plain(await page.locator("main").innerText());
      await page.context().close();
      return text;
    },
    check: async (name, path, title, charts) => {
      const { page, problems, requests } = await visit(name, path, WIDTHS[0]);
      for (const width of WIDTHS) {
        const where = `${name}${path} at ${width} pixels`;
        await page.setViewportSize({ width, height: 900 });
        await drawn(page);
        expect(await page.locator("html").getAttribute("lang"), where).toBe("fr");
        expect(await page.locator("h1").innerText(), where).toBe(title);
        expect(await page.title(), where).toMatch(/ · Habitat Ligérien \(exemple\)$/);
        expect((await page.title()).split(" · ")[0], where).toBe(title);
        expect(await page.locator(".chart svg").count(), where).toBe(charts);
        const text = await everything(page);
        expect(text, where).toContain("Données au 18 novembre 2026");
        expect(text, where).toContain("Novembre est en cours : chiffres partiels, sans statut.");
        expect(text, where).not.toMatch(MISSING);
        // A chart takes its new width a moment after the window has.
        await page
          .waitForFunction("document.documentElement.scrollWidth <= innerWidth", undefined, {
            timeout: 60_000,
          })
          .catch(() => undefined);
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow, `${where}: pixels wider than the window`).toBe(0);
      }
      expect(problems, `${name}${path}`).toEqual([]);
      // Everything shown stands in the page: it loads what draws it, and no data.
      expect(requests.filter((url) => !/\/(?:[^/]+\.(?:js|css|woff2|svg))?$/.test(url))).toEqual([]);
      await page.context().close();
    },
    folder: (name) => join(folder, name),
    close: async () => {
      await browser.close();
      for (const { close } of served.values()) await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a page shows where a value is missing and nobody thought of it. */
export const MISSING = /.*(?:\b(?:NaN|undefined|null|Infinity|Invalid Date)\b|\[object).*/;

/** Waits until every chart of a page is drawn. */
async function drawn(page: Page): Promise<void> {
  for (const chart of await page.locator(".chart").all()) {
    // Axes and grid alone are fewer lines; a hairline has no area, hence "attached".
    await chart.locator("svg path").nth(6).waitFor({ state: "attached" });
  }
}

/** All words of a page, folded ones and those for people who do not see included. */
export async function everything(page: Page): Promise<string> {
  await page.locator("details").evaluateAll((all) => {
    for (const details of all) details.setAttribute("open", "");
  });
  const labels = await page
    .locator("[aria-label]")
    .evaluateAll((elements) => elements.map((element) => element.getAttribute("aria-label")));
  return [await page.title(), await page.locator("body").innerText(), ...labels].join("\n");
}
