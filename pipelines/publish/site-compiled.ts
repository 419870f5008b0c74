import { randomUUID } from "node:crypto";
import { cp, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { waitForLock } from "fs-native-extensions";
import { glob } from "tinyglobby";
import { runInTemplate } from "./site-process.ts";

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** Compiled sites kept for each audience: the one in use, and a few to go back to. */
const kept = 3;

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Writes `file.br` and `file.gz` beside every static file that compression makes smaller. */
const precompress = async (client: string): Promise<void> => {
  const files = await glob("**/*.{js,css,svg,wasm,json,txt}", { cwd: client, absolute: true });
  for (const file of files) {
    const bytes = await readFile(file);
    if (bytes.length < 1024) continue;
    // The highest quality takes over a minute on the 40 MB of DuckDB, for a tenth less.
    const quality = bytes.length > 4_000_000 ? 7 : 11;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_LGWIN]: 22,
    };
    const [br, gz] = await Promise.all([brotli(bytes, { params }), deflate(bytes)]);
    await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
  }
};

/** Removes the compiled sites of an audience that were not used lately. */
const prune = async (cache: string, site: string): Promise<void> => {
  const names = (await readdir(cache)).filter((name) => new RegExp(`^${site}-[0-9a-f]{16}$`).test(name));
  const used = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(cache, name))).mtimeMs })),
  );
  const old = used.sort((one, other) => other.at - one.at).slice(kept);
  // Renamed first: whoever looks at the cache meanwhile finds a whole entry, or none.
  for (const { name } of old) {
    const doomed = join(cache, `scratch-${process.pid}-${randomUUID()}`);
    await rename(join(cache, name), doomed);
    await rm(doomed, { recursive: true, force: true });
  }
};

/**
 * Returns the folder of the compiled `site` in `cache` for this `key`, or undefined when it has to be compiled. An
 * entry is whole or absent: it comes there by one rename.
 */
export const findCompiled = async (cache: string, site: string, key: string): Promise<string | undefined> => {
  const folder = join(cache, `${site}-${key}`);
  if (!(await exists(folder))) return undefined;
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
};

/** Puts in `cache` what compile.js left in `template`, with compressed copies. Returns its folder there. */
export const keepCompiled = async (
  cache: string,
  site: string,
  key: string,
  template: string,
): Promise<string> => {
  await precompress(join(template, "compiled", "client"));
  const folder = join(cache, `${site}-${key}`);
  await rename(join(template, "compiled"), folder);
  await prune(cache, site);
  return folder;
};

/**
 * Compiles the project prepared in `template` and puts the result in `cache`: server and client files, and the
 * routes. There is no data in it, nor any at hand when it is made.
 */
export const compileInto = async (
  cache: string,
  site: string,
  key: string,
  template: string,
): Promise<string> => {
  await runInTemplate("compile.js", template, { VIGIE_COMPILE_ONLY: "yes" });
  return keepCompiled(cache, site, key, template);
};

/**
 * Runs `work` while no other process does the same on this `cache`; the others wait. The lock is the system's: it
 * ends with the process, however that ends.
 */
export const alone = async <Result>(cache: string, work: () => Promise<Result>): Promise<Result> => {
  const file = await open(join(cache, "compile.lock"), "w+");
  try {
    await waitForLock(file.fd);
    return await work();
  } finally {
    await file.close();
  }
};

/** Lays the compiled site in `template`, ready to be rendered. */
export const installCompiled = async (compiled: string, template: string): Promise<void> => {
  const output = join(template, ".svelte-kit", "output");
  await mkdir(output, { recursive: true });
  for (const part of ["server", "client"]) {
    await cp(join(compiled, part), join(output, part), { recursive: true });
  }
  await cp(join(compiled, "metadata.json"), join(template, "metadata.json"));
};
