/**
 * The two steps of SvelteKit's own build that follow its compilation. They are not part of its public interface, so
 * they are imported by path: package.json pins the version.
 */
import { pathToFileURL } from "node:url";
import analyse from "./node_modules/@sveltejs/kit/src/core/postbuild/analyse.js";
import prerender from "./node_modules/@sveltejs/kit/src/core/postbuild/prerender.js";

/** What SvelteKit knows of the routes compiled in `output`, as JSON: { nodes, routes: [id, route][] }. */
export const analyseRoutes = async (output) => {
  const manifest_path = `${output}/server/manifest-full.js`;
  const { manifest } = await import(pathToFileURL(manifest_path).href);
  const routes = manifest._.routes.map(({ id }) => ({ id }));
  const metadata = await analyse({
    manifest_path,
    manifest_data: { routes, hooks: {} },
    server_manifest: {},
    tracked_features: {},
    env: {},
  });
  return { ...metadata, routes: [...metadata.routes] };
};

/** Renders every page of the site compiled in `output` into `output`/prerendered; returns how many pages. */
export const prerenderPages = async (output, metadata) => {
  const { prerendered } = await prerender({
    out: output,
    manifest_path: `${output}/server/manifest-full.js`,
    metadata: { ...metadata, routes: new Map(metadata.routes) },
    verbose: false,
    env: {},
  });
  return prerendered.pages.size;
};
