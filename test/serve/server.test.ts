import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Serving, serve } from "../../pipelines/serve/server.ts";
import { UserError } from "../../pipelines/user-error.ts";

const long = "Les impayés de l’agence. ".repeat(200);
const font = Buffer.from("wOF2 0123456789 the letters 0123456789 wOF2");

let workspace: string;
let open: Serving[];

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "vigie-serve-"));
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((serving) => serving.close()));
  await rm(workspace, { recursive: true });
});

describe("what answers", () => {
  test.each([
    ["/pilotage/", "text/html; charset=utf-8", "<title>Pilotage</title>"],
    ["/pilotage", "text/html; charset=utf-8", "<title>Pilotage</title>"],
    ["/pilotage/agences/lille/", "text/html; charset=utf-8", "Lille"],
    ["/pilotage/agences/lille", "text/html; charset=utf-8", "Lille"],
    ["/pilotage/agences/nord.est", "text/html; charset=utf-8", "Nord-Est"],
    ["/pilotage/agences/nord.est/", "text/html; charset=utf-8", "Nord-Est"],
    ["/pilotage/agences/b%C3%A9thune", "text/html; charset=utf-8", "Béthune"],
    ["/_app/immutable/inter.woff2", "font/woff2", font.toString()],
    ["/_app/immutable/start.js", "application/javascript; charset=utf-8", "start()"],
    ["/_app/immutable/page.css", "text/css; charset=utf-8", "body{}"],
    ["/icon.svg", "image/svg+xml", "<svg/>"],
    ["/api/pages.json?v=1", "application/json; charset=utf-8", "{}"],
  ])("%s → 200 %s", async (path, type, words) => {
    const { url } = await serveNights({ "000001": site });
    const answer = await fetch(new URL(path, url));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(await answer.text()).toContain(words);
  });

  test("a folder without its last / is redirected to it, query kept", async () => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/pilotage/agences/lille?mois=2026-01");
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe("/pilotage/agences/lille/?mois=2026-01");
  });

  test("HEAD gives what GET would, without a body", async () => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/_app/immutable/inter.woff2", {}, "HEAD");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-length"]).toBe(String(font.length));
    expect(answer.body).toHaveLength(0);
  });

  test("an unknown page is a French one that leads back", async () => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/pilotage/agences/inconnue");
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.body.toString()).toContain('<html lang="fr">');
    expect(answer.body.toString()).toContain("Page introuvable");
  });
});

describe("ranges", () => {
  test.each([
    ["bytes=0-3", 206, `bytes 0-3/${font.length}`, "wOF2"],
    ["bytes=-4", 206, `bytes ${font.length - 4}-${font.length - 1}/${font.length}`, "wOF2"],
    ["bytes=5-14", 206, `bytes 5-14/${font.length}`, "0123456789"],
    [`bytes=${font.length}-`, 416, `bytes */${font.length}`, undefined],
  ])("%s → %i %s", async (range, status, contentRange, bytes) => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/_app/immutable/inter.woff2", { range, "accept-encoding": "br, gzip" });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-range"]).toBe(contentRange);
    expect(answer.headers["content-encoding"]).toBeUndefined();
    if (bytes !== undefined) expect(answer.body.toString()).toBe(bytes);
  });

  test("a range is of the file itself even when a compressed sibling is accepted", async () => {
    const { url } = await serveNights({
      "000001": { ...site, "long.js": long, "long.js.br": brotliCompressSync(long) },
    });
    const answer = await get(url, "/long.js", { range: "bytes=0-2", "accept-encoding": "br" });
    expect(answer.status).toBe(206);
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.body.toString()).toBe("Les");
  });

  test("a HEAD with a range says that ranges work, as DuckDB's browser build asks first", async () => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/_app/immutable/inter.woff2", { range: "bytes=0-" }, "HEAD");
    expect(answer.status).toBe(206);
    expect(answer.headers["accept-ranges"]).toBe("bytes");
    expect(answer.headers["content-length"]).toBe(String(font.length));
  });

  test("a download that was cut begins again rather than going on in another night's file", async () => {
    const { url } = await serveNights({ "000001": site });
    const headers = { range: "bytes=5-9", "if-range": "Wed, 21 Oct 2026 07:28:00 GMT" };
    const answer = await get(url, "/_app/immutable/inter.woff2", headers);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(font);
  });
});

describe("compression", () => {
  test.each([
    ["br, gzip", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["identity", undefined, (body: Buffer) => body],
  ])("a browser that accepts %s gets the sibling made at build time: %s", async (accept, coding, decode) => {
    const { url } = await serveNights({
      "000001": {
        ...site,
        "_app/start.js": "as it is",
        "_app/start.js.br": brotliCompressSync("from .br"),
        "_app/start.js.gz": gzipSync("from .gz"),
      },
    });
    const answer = await get(url, "/_app/start.js", { "accept-encoding": accept });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/javascript; charset=utf-8");
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(answer.headers.vary).toContain("accept-encoding");
    const words = { br: "from .br", gzip: "from .gz" }[coding ?? ""] ?? "as it is";
    expect(decode(answer.body).toString()).toBe(words);
  });

  test("pages, scripts and JSON without a sibling are compressed on the way", async () => {
    const { url } = await serveNights({ "000001": { ...site, "long.json": long } });
    const answer = await get(url, "/long.json", { "accept-encoding": "gzip, br" });
    expect(answer.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(answer.body).toString()).toBe(long);
  });
});

describe("a night that takes the place of another", () => {
  test("is what the very next request sees", async () => {
    const { url } = await serveNights({
      "000001": { "pilotage/index.html": "nuit 1", "pilotage/ancienne/index.html": "nuit 1" },
    });
    expect((await get(url, "/pilotage/")).body.toString()).toBe("nuit 1");
    await writeNight("000002", {
      "pilotage/index.html": "nuit 2",
      "pilotage/nouvelle/index.html": "nuit 2",
    });
    expect((await get(url, "/pilotage/")).body.toString()).toBe("nuit 1");
    await makeCurrent("000002");
    expect((await get(url, "/pilotage/")).body.toString()).toBe("nuit 2");
    expect((await get(url, "/pilotage/nouvelle/")).status).toBe(200);
    expect((await get(url, "/pilotage/ancienne/")).status).toBe(404);
  });

  test("is never mixed with it: a file of the same size and time is sent anew", async () => {
    const nights = {
      "000001": { "pilotage/index.html": "aaaa" },
      "000002": { "pilotage/index.html": "bbbb" },
    };
    const { url } = await serveNights(nights);
    for (const night of ["000001", "000002"]) {
      await utimes(
        join(workspace, "nights", night, "sites/pilotage/index.html"),
        1_700_000_000,
        1_700_000_000,
      );
    }
    const first = await get(url, "/pilotage/");
    const known = { "if-none-match": String(first.headers.etag) };
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    expect((await get(url, "/pilotage/", known)).status).toBe(304);
    await makeCurrent("000002");
    const second = await get(url, "/pilotage/", known);
    expect([second.status, second.body.toString()]).toEqual([200, "bbbb"]);
  });

  test("does not make browsers fetch the build's content-named assets again", async () => {
    const { url } = await serveNights({ "000001": site });
    const asset = await get(url, "/_app/immutable/start.js");
    expect(asset.headers["cache-control"]).toBe("private, max-age=31536000, immutable");
    const page = await get(url, "/pilotage/");
    expect(page.headers["cache-control"]).toBe("private, no-cache");
  });

  test("when there is none any more, a French page says so", async () => {
    const { url } = await serveNights({ "000001": site });
    await rm(join(workspace, "current"));
    const answer = await get(url, "/");
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toContain("Aucune nuit");
  });
});

describe("several sites", () => {
  test("answer at one address, and the first page lists them in French", async () => {
    const serving = await serveNights({
      "000001": {
        "pilotage/index.html": "<html><title>Pilotage &amp; suivi</title>m",
        "direction/index.html": "<html>d",
        "prevention/nord/index.html": "<html><title>Nord</title>n",
        "prevention/sud/index.html": "<html><title>Sud</title>s",
        "_app/start.js": "start()",
      },
    });
    const bases = ["direction", "pilotage", "prevention/nord", "prevention/sud"];
    expect(serving.sites.map(({ base }) => base)).toEqual(bases);
    expect(serving.sites.map(({ url }) => url)).toEqual(bases.map((base) => `${serving.url}${base}/`));
    const list = (await get(serving.url, "/")).body.toString();
    expect(list).toContain('<html lang="fr">');
    for (const [index, words] of ["direction", "Pilotage &amp; suivi", "Nord", "Sud"].entries())
      expect(list).toContain(`<a href="/${bases[index]}/">${words}</a>`);
    const pages = await Promise.all(
      bases.map(async (base) => (await get(serving.url, `/${base}/`)).body.toString()),
    );
    expect(pages.map((page) => page.at(-1))).toEqual(["d", "m", "n", "s"]);
    expect((await get(serving.url, "/managers/")).status).toBe(404);
    expect((await get(serving.url, "/prevention/")).status).toBe(404);
  });

  test("one alone is shown at once", async () => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/");
    expect([answer.status, answer.headers.location]).toEqual([307, "/pilotage/"]);
  });
});

describe("what is refused", () => {
  test.each([
    "/../../../vigie.yaml",
    "/..%2f..%2f..%2fvigie.yaml",
    "/%2e%2e/%2e%2e/%2e%2e/vigie.yaml",
    "/pilotage/agences/../../../warehouse.duckdb",
    "/pilotage/agences/%2e%2e%5c%2e%2e/warehouse.duckdb",
    "/..%252f..%252fwarehouse.duckdb",
    "//warehouse.duckdb",
    "/./pilotage/index.html",
    "/pilotage/.hidden",
    "/pilotage/outside.html",
    "/pilotage/index.html%00.js",
    `/${"x".repeat(5000)}`,
  ])("%s is not found", async (path) => {
    const { url } = await serveNights({ "000001": { ...site, "pilotage/.hidden": "secret" } });
    await writeFile(join(workspace, "vigie.yaml"), "secret");
    await writeFile(join(workspace, "nights/000001/warehouse.duckdb"), "secret");
    await symlink("../../warehouse.duckdb", join(workspace, "nights/000001/sites/pilotage/outside.html"));
    const answer = await get(url, path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain("secret");
  });

  test("a path that is not valid", async () => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/%zz");
    expect(answer.status).toBe(400);
    expect(answer.headers["content-security-policy"]).toBeDefined();
    expect(answer.body.toString()).toContain("Demande incomprise");
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "TRACE"])("%s", async (method) => {
    const { url } = await serveNights({ "000001": site });
    const answer = await get(url, "/", {}, method);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD");
  });

  test("a name that is not this machine's, whatever it resolves to", async () => {
    const { url } = await serveNights({ "000001": site });
    const { port } = new URL(url);
    const statuses = async (...hosts: string[]) =>
      await Promise.all(hosts.map(async (host) => (await get(url, "/pilotage/", { host })).status));
    expect(await statuses(`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`)).toEqual([
      200, 200, 200,
    ]);
    expect(
      await statuses("attacker.example", `attacker.example:${port}`, "127.0.0.1", `127.0.0.1:1`),
    ).toEqual([421, 421, 421, 421]);
  });

  test("anything a page could load from elsewhere, and being framed", async () => {
    const { url } = await serveNights({ "000001": site });
    for (const path of ["/", "/inconnue", "/_app/immutable/inter.woff2"]) {
      const { headers } = await get(url, path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain("wasm");
      expect(policy).not.toContain("blob:");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("'unsafe-eval'");
      expect(policy).not.toMatch(/https?:/);
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });
});

describe("at the start", () => {
  test.each(["0.0.0.0", "192.168.1.10", "vigie.example", "::", "127.0.0.1.example"])(
    "the address %s is refused: there is no sign-in yet",
    async (host) => {
      await writeNight("000001", site);
      await makeCurrent("000001");
      const refusal = await refused({ workspace, host });
      expect(refusal.message).toContain(host);
      expect(refusal.message).toContain("sign-in");
      expect(refusal.exitCode).toBe(2);
    },
  );

  test("a workspace that does not exist", async () => {
    const refusal = await refused({ workspace: join(workspace, "nowhere") });
    expect(refusal.message).toContain("There is no workspace");
    expect(refusal.remedy).toContain("npm run nightly");
  });

  test("no night yet", async () => {
    const refusal = await refused({ workspace });
    expect(refusal.message).toContain("No night has been published");
    expect(refusal.remedy).toContain("npm run nightly");
  });

  test("a night without a site", async () => {
    await writeNight("000007", {});
    await makeCurrent("000007");
    expect((await refused({ workspace })).message).toContain("Night 000007");
  });

  test("a port that another program holds", async () => {
    await writeNight("000001", site);
    await makeCurrent("000001");
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect((await refused({ workspace, port })).message).toBe(`Port ${port} is already in use`);
    other.close();
  });

  test.each([70_000, -1, Number.NaN, 80.5])("the port %s", async (port) => {
    expect((await refused({ workspace, port })).message).toContain("is not a port");
  });

  test("the addresses are listed", async () => {
    await writeNight("000001", site);
    await makeCurrent("000001");
    const lines: string[] = [];
    const serving = await serve({ workspace, host: "localhost", port: 0, log: (line) => lines.push(line) });
    open.push(serving);
    expect(serving.url).toMatch(/^http:\/\/localhost:\d+\/$/);
    expect(lines).toEqual([`all sites: ${serving.url}`, `pilotage: ${serving.url}pilotage/`]);
    expect((await fetch(serving.url)).status).toBe(200);
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends the server cleanly, open connections included",
  { timeout: 30_000 },
  async (signal) => {
    await writeNight("000001", site);
    await makeCurrent("000001");
    const server = new URL("../../pipelines/serve/server.ts", import.meta.url).href;
    const script = `import { serve } from ${JSON.stringify(server)};
    await serve({ workspace: process.argv[1], port: 0, log: console.log });`;
    const child = spawn(process.execPath, [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      script,
      workspace,
    ]);
    const [line] = await once(child.stdout, "data");
    const url = /http\S+/.exec(String(line))?.[0] ?? "";
    expect((await fetch(url)).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  },
);

type Files = Record<string, string | Buffer>;

const site: Files = {
  "pilotage/index.html": "<!doctype html><title>Pilotage</title>",
  "pilotage/agences/lille/index.html": "Lille",
  "pilotage/agences/nord.est.html": "Nord-Est",
  "pilotage/agences/béthune/index.html": "Béthune",
  "_app/immutable/inter.woff2": font,
  "_app/immutable/start.js": "start()",
  "_app/immutable/page.css": "body{}",
  "icon.svg": "<svg/>",
  "api/pages.json": "{}",
};

async function writeNight(night: string, files: Files): Promise<void> {
  await mkdir(join(workspace, "nights", night, "sites"), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = join(workspace, "nights", night, "sites", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

async function makeCurrent(night: string): Promise<void> {
  await symlink(join("nights", night), join(workspace, "current.new"));
  await rename(join(workspace, "current.new"), join(workspace, "current"));
}

/** Writes the nights, makes the first one current, and serves it on free ports. */
async function serveNights(nights: Record<string, Files>): Promise<Serving> {
  for (const [night, files] of Object.entries(nights)) await writeNight(night, files);
  await makeCurrent(Object.keys(nights)[0] ?? "");
  const serving = await serve({ workspace, port: 0, log: () => undefined });
  open.push(serving);
  return serving;
}

async function refused(options: { workspace: string; host?: string; port?: number }): Promise<UserError> {
  const error: unknown = await serve({ ...options, log: () => undefined }).catch((reason: unknown) => reason);
  if (error instanceof UserError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A request exactly as written: `fetch` would tidy the path, decode the body and choose some headers. */
async function get(url: string, path: string, headers = {}, method = "GET"): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const sent = request({ hostname, port, path, headers, method, agent: false }).end();
  const [answer] = await once(sent, "response");
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) };
}
