import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { glob } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildSite } from "../../pipelines/publish/site.ts";
import { keepCompiled } from "../../pipelines/publish/site-compiled.ts";
import { runInTemplate } from "../../pipelines/publish/site-process.ts";
import {
  hashDataPaths,
  placeData,
  prepareProject,
  projectKey,
} from "../../pipelines/publish/site-project.ts";
import { writeSampleExtract } from "../reports/sample-extract.ts";

const minute = 60_000;

let folder = "";
let cache = "";
let key = "";
let fullBuild = "";
const extract = (name: string) => join(folder, `extract-${name}`);
const out = (name: string) => join(folder, `out-${name}`);

/**
 * The files of a site, without the copies that are only compressed ones, and without the environment variables that
 * SvelteKit's adapter adds to a full build: there are none.
 */
const filesOf = async (site: string): Promise<string[]> => {
  const files = await glob("**", { cwd: site, dot: true, ignore: ["**/*.br", "**/*.gz", "_app/env.js"] });
  return files.sort();
};

const textOf = async (site: string): Promise<string> => {
  const files = await filesOf(site);
  const texts = await Promise.all(files.map((file) => readFile(join(site, file), "latin1")));
  return texts.join("\n");
};

const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

const leftovers = async (where: string) =>
  (await readdir(where)).filter((name) => name.startsWith("scratch-"));

/** Starts the build of a site in a process of its own, and waits until it has said a line that holds `words`. */
const startBuild = async (where: string, target: string, words: string): Promise<ChildProcess> => {
  const module = new URL("../../pipelines/publish/site.ts", import.meta.url).href;
  const build = { audience: "directors", extract: extract("loire"), out: target, cache: where };
  const program = `
    import { buildSite } from ${JSON.stringify(module)};
    await buildSite({ ...${JSON.stringify(build)}, log: (line) => console.log(line) });`;
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (line) => String(line).includes(words) && resolve());
    child.on("exit", (code) => reject(new Error(`the build ended with ${code}`)));
  });
  return child;
};

/** Programs that run in a scratch folder of this cache: Linux says where each process stands. */
const programsIn = async (where: string): Promise<string[]> => {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(processes.map((name) => readlink(`/proc/${name}/cwd`).catch(() => "")));
  return folders.filter((place) => place.startsWith(where));
};

const kill = async (child: ChildProcess) => {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-site-"));
  cache = join(folder, "cache");
  await mkdir(cache);
  await writeSampleExtract(extract("loire"), { site: "directors", landlord: "Habitat de Loire" });
  await writeSampleExtract(extract("vilaine"), {
    site: "directors",
    landlord: "Vilaine Habitat",
    scale: 1.3,
  });
  key = await projectKey("directors");

  // A full build as SvelteKit makes it, data at hand; what it compiled is then kept for the other builds.
  const template = await prepareProject("directors", key, join(folder, "full"));
  await placeData(template, "directors", extract("loire"));
  await runInTemplate("compile.js", template);
  await keepCompiled(cache, "directors", key, template);
  fullBuild = join(template, "build");
  await hashDataPaths(fullBuild);
}, 5 * minute);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("a site rendered from a kept compilation", () => {
  test(
    "two builds at once, each with its own data, do not meet",
    async () => {
      const build = (name: string) =>
        buildSite({ audience: "directors", extract: extract(name), out: out(name), cache });
      const results = await Promise.all([build("loire"), build("vilaine")]);
      expect(results).toEqual([
        { pages: 30, recompiled: false },
        { pages: 30, recompiled: false },
      ]);
      expect(await leftovers(cache)).toEqual([]);

      const [loire, vilaine] = await Promise.all([textOf(out("loire")), textOf(out("vilaine"))]);
      expect(loire).toContain(latin1("Habitat de Loire"));
      expect(loire).not.toContain("Vilaine Habitat");
      expect(vilaine).toContain("Vilaine Habitat");
      expect(vilaine).not.toContain(latin1("Habitat de Loire"));
    },
    2 * minute,
  );

  test("is the full build, byte for byte", async () => {
    expect(await filesOf(out("loire"))).toEqual(await filesOf(fullBuild));
    for (const file of await filesOf(fullBuild)) {
      const [rendered, full] = [readFileSync(join(out("loire"), file)), readFileSync(join(fullBuild, file))];
      expect(rendered.equals(full), `${file} is the same`).toBe(true);
    }
  });

  test("holds the extract's own bytes, and nothing else, as data", async () => {
    const parquet = (await filesOf(out("loire"))).filter((file) => file.endsWith(".parquet"));
    const tables = (await readdir(extract("loire"))).sort();
    expect(parquet.map((file) => file.split("/").at(-1)).sort()).toEqual(tables);
    for (const file of parquet) {
      const original = readFileSync(join(extract("loire"), file.split("/").at(-1) ?? ""));
      expect(readFileSync(join(out("loire"), file)).equals(original), file).toBe(true);
    }
  });

  test("has compressed copies of what does not change from night to night, never of Parquet", async () => {
    const copies = await glob("**/*.{br,gz}", { cwd: out("loire"), dot: true });
    for (const copy of copies) {
      const bytes = readFileSync(join(out("loire"), copy));
      const plain = readFileSync(join(out("loire"), copy.replace(/\.(br|gz)$/, "")));
      expect((copy.endsWith(".br") ? brotliDecompressSync(bytes) : gunzipSync(bytes)).equals(plain)).toBe(
        true,
      );
    }
    const kinds = new Set(copies.map((copy) => /\.([a-z0-9]+)\.(?:br|gz)$/.exec(copy)?.[1]));
    expect([...kinds].sort()).toEqual(["css", "js", "wasm"]);
  });

  test("the compilation holds no data", async () => {
    const kept = await textOf(join(cache, `directors-${key}`));
    expect(kept).not.toContain(latin1("Habitat de Loire"));
    expect(kept).not.toContain("Nantes");
    const cwd = join(cache, `directors-${key}`);
    expect(await glob("**/*.{parquet,arrow,html}", { cwd, dot: true, expandDirectories: false })).toEqual([]);
  });
});

describe("when a build fails or is killed", () => {
  test(
    "a page that cannot be rendered ends the build with the reason, and leaves nothing",
    async () => {
      await cp(extract("loire"), extract("broken"), { recursive: true });
      await rm(join(extract("broken"), "slice.parquet"));
      const build = buildSite({
        audience: "directors",
        extract: extract("broken"),
        out: out("broken"),
        cache,
      });
      await expect(build).rejects.toThrow(/slice/);
      expect(existsSync(out("broken"))).toBe(false);
      expect(await leftovers(cache)).toEqual([]);
    },
    2 * minute,
  );

  test(
    "killed while rendering: no site, no program left running, and the next build succeeds",
    async () => {
      const child = await startBuild(cache, out("killed"), "rendering");
      await kill(child);
      expect(existsSync(out("killed"))).toBe(false);
      await vi.waitFor(async () => expect(await programsIn(cache)).toEqual([]), { timeout: minute });

      const next = await buildSite({
        audience: "directors",
        extract: extract("loire"),
        out: out("killed"),
        cache,
      });
      expect(next).toEqual({ pages: 30, recompiled: false });
      expect(await leftovers(cache)).toEqual([]);
    },
    2 * minute,
  );

  test(
    "killed while compiling: the cache is without a compilation, not with half a one",
    async () => {
      const fresh = join(folder, "fresh-cache");
      const child = await startBuild(fresh, out("killed-early"), "compiling");
      await vi.waitFor(async () => expect(await programsIn(fresh)).not.toEqual([]), { timeout: minute });
      await kill(child);
      await vi.waitFor(async () => expect(await programsIn(fresh)).toEqual([]), { timeout: minute });
      expect((await readdir(fresh)).filter((name) => name.startsWith("directors-"))).toEqual([]);
    },
    2 * minute,
  );
});
