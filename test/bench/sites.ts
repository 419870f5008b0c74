import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { DEMONSTRATION, SITE_CACHE } from "../../pipelines/project.ts";
import { compiledPages } from "../../pipelines/publish/compiled-pages.ts";
import { openNightSites } from "../../pipelines/publish/night-sites.ts";
import { openPageTables } from "../../pipelines/publish/page-rows.ts";
import { AUDIENCES, type Site, schemaOf, sitesOf } from "../../pipelines/publish/sites.ts";
import { readStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { currentNight, openWorkspace } from "../../pipelines/workspace.ts";
import { machine } from "./machine.ts";

// What a night spends on its sites when no page has changed: all sites of the last good night of --workspace, rendered again from its extracts.
// --scopes asks for so many sites « Prévention »: those of the strategy, again and again. The floor reads the same extracts and
// writes the same bytes to the disk, and does nothing else.

const { values } = parseArgs({
  options: {
    workspace: { type: "string", default: DEMONSTRATION },
    scopes: { type: "string", default: "5" },
  },
});
const workspace = openWorkspace(values.workspace);
const night = await currentNight(workspace);
if (night === undefined) throw new Error(`${values.workspace} has no night yet: npm run nightly`);
const { scopes } = await readStrategy(workspace.strategyFile);
const own = sitesOf(AUDIENCES, scopes);
const named = own.filter(({ scope }) => scope !== undefined);
const copies = Array.from({ length: Number(values.scopes) }, (_, index): Site => {
  const site = named[index % named.length];
  if (site === undefined) throw new Error("the strategy has no scope");
  return site;
});
const sites = [...own.filter(({ scope }) => scope === undefined), ...copies];
const out = await mkdtemp(join(tmpdir(), "vigie-bench-sites-"));
try {
  await compiledPages(SITE_CACHE);
  const spent = process.cpuUsage();
  let pages = 0;
  for (const [index, site] of sites.entries()) {
    // Each in a folder of its own: the same scope may come again.
    const opened = await openNightSites(SITE_CACHE, join(out, String(index)));
    pages += (await opened.render(site, join(night.extracts, site.name))).rows;
    await opened.layFiles();
  }
  const processor = seconds(process.cpuUsage(spent));
  const files = await filesOf(out);
  // A night lays down once what its sites share.
  const laid = new Map(
    files.map((file) => [relative(out, file.path).replace(/^\d+\/(?=_app\/|icon)/, ""), file]),
  );
  const floor = await measureFloor(files);
  console.log(
    JSON.stringify({
      sites: sites.length,
      pages,
      files: laid.size,
      megabytes: Math.round([...laid.values()].reduce((sum, { bytes }) => sum + bytes, 0) / 1e5) / 10,
      processor_seconds: processor,
      floor_processor_seconds: floor,
      ratio_to_floor: Math.round((processor / floor) * 10) / 10,
      peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
      machine: machine(),
    }),
  );
} finally {
  await rm(out, { recursive: true, force: true });
}

async function measureFloor(files: readonly { path: string }[]): Promise<number> {
  const texts = await Promise.all(files.map(async ({ path }) => ({ path, bytes: await readFile(path) })));
  const spent = process.cpuUsage();
  for (const site of sites) {
    const extract = join(night?.extracts ?? "", site.name);
    (await openPageTables(extract, schemaOf(site.audience))).close();
  }
  for (const { path, bytes } of texts) {
    const copy = join(out, "floor", relative(out, path));
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, bytes);
  }
  return seconds(process.cpuUsage(spent));
}

async function filesOf(root: string): Promise<{ path: string; bytes: number }[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}

function seconds({ user, system }: NodeJS.CpuUsage): number {
  return Math.round((user + system) / 10_000) / 100;
}
