/**
 * Compiles the site whose prepared template is the current folder, and writes what a later render needs into
 * `compiled/`: client files, server files and the routes' metadata. Run by pipelines/publish/site.ts.
 */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { build } from "vite";
import { analyseRoutes } from "./sveltekit.js";

// The parent holds the other end of this channel: when it dies, by whatever signal, so does this process.
process.on("disconnect", () => process.exit(1));

await build({ configFile: resolve("vite.config.js"), root: process.cwd() });

const output = resolve(".svelte-kit/output");
const compiled = resolve("compiled");
await rm(compiled, { recursive: true, force: true });
await mkdir(compiled);
await cp(`${output}/server`, `${compiled}/server`, { recursive: true });
const leftOut = [`${output}/client/data`, `${output}/client/.vite`];
await cp(`${output}/client`, `${compiled}/client`, {
  recursive: true,
  filter: (source) => !leftOut.includes(source),
});
await writeFile(`${compiled}/metadata.json`, JSON.stringify(await analyseRoutes(output)));
process.exit(0);
