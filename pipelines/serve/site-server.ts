import type { Stats } from "node:fs";
import { extname, join } from "node:path";
import compress from "@fastify/compress";
import files from "@fastify/static";
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { currentNight, type NightFolder, openWorkspace } from "../workspace.ts";
import { errorPage, frenchPage } from "./french-page.ts";
import { findInSite, siteTitle } from "./published.ts";

/** Where one site answers. */
export interface SiteAddress {
  name: string;
  url: string;
}

// Evidence's pages start from inline scripts and style charts inline, and DuckDB's WebAssembly runs in a worker.
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' blob: data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const contentTypes: ReadonlyMap<string, string> = new Map([
  [".parquet", "application/vnd.apache.parquet"],
  [".arrow", "application/vnd.apache.arrow.stream"],
]);

// Added to the types that the compression library already knows to shrink (pages, scripts, styles, JSON, SVG).
const alsoCompressible = /^application\/vnd\.apache\.arrow\.stream$/;

/**
 * A server, not yet listening, of one site of whatever night is current when a request comes: files with
 * ranges, compression (`.br` and `.gz` siblings first) and the right types. A request sees one night from
 * beginning to end, and pages and data are revalidated against the night, so that a browser never shows an
 * old page over new data; only the build's content-named assets (`_app/immutable/`) may be kept.
 */
export async function siteServer(
  workspace: string,
  site: string,
  log: (line: string) => void,
): Promise<FastifyInstance> {
  return await server(log, async (request, reply) => {
    const night = await currentNight(openWorkspace(workspace));
    if (night === undefined) return sendPage(reply, 503);
    const path = requestPath(request);
    const found = await findInSite(night, site, path);
    switch (found.kind) {
      case "file":
        return sendFile(request, reply, night, site, found.path, found.stats);
      case "redirect":
        return reply.redirect(encodeURI(found.to) + queryOf(request), 307);
      case "nothing":
        return await sendNothing(request, reply, night, site);
    }
  });
}

/** A server, not yet listening, of the one page that lists the sites and links to each. */
export async function listServer(
  workspace: string,
  sites: () => SiteAddress[],
  log: (line: string) => void,
): Promise<FastifyInstance> {
  return await server(log, async (request, reply) => {
    if (requestPath(request) !== "/") return sendPage(reply, 404);
    const night = await currentNight(openWorkspace(workspace));
    if (night === undefined) return sendPage(reply, 503);
    const links = await Promise.all(
      sites().map(async ({ name, url }) => ({ href: url, html: await siteTitle(night, name) })),
    );
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "private, no-cache")
      .send(frenchPage("Tableaux de bord", "Choisissez un site.", links));
  });
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

async function server(log: (line: string) => void, answer: Answer): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    frameworkErrors: (_error, request, reply) => {
      guard(request, reply);
      if (!reply.sent) sendPage(reply, 400);
    },
  });
  app.addHook("onRequest", async (request, reply) => guard(request, reply));
  app.setErrorHandler<FastifyError & { headers?: Record<string, string> }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log(`${request.method} ${request.url}: ${error.message}`);
    return sendPage(reply.headers(error.headers ?? {}), status);
  });
  app.setNotFoundHandler((_request, reply) => sendPage(reply, 404));
  await app.register(compress, {
    global: true,
    globalDecompression: false,
    customTypes: alsoCompressible,
    encodings: ["br", "gzip"],
  });
  await app.register(files, {
    serve: false,
    preCompressed: true,
    dotfiles: "ignore",
    index: false,
    cacheControl: false,
    etag: false,
    lastModified: false,
    setHeaders: (reply, path) => {
      const type = contentTypes.get(extname(path));
      if (type !== undefined) reply.header("content-type", type);
    },
  });
  app.route({ method: ["GET", "HEAD"], url: "/*", handler: answer });
  return app;
}

function guard(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  reply.headers({
    "content-security-policy": contentSecurityPolicy,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  if (!isLocalHost(request)) return sendPage(reply, 421);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return sendPage(reply.header("allow", "GET, HEAD"), 405);
  }
  return undefined;
}

/** A page elsewhere can make its own name point at 127.0.0.1 (DNS rebinding): only our names are answered. */
function isLocalHost(request: FastifyRequest): boolean {
  const port = request.socket.localPort;
  const names = ["127.0.0.1", "localhost", "[::1]"];
  const hosts = port === 80 ? names : names.map((name) => `${name}:${port}`);
  return hosts.includes(request.headers.host ?? "");
}

function requestPath(request: FastifyRequest): string {
  const { params } = request;
  const rest = typeof params === "object" && params !== null && "*" in params ? params["*"] : "";
  return `/${String(rest)}`;
}

function queryOf(request: FastifyRequest): string {
  const mark = request.url.indexOf("?");
  return mark === -1 ? "" : request.url.slice(mark);
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  night: NightFolder,
  site: string,
  path: string,
  stats: Stats,
): FastifyReply {
  const root = join(night.sites, site);
  if (path.startsWith("/_app/immutable/")) {
    reply.header("cache-control", "private, max-age=31536000, immutable");
  } else {
    const etag = `W/"${night.number}-${stats.size.toString(36)}-${Math.trunc(stats.mtimeMs).toString(36)}"`;
    reply.header("cache-control", "private, no-cache").header("etag", etag);
    if (isKnown(request, etag)) return reply.code(304).send();
  }
  // A weak validator never allows a download to go on from where it stopped: the whole file is sent.
  if (request.headers["if-range"] !== undefined) delete request.headers.range;
  // Ranges are of the file as it is, never of its compressed form.
  if (request.headers.range !== undefined || path.endsWith(".parquet")) {
    delete request.headers["accept-encoding"];
  }
  return reply.sendFile(path, root);
}

async function sendNothing(
  request: FastifyRequest,
  reply: FastifyReply,
  night: NightFolder,
  site: string,
): Promise<FastifyReply> {
  const own = await findInSite(night, site, "/404.html");
  if (own.kind !== "file") return sendPage(reply, 404);
  delete request.headers.range;
  return reply
    .code(404)
    .header("cache-control", "private, no-cache")
    .sendFile(own.path, join(night.sites, site));
}

function isKnown(request: FastifyRequest, etag: string): boolean {
  const known = request.headers["if-none-match"]?.split(",").map((tag) => tag.trim()) ?? [];
  return known.includes(etag) || known.includes("*");
}

function sendPage(reply: FastifyReply, status: number): FastifyReply {
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .send(errorPage(status));
}
