import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { glob } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { SITE_CACHE } from "../../pipelines/project.ts";
import { compiledPages } from "../../pipelines/publish/compiled-pages.ts";
import { openPageServer } from "../../pipelines/publish/page-server.ts";
import { renderSite } from "../../pipelines/publish/site.ts";
import { renderSample, sampleSite } from "../reports/site-visits.ts";

const minute = 60_000;

let folder = "";
const extract = (name: string) => join(folder, `extract-${name}`);
const out = (name: string) => join(folder, `out-${name}`);
const SAMPLES = {
  loire: { landlord: "Habitat de Loire" },
  vilaine: { landlord: "Vilaine Habitat", scale: 1.3 },
};

const filesOf = async (site: string): Promise<string[]> =>
  (await glob("**", { cwd: site, dot: true, expandDirectories: false })).sort();

const textOf = async (site: string): Promise<string> => {
  const files = (await filesOf(site)).filter((file) => !/\.(?:br|gz)$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(site, file), "latin1")));
  return texts.join("\n");
};

const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-site-"));
}, minute);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("a site rendered from the compilation of all sites", () => {
  test(
    "two at once, each with its own data, do not meet",
    async () => {
      const render = (name: "loire" | "vilaine") =>
        renderSample("directors", SAMPLES[name], extract(name), out(name));
      const rendered = await Promise.all([render("loire"), render("vilaine")]);
      expect(rendered.map(({ pages }) => pages)).toEqual([30, 30]);

      const [loire, vilaine] = await Promise.all([textOf(out("loire")), textOf(out("vilaine"))]);
      expect(loire).toContain(latin1("Habitat de Loire"));
      expect(loire).not.toContain("Vilaine Habitat");
      expect(vilaine).toContain("Vilaine Habitat");
      expect(vilaine).not.toContain(latin1("Habitat de Loire"));
    },
    5 * minute,
  );

  test("rendered again from the same extract, is the same byte for byte", async () => {
    await renderSample("directors", SAMPLES.loire, extract("again"), out("again"));
    expect(await filesOf(out("again"))).toEqual(await filesOf(out("loire")));
    for (const file of await filesOf(out("loire"))) {
      const [once, again] = [
        await readFile(join(out("loire"), file)),
        await readFile(join(out("again"), file)),
      ];
      expect(again.equals(once), `${file} is the same`).toBe(true);
    }
  });

  test("holds its pages and what they load: no data file, no database, nothing that no page reaches", async () => {
    const files = await filesOf(out("loire"));
    const pages = files.filter((file) => file.endsWith(".html"));
    expect(pages.every((file) => file.startsWith("direction/"))).toBe(true);
    const others = files.filter((file) => !/\.(?:html|br|gz)$/.test(file));
    expect([...new Set(others.map((file) => posix.extname(file)))].sort()).toEqual([
      ".css",
      ".js",
      ".svg",
      ".woff2",
    ]);
    // Every name of a file that stands in a page, a script or a style sheet, followed from the pages.
    const reached = new Set(pages);
    for (const file of reached) {
      if (!/\.(?:html|js|css)$/.test(file)) continue;
      const text = await readFile(join(out("loire"), file), "utf8");
      for (const [, name = ""] of text.matchAll(
        /["'(]((?:\.{1,2}\/)[\w./~-]+\.(?:js|css|svg|woff2))["')]/g,
      )) {
        const named = posix.join(dirname(file), name);
        if (others.includes(named)) reached.add(named);
      }
    }
    expect(others.filter((file) => !reached.has(file))).toEqual([]);
  });

  test("names no page script of another audience's", async () => {
    const scripts = (await filesOf(out("loire"))).filter((file) => /nodes\/.*\.js$/.test(file));
    const text = (await Promise.all(scripts.map((file) => readFile(join(out("loire"), file), "utf8")))).join(
      "",
    );
    expect(text).toContain("Fusions");
    expect(text).not.toContain("Qui appeler avant l’impayé");
    expect(text).not.toContain("Pilotage des impayés");
  });

  test("has compressed copies of what does not change from night to night", async () => {
    const copies = (await filesOf(out("loire"))).filter((file) => /\.(?:br|gz)$/.test(file));
    for (const copy of copies) {
      const bytes = await readFile(join(out("loire"), copy));
      const plain = await readFile(join(out("loire"), copy.replace(/\.(br|gz)$/, "")));
      expect((copy.endsWith(".br") ? brotliDecompressSync(bytes) : gunzipSync(bytes)).equals(plain)).toBe(
        true,
      );
    }
    const kinds = new Set(copies.map((copy) => /\.([a-z0-9]+)\.(?:br|gz)$/.exec(copy)?.[1]));
    expect([...kinds].sort()).toEqual(["css", "js", "svg"]);
  });
});

describe("the compilation", () => {
  test("holds no data and no page", async () => {
    const { folder: compiled } = await compiledPages(SITE_CACHE);
    const kept = await textOf(compiled);
    expect(kept).not.toContain(latin1("Habitat de Loire"));
    expect(kept).not.toContain("Nantes");
    expect(await glob("**/*.{parquet,arrow,html,wasm}", { cwd: compiled, dot: true })).toEqual([]);
  });

  test("tells the browser no query", async () => {
    const { folder: compiled } = await compiledPages(SITE_CACHE);
    expect(await textOf(join(compiled, "client"))).not.toMatch(/from (?:managers|directors|social_teams)\./);
  });
});

describe("when a site cannot be rendered", () => {
  test("the reason names the page, the query and the table", async () => {
    await cp(extract("loire"), extract("broken"), { recursive: true });
    await rm(join(extract("broken"), "slice.parquet"));
    const { folder: compiled } = await compiledPages(SITE_CACHE);
    const server = await openPageServer(compiled);
    const site = sampleSite("directors");
    await expect(
      renderSite(server, { site, extract: extract("broken"), sites: out("broken") }),
    ).rejects.toThrow(/^\/direction\/[\w/]*: query \w+: .*slice/);
  });

  test("an extract without tables is refused", async () => {
    const { folder: compiled } = await compiledPages(SITE_CACHE);
    const server = await openPageServer(compiled);
    const build = { site: sampleSite("directors"), extract: folder, sites: out("empty") };
    await expect(renderSite(server, build)).rejects.toThrow(/No Parquet file/);
  });

  test("a link to a page that does not exist ends it", async () => {
    const server = {
      render: async (address: string) =>
        address === "/direction/" ? '<a href="/direction/nulle-part/">perdu</a>' : undefined,
    };
    const build = { site: sampleSite("directors"), extract: extract("loire"), sites: out("lost") };
    await expect(renderSite(server, build)).rejects.toThrow(
      "/direction/ links to /direction/nulle-part/, which is no page",
    );
  });
});

/** Starts to compile into the cache `where` in a process of its own, and waits until it has said that it does. */
async function startCompiling(where: string): Promise<ChildProcess> {
  const module = new URL("../../pipelines/publish/compiled-pages.ts", import.meta.url).href;
  const program = `
    import { compiledPages } from ${JSON.stringify(module)};
    await compiledPages(${JSON.stringify(where)}, (line) => console.log(line));`;
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (line) => String(line).includes("compiling") && resolve());
    child.on("exit", (code) => reject(new Error(`it ended with ${code}`)));
  });
  return child;
}

/** Programs that run in a scratch folder of this cache: Linux says where each process stands. */
async function programsIn(where: string): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(processes.map((name) => readlink(`/proc/${name}/cwd`).catch(() => "")));
  return folders.filter((place) => place.startsWith(where));
}

test(
  "killed while compiling: the cache is without a compilation, no program is left running, and the next one succeeds alone",
  async () => {
    const cache = join(folder, "fresh-cache");
    const child = await startCompiling(cache);
    await vi.waitFor(async () => expect(await programsIn(cache)).not.toEqual([]), { timeout: minute });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await vi.waitFor(async () => expect(await programsIn(cache)).toEqual([]), { timeout: minute });
    const whole = async () => (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
    expect(await whole()).toEqual([]);

    const both = await Promise.all([compiledPages(cache), compiledPages(cache)]);
    expect(both.map(({ recompiled }) => recompiled).sort()).toEqual([false, true]);
    expect(await whole()).toHaveLength(1);
    expect((await readdir(cache)).filter((name) => name.startsWith("scratch-"))).toEqual([]);
  },
  5 * minute,
);
