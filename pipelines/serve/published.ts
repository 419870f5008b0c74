import { type Stats, statSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { UserError } from "../user-error.ts";
import { currentNight, type NightFolder, openWorkspace } from "../workspace.ts";

/** What a request path stands for among the sites of a night. */
export type Found =
  | { kind: "file"; path: string; stats: Stats }
  | { kind: "redirect"; to: string }
  | { kind: "nothing" };

/**
 * Where the sites of the last good night begin, sorted: `pilotage`, `prevention/ville-et-vallee`.
 *
 * @throws UserError when the workspace does not exist, has no published night, or its night has no site.
 */
export async function publishedSites(workspace: string): Promise<string[]> {
  if (statSync(workspace, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(`There is no workspace in ${workspace}`, "Make it with: npm run nightly");
  }
  const night = await currentNight(openWorkspace(workspace));
  if (night === undefined) {
    throw new UserError(
      `No night has been published in ${workspace} yet`,
      "Run one on the same workspace with: npm run nightly",
    );
  }
  const sites = await siteFolders(night);
  if (sites.length === 0) {
    throw new UserError(
      `Night ${night.number} of ${workspace} has no site`,
      "Publish them with: npm run nightly",
    );
  }
  return sites;
}

/**
 * Finds what a decoded URL path (starting with `/`) stands for among the sites of one night: a file; a page kept as
 * `<path>.html`; or a folder with an `index.html`, to which a path without its last `/` is redirected. A path with `..`,
 * empty or hidden segments, or one whose file lies outside the sites, finds nothing.
 */
export async function findInSites(night: NightFolder, path: string): Promise<Found> {
  if (!isPlain(path)) return { kind: "nothing" };
  const candidates = path.endsWith("/")
    ? [`${path}index.html`, `${path.slice(0, -1)}.html`]
    : [path, `${path}.html`];
  for (const candidate of candidates) {
    const stats = await fileInside(night.sites, candidate);
    if (stats !== undefined) return { kind: "file", path: candidate, stats };
  }
  if (!path.endsWith("/") && (await fileInside(night.sites, `${path}/index.html`)) !== undefined) {
    return { kind: "redirect", to: `${path}/` };
  }
  return { kind: "nothing" };
}

/** The words of a site's `<title>` as they stand in its first page (HTML), or its address. */
export async function siteTitle(night: NightFolder, site: string): Promise<string> {
  const page = await readFile(join(night.sites, site, "index.html"), "utf8").catch(() => "");
  const title = /<title>([^<]*)<\/title>/i.exec(page)?.[1]?.trim();
  return title === undefined || title === "" ? site : title;
}

/** Where the sites of a night begin: the folders with a first page, one or two levels down, and none below another. */
export async function siteFolders(night: NightFolder): Promise<string[]> {
  const folders = async (path: string): Promise<string[]> => {
    const entries = await readdir(join(night.sites, path), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => posix.join(path, name));
  };
  const isSite = async (path: string) => (await fileInside(night.sites, `/${path}/index.html`)) !== undefined;
  try {
    const sites: string[] = [];
    for (const path of await folders(".")) {
      if (await isSite(path)) sites.push(path);
      else for (const below of await folders(path)) if (await isSite(below)) sites.push(below);
    }
    return sites.sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isPlain(path: string): boolean {
  if (path.includes("\0") || path.includes("\\") || posix.normalize(path) !== path) return false;
  return !path.split("/").some((segment) => segment.startsWith("."));
}

async function fileInside(root: string, path: string): Promise<Stats | undefined> {
  try {
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep)) return undefined;
    const stats = await stat(file);
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "ELOOP";
}
