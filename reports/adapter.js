import { cp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/**
 * SvelteKit's adapter: leaves in `compiled/` what the night renders pages with (pipelines/publish/compiled-pages.ts): the
 * server's code and its manifest, the browser's code, compressed beside, and Vite's list of what each file of it imports.
 *
 * @type {import("@sveltejs/kit").Adapter}
 */
export const keepCompiled = {
  name: "vigie",
  async adapt(builder) {
    const compiled = resolve("compiled");
    builder.rimraf(compiled);
    builder.writeServer(join(compiled, "server"));
    builder.writeClient(join(compiled, "client"));
    await builder.compress(join(compiled, "client"));
    await cp(join(builder.getClientDirectory(), ".vite/manifest.json"), join(compiled, "client-files.json"));
    const manifest = builder.generateManifest({ relativePath: "./" });
    await writeFile(join(compiled, "server", "manifest.js"), `export const manifest = ${manifest};\n`);
  },
};
