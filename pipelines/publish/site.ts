import { randomUUID } from "node:crypto";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { alone, compileInto, findCompiled, installCompiled } from "./site-compiled.ts";
import { runInTemplate } from "./site-process.ts";
import { hashDataPaths, placeData, prepareProject, projectKey } from "./site-project.ts";
import { type Audience, schemaOf } from "./sites.ts";

/** What to build, and where. */
export type SiteBuild = {
  /** The audience: a folder of `reports/`. */
  audience: Audience;
  /** Folder with one Parquet file a table; the pages see it as the audience's schema. */
  extract: string;
  /** Folder to create with the static site; it must not exist, or be empty. */
  out: string;
  /** Folder that keeps compiled sites from one build to the next; several processes may share it. */
  cache: string;
  /** Is told of each step, one line each. */
  log?: (line: string) => void;
};

const isRunning = (process_id: number): boolean => {
  try {
    process.kill(process_id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

/** Removes the scratch folders that killed builds left in `cache`. */
const removeLeftovers = async (cache: string): Promise<void> => {
  for (const name of await readdir(cache)) {
    const owner = /^scratch-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) {
      await rm(join(cache, name), { recursive: true, force: true });
    }
  }
};

const assemble = async (template: string, folder: string): Promise<void> => {
  const output = join(template, ".svelte-kit", "output");
  await rename(join(output, "client"), folder);
  for (const part of ["pages", "dependencies"]) {
    await cp(join(output, "prerendered", part), folder, { recursive: true });
  }
  await cp(join(template, "static", "data"), join(folder, "data"), { recursive: true });
  await hashDataPaths(folder);
};

const move = async (from: string, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to).catch(async (error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    const beside = `${to}.${randomUUID()}`;
    await cp(from, beside, { recursive: true });
    await rename(beside, to);
  });
};

/**
 * Builds the static site of one audience from its extract. Pages, components and packages are compiled once and kept
 * in `cache`, for all the sites of an audience; as long as they do not change, a build only renders the pages again from the data (seconds, not a
 * minute). `out` appears whole or not at all; work goes on in a fresh folder inside `cache`, removed afterwards and
 * shared with no other build. Returns how many pages it has and whether it had to compile.
 *
 * @throws Error with the last lines of Evidence's output when a page or a query fails
 */
export const buildSite = async (build: SiteBuild): Promise<{ pages: number; recompiled: boolean }> => {
  const { audience, extract } = build;
  const log = build.log ?? (() => {});
  const cache = resolve(build.cache);
  // Svelte's plugins leave whatever lies there as it is.
  if (cache.includes("node_modules")) throw new Error(`The cache may not lie in node_modules: ${cache}`);
  await mkdir(cache, { recursive: true });
  await removeLeftovers(cache);
  const key = await projectKey(audience);
  const scratch = join(cache, `scratch-${process.pid}-${randomUUID()}`);
  try {
    const compile = async () => {
      const meanwhile = await findCompiled(cache, audience, key);
      if (meanwhile !== undefined) return { compiled: meanwhile, recompiled: false };
      log(`compiling the site ${audience} (once for these pages and components, about a minute)`);
      const template = await prepareProject(audience, key, join(scratch, "compile"));
      return { compiled: await compileInto(cache, audience, key, template), recompiled: true };
    };
    const known = await findCompiled(cache, audience, key);
    const { compiled, recompiled } =
      known === undefined ? await alone(cache, compile) : { compiled: known, recompiled: false };
    log(`rendering the pages of ${audience}`);
    const template = await prepareProject(audience, key, join(scratch, "render"));
    await placeData(template, schemaOf(audience), extract);
    await installCompiled(compiled, template);
    const message = await runInTemplate("render.js", template);
    await assemble(template, join(scratch, "site"));
    await move(join(scratch, "site"), resolve(build.out));
    return { pages: Number((message as { pages: number }).pages), recompiled };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
