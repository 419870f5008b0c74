import { keepCompiled } from "./adapter.js";
import { evidencePages } from "./evidence-pages.js";

/** @type {import("@sveltejs/kit").Config} */
export default {
  extensions: [".svelte", ".md"],
  preprocess: evidencePages,
  onwarn: (warning, warn) => {
    // A name that is nowhere defined is an error of the page, not a matter of taste.
    if (warning.code === "missing-declaration") throw new Error(`${warning.filename}: ${warning.message}`);
    warn(warning);
  },
  kit: {
    adapter: keepCompiled,
    alias: { $components: "src/components" },
    files: { routes: "src/pages", appTemplate: "src/app.html", assets: "src/static" },
    // SvelteKit's own default is the time of the build, which would give every build other file names.
    version: { name: process.env.VIGIE_SITE_KEY ?? "dev" },
  },
};
