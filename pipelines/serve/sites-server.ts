import type { Stats } from "node:fs";
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
import { findInSites, siteFolders, siteTitle } from "./published.ts";

// Pages start from inline scripts, which hold their data, and style charts inline.
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * A server, not yet listening, of the sites of whatever night is current when a request comes: files with ranges,
 * compression (`.br` and `.gz` siblings first) and the right types; `/` lists the sites. A request sees one night from
 * beginning to end, and pages are revalidated against the night, so that a browser never shows an old page for a new one;
 * only the build's content-named files (`_app/immutable/`) may be kept.
 */
export async function sitesServer(workspace: string, log: (line: string) => void): Promise<FastifyInstance> {
  return await server(log, async (request, reply) => {
    const night = await currentNight(openWorkspace(workspace));
    if (night === undefined) return sendPage(reply, 503);
    const path = requestPath(request);
    if (path === "/") return await sendList(reply, night);
    const found = await findInSites(night, path);
    switch (found.kind) {
      case "file":
        return sendFile(request, reply, night, found.path, found.stats);
      case "redirect":
        return reply.redirect(encodeURI(found.to) + queryOf(request), 307);
      case "nothing":
        return sendPage(reply, 404);
    }
  });
}

/** The page that lists the sites and links to each; where there is one alone, it is shown at once. */
async function sendList(reply: FastifyReply, night: NightFolder): Promise<FastifyReply> {
  reply.header("cache-control", "private, no-cache");
  const sites = await siteFolders(night);
  const [only] = sites;
  if (only !== undefined && sites.length === 1) return reply.redirect(`/${only}/`, 307);
  const links = await Promise.all(
    sites.map(async (site) => ({ href: `/${site}/`, html: await siteTitle(night, site) })),
  );
  return reply
    .type("text/html; charset=utf-8")
    .send(frenchPage("Tableaux de bord", "Choisissez un site.", links));
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
  path: string,
  stats: Stats,
): FastifyReply {
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
  if (request.headers.range !== undefined) delete request.headers["accept-encoding"];
  return reply.sendFile(path, night.sites);
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
