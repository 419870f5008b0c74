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
const parquet = Buffer.from("PAR1 0123456789 the columns 0123456789 PAR1");
const wasm = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

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
    ["/", "text/html; charset=utf-8", "<title>Pilotage</title>"],
    ["/agences/lille/", "text/html; charset=utf-8", "Lille"],
    ["/agences/lille", "text/html; charset=utf-8", "Lille"],
    ["/agences/nord.est", "text/html; charset=utf-8", "Nord-Est"],
    ["/agences/nord.est/", "text/html; charset=utf-8", "Nord-Est"],
    ["/agences/b%C3%A9thune", "text/html; charset=utf-8", "Béthune"],
    ["/data/managers/night.parquet", "application/vnd.apache.parquet", parquet.toString()],
    ["/_app/immutable/duckdb.wasm", "application/wasm", wasm.toString()],
    ["/_app/immutable/start.js", "application/javascript; charset=utf-8", "start()"],
    ["/_app/immutable/page.css", "text/css; charset=utf-8", "body{}"],
    ["/icon.svg", "image/svg+xml", "<svg/>"],
    ["/api/pages.json?v=1", "application/json; charset=utf-8", "{}"],
  ])("%s → 200 %s", async (path, type, words) => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await fetch(new URL(path, url));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(await answer.text()).toContain(words);
  });

  test("a folder without its last / is redirected to it, query kept", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await get(url, "/agences/lille?mois=2026-01");
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe("/agences/lille/?mois=2026-01");
  });

  test("HEAD gives what GET would, without a body", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await get(url, "/data/managers/night.parquet", {}, "HEAD");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-length"]).toBe(String(parquet.length));
    expect(answer.body).toHaveLength(0);
  });

  test("an unknown page is the site's own 404.html", async () => {
    const { url } = await serveNights({ "000001": { managers: { ...site, "404.html": "perdu ?" } } });
    const answer = await get(url, "/agences/inconnue");
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toBe("perdu ?");
  });

  test("an unknown page is a French one when the site has none", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await get(url, "/agences/inconnue");
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.body.toString()).toContain('<html lang="fr">');
    expect(answer.body.toString()).toContain("Page introuvable");
  });
});

describe("ranges", () => {
  test.each([
    ["bytes=0-3", 206, `bytes 0-3/${parquet.length}`, "PAR1"],
    ["bytes=-4", 206, `bytes ${parquet.length - 4}-${parquet.length - 1}/${parquet.length}`, "PAR1"],
    ["bytes=5-14", 206, `bytes 5-14/${parquet.length}`, "0123456789"],
    [`bytes=${parquet.length}-`, 416, `bytes */${parquet.length}`, undefined],
  ])("%s → %i %s", async (range, status, contentRange, bytes) => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await get(url, "/data/managers/night.parquet", { range, "accept-encoding": "br, gzip" });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-range"]).toBe(contentRange);
    expect(answer.headers["content-encoding"]).toBeUndefined();
    if (bytes !== undefined) expect(answer.body.toString()).toBe(bytes);
  });

  test("a range is of the file itself even when a compressed sibling is accepted", async () => {
    const { url } = await serveNights({
      "000001": { managers: { ...site, "long.js": long, "long.js.br": brotliCompressSync(long) } },
    });
    const answer = await get(url, "/long.js", { range: "bytes=0-2", "accept-encoding": "br" });
    expect(answer.status).toBe(206);
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.body.toString()).toBe("Les");
  });

  test("a HEAD with a range says that ranges work, as DuckDB's browser build asks first", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await get(url, "/data/managers/night.parquet", { range: "bytes=0-" }, "HEAD");
    expect(answer.status).toBe(206);
    expect(answer.headers["accept-ranges"]).toBe("bytes");
    expect(answer.headers["content-length"]).toBe(String(parquet.length));
  });

  test("a download that was cut begins again rather than going on in another night's file", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const headers = { range: "bytes=5-9", "if-range": "Wed, 21 Oct 2026 07:28:00 GMT" };
    const answer = await get(url, "/data/managers/night.parquet", headers);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(parquet);
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
        managers: {
          ...site,
          "duck.wasm": "as it is",
          "duck.wasm.br": brotliCompressSync("from .br"),
          "duck.wasm.gz": gzipSync("from .gz"),
        },
      },
    });
    const answer = await get(url, "/duck.wasm", { "accept-encoding": accept });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/wasm");
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(answer.headers.vary).toContain("accept-encoding");
    const words = { br: "from .br", gzip: "from .gz" }[coding ?? ""] ?? "as it is";
    expect(decode(answer.body).toString()).toBe(words);
  });

  test("pages, scripts and JSON without a sibling are compressed on the way", async () => {
    const { url } = await serveNights({ "000001": { managers: { ...site, "long.json": long } } });
    const answer = await get(url, "/long.json", { "accept-encoding": "gzip, br" });
    expect(answer.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(answer.body).toString()).toBe(long);
  });

  test("Parquet is never compressed, whole or in part, sibling or not", async () => {
    const { url } = await serveNights({
      "000001": { managers: { ...site, "big.parquet": long, "big.parquet.br": brotliCompressSync("no") } },
    });
    const answer = await get(url, "/big.parquet", { "accept-encoding": "br" });
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.body.toString()).toBe(long);
  });
});

describe("a night that takes the place of another", () => {
  test("is what the very next request sees", async () => {
    const { url } = await serveNights({
      "000001": { managers: { "index.html": "nuit 1", "ancienne/index.html": "nuit 1" } },
    });
    expect((await get(url, "/")).body.toString()).toBe("nuit 1");
    await writeNight("000002", { managers: { "index.html": "nuit 2", "nouvelle/index.html": "nuit 2" } });
    expect((await get(url, "/")).body.toString()).toBe("nuit 1");
    await makeCurrent("000002");
    expect((await get(url, "/")).body.toString()).toBe("nuit 2");
    expect((await get(url, "/nouvelle/")).status).toBe(200);
    expect((await get(url, "/ancienne/")).status).toBe(404);
  });

  test("is never mixed with it: a file of the same size and time is sent anew", async () => {
    const nights = {
      "000001": { managers: { "t.parquet": "aaaa" } },
      "000002": { managers: { "t.parquet": "bbbb" } },
    };
    const { url } = await serveNights(nights);
    for (const night of ["000001", "000002"]) {
      await utimes(
        join(workspace, "nights", night, "sites/managers/t.parquet"),
        1_700_000_000,
        1_700_000_000,
      );
    }
    const first = await get(url, "/t.parquet");
    const known = { "if-none-match": String(first.headers.etag) };
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    expect((await get(url, "/t.parquet", known)).status).toBe(304);
    await makeCurrent("000002");
    const second = await get(url, "/t.parquet", known);
    expect([second.status, second.body.toString()]).toEqual([200, "bbbb"]);
  });

  test("does not make browsers fetch the build's content-named assets again", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const asset = await get(url, "/_app/immutable/start.js");
    expect(asset.headers["cache-control"]).toBe("private, max-age=31536000, immutable");
    const page = await get(url, "/");
    expect(page.headers["cache-control"]).toBe("private, no-cache");
  });

  test("when there is none any more, a French page says so", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    await rm(join(workspace, "current"));
    const answer = await get(url, "/");
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toContain("Aucune nuit");
  });
});

describe("several sites", () => {
  test("answer each at the root of its own port, and the first address lists them in French", async () => {
    const serving = await serveNights({
      "000001": {
        managers: { "index.html": "<html><title>Pilotage &amp; suivi</title>m" },
        directors: { "index.html": "<html>d" },
      },
    });
    expect(serving.sites.map(({ name }) => name)).toEqual(["directors", "managers"]);
    const list = (await get(serving.url, "/")).body.toString();
    expect(list).toContain('<html lang="fr">');
    for (const [index, words] of ["directors", "Pilotage &amp; suivi"].entries()) {
      expect(list).toContain(`<a href="${serving.sites[index]?.url}">${words}</a>`);
    }
    const pages = await Promise.all(
      serving.sites.map(async ({ url }) => (await get(url, "/")).body.toString()),
    );
    expect(pages.map((page) => page.at(-1))).toEqual(["d", "m"]);
    expect((await get(serving.url, "/managers")).status).toBe(404);
  });
});

describe("what is refused", () => {
  test.each([
    "/../../../vigie.yaml",
    "/..%2f..%2f..%2fvigie.yaml",
    "/%2e%2e/%2e%2e/%2e%2e/vigie.yaml",
    "/agences/../../../warehouse.duckdb",
    "/agences/%2e%2e%5c%2e%2e/warehouse.duckdb",
    "/..%252f..%252fwarehouse.duckdb",
    "//warehouse.duckdb",
    "/./index.html",
    "/.hidden",
    "/outside.html",
    "/index.html%00.js",
    `/${"x".repeat(5000)}`,
  ])("%s is not found", async (path) => {
    const { url } = await serveNights({ "000001": { managers: { ...site, ".hidden": "secret" } } });
    await writeFile(join(workspace, "vigie.yaml"), "secret");
    await writeFile(join(workspace, "nights/000001/warehouse.duckdb"), "secret");
    await symlink("../../warehouse.duckdb", join(workspace, "nights/000001/sites/managers/outside.html"));
    const answer = await get(url, path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain("secret");
  });

  test("a path that is not valid", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await get(url, "/%zz");
    expect(answer.status).toBe(400);
    expect(answer.headers["content-security-policy"]).toBeDefined();
    expect(answer.body.toString()).toContain("Demande incomprise");
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "TRACE"])("%s", async (method) => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const answer = await get(url, "/", {}, method);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD");
  });

  test("a name that is not this machine's, whatever it resolves to", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    const { port } = new URL(url);
    const statuses = async (...hosts: string[]) =>
      await Promise.all(hosts.map(async (host) => (await get(url, "/", { host })).status));
    expect(await statuses(`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`)).toEqual([
      200, 200, 200,
    ]);
    expect(
      await statuses("attacker.example", `attacker.example:${port}`, "127.0.0.1", `127.0.0.1:1`),
    ).toEqual([421, 421, 421, 421]);
  });

  test("anything a page could load from elsewhere, and being framed", async () => {
    const { url } = await serveNights({ "000001": { managers: site } });
    for (const path of ["/", "/inconnue", "/data/managers/night.parquet"]) {
      const { headers } = await get(url, path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("'wasm-unsafe-eval'");
      expect(policy).toContain("worker-src 'self' blob:");
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
      await writeNight("000001", { managers: site });
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
    await writeNight("000001", { managers: site });
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
    await writeNight("000001", { managers: site });
    await makeCurrent("000001");
    const lines: string[] = [];
    const serving = await serve({ workspace, host: "localhost", port: 0, log: (line) => lines.push(line) });
    open.push(serving);
    expect(serving.url).toMatch(/^http:\/\/localhost:\d+\/$/);
    expect(lines).toEqual([`managers: ${serving.url}`]);
    expect((await fetch(serving.url)).status).toBe(200);
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends the server cleanly, open connections included",
  { timeout: 30_000 },
  async (signal) => {
    await writeNight("000001", { managers: site });
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
    const url = String(line).split(" ")[1]?.trim() ?? "";
    expect((await fetch(url)).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  },
);

type Files = Record<string, string | Buffer>;

const site: Files = {
  "index.html": "<!doctype html><title>Pilotage</title>",
  "agences/lille/index.html": "Lille",
  "agences/nord.est.html": "Nord-Est",
  "agences/béthune/index.html": "Béthune",
  "data/managers/night.parquet": parquet,
  "_app/immutable/duckdb.wasm": wasm,
  "_app/immutable/start.js": "start()",
  "_app/immutable/page.css": "body{}",
  "icon.svg": "<svg/>",
  "api/pages.json": "{}",
};

async function writeNight(night: string, sites: Record<string, Files>): Promise<void> {
  await mkdir(join(workspace, "nights", night, "sites"), { recursive: true });
  for (const [name, files] of Object.entries(sites)) {
    for (const [path, content] of Object.entries(files)) {
      const file = join(workspace, "nights", night, "sites", name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }
}

async function makeCurrent(night: string): Promise<void> {
  await symlink(join("nights", night), join(workspace, "current.new"));
  await rename(join(workspace, "current.new"), join(workspace, "current"));
}

/** Writes the nights, makes the first one current, and serves it on free ports. */
async function serveNights(nights: Record<string, Record<string, Files>>): Promise<Serving> {
  for (const [night, sites] of Object.entries(nights)) await writeNight(night, sites);
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
