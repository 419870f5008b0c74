import type { Progress } from "../steps.ts";
import { compiledPages } from "./compiled-pages.ts";
import { openPageServer } from "./page-server.ts";
import { renderSite } from "./site.ts";
import { layFiles } from "./site-files.ts";
import type { Site } from "./sites.ts";

/** The sites of one night, rendered one after the other. */
export interface NightSites {
  /** Renders the pages of a site from the extract in the folder `extract`, and tells how many. */
  render(site: Site, extract: string, progress?: Progress): Promise<{ readonly rows: number }>;
  /** Lays down what all the pages rendered so far load, once for all sites, and tells how many files. */
  layFiles(): Promise<{ readonly rows: number }>;
}

/**
 * Opens the folder in which a night's sites are rendered: `<folder>/pilotage/…`, `<folder>/prevention/<scope>/…`, and
 * `<folder>/_app/` for all of them. Their pages are compiled first if they changed since they were compiled into `cache`.
 *
 * @param log is told, in one line, when they have to be compiled.
 */
export async function openNightSites(
  cache: string,
  folder: string,
  log?: (line: string) => void,
): Promise<NightSites> {
  const compiled = await compiledPages(cache, log);
  const server = await openPageServer(compiled.folder);
  const named = new Set<string>();
  return {
    async render(site, extract, progress) {
      const { pages, files } = await renderSite(server, {
        site,
        extract,
        sites: folder,
        ...(progress === undefined ? {} : { progress }),
      });
      for (const file of files) named.add(file);
      return { rows: pages };
    },
    async layFiles() {
      return { rows: (await layFiles(compiled.folder, named, folder)).length };
    },
  };
}
