import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join, resolve } from "node:path";
import { waitForLock } from "fs-native-extensions";
import { REPORTS } from "../project.ts";
import { sourceDigest } from "../source-digest.ts";
import { UserError } from "../user-error.ts";
import { compilePages } from "./compile-process.ts";

/** Compilations kept: the one in use, and a few to go back to. */
const KEPT = 3;

/** What a compilation is made from: pages, what they are made of, how they are compiled, and the packages used. */
const SOURCES = [
  "pages/**",
  "components/**",
  "static/**",
  "app.html",
  "*.js",
  "package.json",
  "package-lock.json",
];

/** The pages of all audiences compiled once, without any data. */
export interface CompiledPages {
  /** The folder with `server/`, `client/`, `queries.json` and `client-files.json`. */
  readonly folder: string;
  /** Whether it was compiled just now. */
  readonly recompiled: boolean;
}

/**
 * Finds the compilation of today's pages in `cache`, or makes it. It comes there by one rename, whole or not at all;
 * several processes may ask at once: one compiles, the others wait for it.
 *
 * @param log is told, in one line, when it has to compile.
 * @throws Error with the last lines of the compiler when a page is wrong.
 */
export async function compiledPages(
  cache: string,
  log: (line: string) => void = () => undefined,
): Promise<CompiledPages> {
  const home = resolve(cache);
  // Svelte's plugins leave whatever lies there as it is.
  if (home.includes("node_modules")) throw new Error(`The cache may not lie in node_modules: ${home}`);
  await mkdir(home, { recursive: true });
  const known = await find(home, await pagesKey());
  if (known !== undefined) return { folder: known, recompiled: false };
  return await alone(home, async () => {
    const key = await pagesKey();
    const meanwhile = await find(home, key);
    if (meanwhile !== undefined) return { folder: meanwhile, recompiled: false };
    log("compiling the pages of all sites, once for this version of them (about half a minute)");
    return { folder: await compile(home, key), recompiled: true };
  });
}

/** What a compilation depends on, as 16 hexadecimal digits: the contents of its sources. Data is not part of it. */
async function pagesKey(): Promise<string> {
  return (await sourceDigest(REPORTS, SOURCES)).slice(0, 16);
}

async function find(cache: string, key: string): Promise<string | undefined> {
  const folder = join(cache, key);
  const now = new Date();
  // When it was last used decides what is kept; another process may remove it first, or another account own it.
  await utimes(folder, now, now).catch(() => undefined);
  return stat(folder).then(
    () => folder,
    () => undefined,
  );
}

async function compile(cache: string, key: string): Promise<string> {
  await removeScratch(cache);
  const scratch = join(cache, `scratch-${randomUUID()}`);
  await mkdir(scratch);
  try {
    await compilePages(scratch, key);
    if ((await pagesKey()) !== key)
      throw new UserError("The pages changed while they were compiled", "Run the same again");
    await rename(join(scratch, "compiled"), join(cache, key));
    await prune(cache);
    return join(cache, key);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Removes what killed compilations left: whoever holds the lock is the only one who works there. */
async function removeScratch(cache: string): Promise<void> {
  for (const name of await readdir(cache))
    if (name.startsWith("scratch-")) await rm(join(cache, name), { recursive: true, force: true });
}

/** Removes the compilations that were not used lately. */
async function prune(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const used = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(cache, name))).mtimeMs })),
  );
  for (const { name } of used.sort((one, other) => other.at - one.at).slice(KEPT)) {
    // Renamed first: whoever looks at the cache meanwhile finds a whole entry, or none.
    const doomed = join(cache, `scratch-${randomUUID()}`);
    await rename(join(cache, name), doomed);
    await rm(doomed, { recursive: true, force: true });
  }
}

/** Runs `work` while no other process does the same on this `cache`. The lock is the system's: it ends with the process. */
async function alone<Result>(cache: string, work: () => Promise<Result>): Promise<Result> {
  const file = await open(join(cache, "compile.lock"), "w+");
  try {
    await waitForLock(file.fd);
    return await work();
  } finally {
    await file.close();
  }
}
