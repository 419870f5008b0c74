import { randomUUID } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
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
    // The highest quality takes a minute on the 18 MB of DuckDB, for 10% less.
    const quality = bytes.length > 4_000_000 ? 9 : 11;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_LGWIN]: 22,
    };
    const [br, gz] = await Promise.all([brotli(bytes, { params }), deflate(bytes, { level: 9 })]);
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
export const findCompiled = async (
  cache: string,
  site: string,
  key: string,
): Promise<string | undefined> => {
  const folder = join(cache, `${site}-${key}`);
  if (!(await exists(folder))) return undefined;
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
};

/**
 * Compiles the project prepared in `template` (a minute, 3 GB) and puts the result in `cache`: server and client
 * files, with their compressed copies, and the routes. The data it was compiled with stays out of it.
 */
export const compileInto = async (
  cache: string,
  site: string,
  key: string,
  template: string,
): Promise<string> => {
  await runInTemplate("compile.js", template);
  const compiled = join(template, "compiled");
  await precompress(join(compiled, "client"));
  const folder = join(cache, `${site}-${key}`);
  await rename(compiled, folder).catch(async (error: unknown) => {
    // Another process compiled the same meanwhile: its result is as good.
    if (!(await exists(folder))) throw error;
  });
  await prune(cache, site);
  return folder;
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
