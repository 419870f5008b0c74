import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../steps.ts";
import { openPageTables } from "./page-rows.ts";
import type { PageServer } from "./page-server.ts";
import { type Site, schemaOf } from "./sites.ts";

/** A site to render, and where. */
export interface SiteBuild {
  readonly site: Site;
  /** Folder with one Parquet file a table; the pages see it as the audience's schema. */
  readonly extract: string;
  /** The folder of all sites of the night: this one goes to `<sites>/<base>/`. */
  readonly sites: string;
  /** Is told how many pages are rendered, of how many known so far. */
  readonly progress?: Progress;
}

/** A site on the disk. */
export interface RenderedSite {
  readonly pages: number;
  /** The files that its pages name, as paths from the folder of all sites: scripts, styles, icon. */
  readonly files: ReadonlySet<string>;
}

/**
 * Renders every page of one site from its extract and nothing else: the first one, then each page of the site that a
 * page links to. Each holds its own data, and asks for none.
 *
 * @throws Error naming the page that fails, or that links to a page of the site that does not exist.
 */
export async function renderSite(server: PageServer, build: SiteBuild): Promise<RenderedSite> {
  const { site, sites, progress } = build;
  const tables = await openPageTables(build.extract, schemaOf(site.audience));
  try {
    const first = `/${site.base}/`;
    const linkedFrom = new Map<string, string>([[first, first]]);
    const files = new Set<string>();
    let done = 0;
    // A map is walked in the order of insertion, pages found meanwhile included.
    for (const [address, from] of linkedFrom) {
      const html = await server.render(address, tables);
      if (html === undefined) throw new Error(`${from} links to ${address}, which is no page`);
      for (const link of linksOf(html, address)) {
        if (link.startsWith(first) && link.endsWith("/")) {
          if (!linkedFrom.has(link)) linkedFrom.set(link, address);
        } else if (SHARED.test(link)) files.add(link.slice(1));
        else throw new Error(`${address} links to ${link}, which is neither a page of this site nor a file`);
      }
      const folder = join(sites, decodeURI(address));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "index.html"), html);
      done += 1;
      progress?.(done, linkedFrom.size, `/${site.base}/, page`);
    }
    return { pages: done, files };
  } finally {
    tables.close();
  }
}

/** What all sites load: scripts, styles, fonts, the icon. */
const SHARED = /^\/(?:_app\/|icon\.svg$)/;

/** What a page links to or loads, as addresses without query and fragment. */
function linksOf(html: string, address: string): Set<string> {
  const here = new URL(address, "http://vigie.invalid");
  const links = new Set<string>();
  // Within a tag alone: a text of the page may look like one, and is none.
  for (const [, link = ""] of html.matchAll(/<[a-z]+\s(?:[^<>"]|"[^"]*")*?(?<=\s)(?:href|src)="([^"#?]+)/g)) {
    const to = new URL(link.replaceAll("&amp;", "&"), here);
    if (to.origin === here.origin) links.add(to.pathname);
  }
  return links;
}
