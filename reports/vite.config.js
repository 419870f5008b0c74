import { sveltekit } from "@sveltejs/kit/vite";

/** Few files for a reader to fetch: what all pages are made of in one, what only charts need in another. */
const manualChunks = (id) => {
  if (/\/node_modules\/(?:echarts|zrender|tslib)\/|\/components\/echarts\.js$/.test(id)) return "charts";
  if (/\/node_modules\/|\/src\/components\//.test(id)) return "components";
  return undefined;
};

/** @type {import("vite").UserConfig} */
export default {
  logLevel: "error",
  plugins: [sveltekit()],
  // The server's code stands alone: it runs where no package is at hand.
  ssr: { noExternal: true },
  build: { rollupOptions: { output: { manualChunks } } },
};
