import { cp, mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page, Request, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCES, type Audience } from "../../pipelines/publish/sites.ts";
import { type Serving, serve } from "../../pipelines/serve/server.ts";
import { launchBrowser } from "../browser.ts";
import { renderSample, sampleSite } from "./site-visits.ts";

/**
 * A page is whole as it was rendered: whatever happens to the files that it loads, and whatever night takes the place of its
 * own meanwhile, its words stay what they were. Of every route of reports/pages/, one page.
 */
const PAGES: Readonly<Record<Audience, readonly string[]>> = {
  managers: [
    "/",
    "/alertes/",
    "/alertes/arrears_rate~2f.A02~2f.level_red~2f.2026-05/",
    "/indicateurs/",
    "/indicateurs/share_3_terms/",
    "/agences/",
    "/agences/A02/",
    "/anciennete/",
    "/parcours/",
    "/principal-et-frais/",
    "/donnees/",
    "/lexique/",
  ],
  directors: [
    "/",
    "/actions/",
    "/agences/",
    "/agences/share_3_terms/",
    "/cout/",
    "/donnees/",
    "/fusions/",
    "/lexique/",
    "/objectifs/",
    "/objectifs/share_3_terms/",
    "/prevention/",
    "/prevention/manieres-de-payer/",
    "/prevention/modele/",
    "/principal-et-frais/",
  ],
  "social-teams": ["/", "/lexique/", "/modele/", "/resultats/", "/segments/"],
};
const ALL = AUDIENCES.flatMap((audience) =>
  PAGES[audience].map((path) => `/${sampleSite(audience).base}${path}`),
);

let folder = "";
let workspace = "";
let serving: Serving;
let browser: Browser;

/** Two nights of different landlords and figures, so that a word of the one on a page of the other is seen. */
const NIGHTS = {
  "000001": { landlord: "Habitat de Loire", scope: "loire" },
  "000002": { landlord: "Vilaine Habitat", scale: 1.7, scope: "vilaine" },
} as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-whole-pages-"));
  workspace = join(folder, "landlord");
  for (const [night, { scope, ...options }] of Object.entries(NIGHTS)) {
    const sites = join(workspace, "nights", night, "sites");
    for (const audience of AUDIENCES) {
      const own = audience === "social-teams" ? { ...options, scope } : options;
      const out = join(folder, `${night}-${audience}`);
      await renderSample(audience, own, join(folder, `${night}-${audience}-extract`), out);
      await mkdir(sites, { recursive: true });
      await cp(out, sites, { recursive: true });
    }
  }
  await makeCurrent("000001");
  serving = await serve({ workspace, port: 0, log: () => undefined });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await serving?.close();
  await rm(folder, { recursive: true, force: true });
});

async function makeCurrent(night: keyof typeof NIGHTS): Promise<void> {
  const next = join(workspace, "current.next");
  await symlink(join("nights", night), next);
  await rename(next, join(workspace, "current"));
}

/** A page that asks for nothing for so long, in milliseconds, has all that it will have. */
const QUIET = 120;

/** Opens a page, its other requests going through `answer`, until nothing more is asked for. */
async function open(path: string, answer: (route: Route) => Promise<void>): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "fr-FR" });
  page.setDefaultTimeout(180_000);
  const waiting = new Set<string>();
  let last = Date.now();
  const ended = (request: Request) => {
    waiting.delete(request.url());
    last = Date.now();
  };
  page.on("request", (request) => waiting.add(request.url()));
  page.on("requestfinished", ended).on("requestfailed", ended);
  await page.route(
    (url) => !url.pathname.endsWith("/"),
    (route) => answer(route),
  );
  await page.goto(new URL(path, serving.url).href, { waitUntil: "load" });
  while (waiting.size > 0 || Date.now() - last < QUIET) await page.waitForTimeout(QUIET / 4);
  return page;
}

/**
 * All words of a page, folded ones too, but for what is drawn in a chart's box, or said there when it cannot be. Spaces between
 * elements are no words: the same page has more of them as a file than once its script runs.
 */
async function wordsOf(page: Page): Promise<string> {
  const words = await page.evaluate(`{
    const body = document.body.cloneNode(true);
    for (const element of body.querySelectorAll("script, .chart, .failed")) element.remove();
    const labels = [...body.querySelectorAll("[aria-label]")].map((element) => element.getAttribute("aria-label"));
    [document.title, body.textContent, ...labels].join(" ");
  }`);
  await page.close();
  return String(words).replaceAll(/\s+/g, "");
}

/** Where two texts begin to differ, with some words around; undefined where they are the same. */
function difference(one: string, other: string): readonly string[] | undefined {
  if (one === other) return undefined;
  let at = 0;
  while (one[at] === other[at]) at += 1;
  return [one, other].map((text) => text.slice(Math.max(0, at - 40), at + 40));
}

/** What each page says when nothing goes wrong. */
const said = new Map<string, string>();

describe("whichever file answers 503, a page says the same, and charts that cannot draw leave their table", () => {
  test.concurrent.each(ALL)("%s", async (path) => {
    const asked = new Set<string>();
    const sound = await open(path, async (route) => {
      asked.add(new URL(route.request().url()).pathname);
      await route.continue();
    });
    const charts = await sound.locator(".chart").count();
    const words = await wordsOf(sound);
    said.set(path, words);
    expect(words).toContain("Donnéesau18novembre2026");
    // Scripts, styles, fonts, the icon: nothing that holds data.
    const known = /^\/(?:_app\/immutable\/.+\.(?:js|css|woff2)|icon\.svg)$/;
    expect([...asked].filter((file) => !known.test(file))).toEqual([]);
    expect([...asked].filter((file) => file.endsWith(".js")).length).toBeGreaterThan(3);

    for (const failing of asked) {
      const page = await open(path, (route) =>
        new URL(route.request().url()).pathname === failing
          ? route.fulfill({ status: 503, contentType: "text/html", body: "Service indisponible" })
          : route.continue(),
      );
      const tables = await page.locator("details", { hasText: "Voir les chiffres" }).count();
      expect(tables, failing).toBeGreaterThanOrEqual(charts);
      // A chart says that it cannot be drawn where its script is what fails, and nowhere else; its table stands open then.
      const undrawn = /\/charts\.[^/]+\.js$/.test(failing) ? charts : 0;
      const told = page.getByText("Le graphique n’a pas pu s’afficher.");
      const opened = page.locator(".failed ~ details[open]");
      // A page that has all that it asks for may still be about to say so.
      if (undrawn > 0) await opened.nth(undrawn - 1).waitFor({ state: "attached" });
      expect([await told.count(), await opened.count()], failing).toEqual([undrawn, undrawn]);
      expect(difference(await wordsOf(page), words), `${path} without ${failing}`).toBeUndefined();
    }
  });
});

describe("when another night takes the place of its own while it loads, a page says the same", () => {
  test.each(ALL)("%s", async (path) => {
    const words = said.get(path) ?? (await wordsOf(await open(path, (route) => route.continue())));
    try {
      let switched: Promise<void> | undefined;
      const page = await open(path, async (route) => {
        switched ??= makeCurrent("000002");
        await switched;
        await route.continue();
      });
      expect(switched).toBeDefined();
      expect(difference(await wordsOf(page), words)).toBeUndefined();
      // The other night does tell something else, and is the one that answers by now.
      expect(words).toContain("HabitatdeLoire");
      const html = await (await fetch(new URL(path, serving.url))).text();
      expect(html).toContain("Vilaine Habitat");
      expect(html).not.toContain("Habitat de Loire");
    } finally {
      await makeCurrent("000001");
    }
  });
});
