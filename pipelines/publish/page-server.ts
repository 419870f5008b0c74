import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { PageTables } from "./page-rows.ts";

/** SvelteKit's server, as its adapters use it, and what our pages need of the platform it runs on. */
interface KitServer {
  init(options: { env: Record<string, string> }): Promise<void>;
  respond(
    request: Request,
    options: { platform: Platform; getClientAddress: () => string },
  ): Promise<Response>;
}

interface Platform {
  /** Asked by reports/pages/+layout.server.js. */
  answer(route: string, parameters: Readonly<Record<string, string>>): Promise<unknown>;
  /** Told by reports/hooks.server.js. */
  fail(error: unknown): void;
}

const serverModule = z.object({
  Server: z.custom<new (manifest: unknown) => KitServer>((value) => typeof value === "function"),
});
const manifestModule = z.object({ manifest: z.unknown() });
const queriesFile = z.record(z.string(), z.record(z.string(), z.string()));

/** Renders pages of one compilation from the tables of a site. */
export interface PageServer {
  /**
   * The page at an address such as `/pilotage/alertes/` as HTML, or undefined where there is none.
   *
   * @throws Error naming the address, when a query or a component fails.
   */
  render(address: string, tables: PageTables): Promise<string | undefined>;
}

/** Opens the server's code of a compilation (see compiled-pages.ts), which runs in this process. */
export async function openPageServer(folder: string): Promise<PageServer> {
  const load = async (file: string): Promise<unknown> =>
    import(pathToFileURL(join(folder, "server", file)).href);
  const { Server } = serverModule.parse(await load("index.js"));
  const { manifest } = manifestModule.parse(await load("manifest.js"));
  const queries = queriesFile.parse(JSON.parse(await readFile(join(folder, "queries.json"), "utf8")));
  const server = new Server(manifest);
  await server.init({ env: {} });
  return {
    async render(address, tables) {
      const failures: unknown[] = [];
      const platform: Platform = {
        answer: (route, parameters) => tables.answer(queries[route] ?? {}, parameters),
        fail: (error) => failures.push(error),
      };
      const request = new Request(new URL(address, "http://vigie.invalid"));
      const response = await server.respond(request, { platform, getClientAddress: () => "127.0.0.1" });
      const html = await response.text();
      if (response.status === 404) return undefined;
      if (response.status === 200 && failures.length === 0) return html;
      const [first] = failures;
      const reason = first instanceof Error ? first.message : `status ${response.status}`;
      throw new Error(`${address}: ${reason}`, { cause: first });
    },
  };
}
