/**
 * Renders the pages of the compiled site that stands in the current folder's `.svelte-kit/output`, from the data in
 * `static/data`. Run by pipelines/publish/site.ts, which is sent the number of pages.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { prerenderPages } from "./sveltekit.js";

// The parent holds the other end of this channel: when it dies, by whatever signal, so does this process.
process.on("disconnect", () => process.exit(1));

const metadata = JSON.parse(await readFile("metadata.json", "utf8"));
// A page for each agency is no fault of the site when there is no agency.
for (const [id, route] of metadata.routes) {
  if (id.includes("[") && route.prerender === true) route.prerender = "auto";
}
const pages = await prerenderPages(resolve(".svelte-kit/output"), metadata);
process.send({ pages }, () => process.exit(0));
