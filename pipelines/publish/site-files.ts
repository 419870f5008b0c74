import { cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

/** Vite's own list: each source's file, and what that file imports, now or later, and what it brings along. */
const clientFiles = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    dynamicImports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
    assets: z.array(z.string()).default([]),
    isEntry: z.boolean().default(false),
  }),
);

/** SvelteKit's root layout and error page, which every page loads. */
const OF_EVERY_PAGE = /\/nodes\/[01]\.js$/;

/**
 * Copies what the pages of a night's sites load, and no other file of the compilation, beside them and once for all of
 * them: the files that the pages name, and what those load in turn. The compressed copies go along.
 *
 * @param named paths that pages name, from the folder of all sites: `_app/immutable/…`, `icon.svg`.
 * @returns the files copied, compressed copies apart.
 * @throws Error when a page names a file that the compilation does not have.
 */
export async function layFiles(
  compiled: string,
  named: ReadonlySet<string>,
  sites: string,
): Promise<string[]> {
  const list = clientFiles.parse(JSON.parse(await readFile(join(compiled, "client-files.json"), "utf8")));
  const byFile = new Map(Object.entries(list).map(([source, entry]) => [entry.file, { source, ...entry }]));
  const reached = new Set(named);
  // A set is walked in the order of insertion, files found meanwhile included.
  for (const file of reached) {
    const entry = byFile.get(file);
    if (entry === undefined) continue;
    // The list of all routes of all audiences names every page of them: those count that some page names itself.
    const later = entry.dynamicImports.filter(
      (source) => list[source]?.isEntry !== true || OF_EVERY_PAGE.test(source),
    );
    for (const source of [...entry.imports, ...later]) reached.add(list[source]?.file ?? source);
    for (const asset of [...entry.css, ...entry.assets]) reached.add(asset);
  }
  for (const file of reached) {
    if (file.endsWith(".css")) for (const asset of await assetsOf(compiled, file)) reached.add(asset);
  }
  for (const file of reached) {
    await mkdir(dirname(join(sites, file)), { recursive: true });
    await cp(join(compiled, "client", file), join(sites, file));
    for (const coding of [".br", ".gz"])
      await cp(join(compiled, "client", file + coding), join(sites, file + coding)).catch(ignoreMissing);
  }
  return [...reached].sort();
}

/** The fonts and pictures that a style sheet names. */
async function assetsOf(compiled: string, sheet: string): Promise<string[]> {
  const text = await readFile(join(compiled, "client", sheet), "utf8");
  return [...text.matchAll(/url\((?!data:)["']?([^"')]+)/g)].map(([, url = ""]) => join(dirname(sheet), url));
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
