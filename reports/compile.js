/**
 * Compiles all pages once, without any data, in the current folder, which becomes a project of SvelteKit: the pages under
 * the names that SvelteKit looks for, and what they are made of. Leaves `compiled/` (see adapter.js), with the queries of
 * each page by its route. Run by pipelines/publish/compile-process.ts.
 */
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { queriesOf } from "./evidence-pages.js";

// The parent holds the other end of this channel: when it dies, by whatever signal, so does this process.
process.on("disconnect", () => process.exit(1));
// It may have died while this program was being loaded.
if (!process.connected) process.exit(1);

const reports = dirname(fileURLToPath(import.meta.url));

/** Where SvelteKit looks for the page that Evidence calls `page`. */
const routeFile = (page) => {
  if (!page.endsWith(".md")) return page;
  const folder = basename(page) === "index.md" ? dirname(page) : page.slice(0, -".md".length);
  return join(folder, "+page.md");
};

const queries = {};
const pages = await readdir(join(reports, "pages"), { recursive: true, withFileTypes: true });
for (const entry of pages.filter((page) => page.isFile())) {
  const file = join(entry.parentPath, entry.name);
  const route = routeFile(relative(join(reports, "pages"), file));
  const target = join("src/pages", route);
  await mkdir(dirname(target), { recursive: true });
  await cp(file, target);
  if (file.endsWith(".md")) queries[`/${dirname(route)}`] = queriesOf(await readFile(file, "utf8"));
}
for (const part of ["components", "static", "app.html", "hooks.server.js"])
  await cp(join(reports, part), join("src", part), { recursive: true });
for (const part of ["node_modules", "svelte.config.js", "package.json"])
  await symlink(join(reports, part), part);

await build({ configFile: join(reports, "vite.config.js"), root: process.cwd() });
await writeFile("compiled/queries.json", JSON.stringify(queries));
process.exit(0);
