import { createHash } from "node:crypto";
import { closeSync, constants, existsSync, mkdirSync, openSync } from "node:fs";
import { cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unlock, waitForLock } from "fs-native-extensions";
import { glob } from "tinyglobby";
import { inject } from "vitest";
import { type SimulateOptions, simulate } from "../data-samples/simulator/simulate.ts";
import { runNight } from "../pipelines/nightly.ts";
import { PROJECT, SITE_CACHE } from "../pipelines/project.ts";
import { openNightSites } from "../pipelines/publish/night-sites.ts";
import { AUDIENCES, sitesOf } from "../pipelines/publish/sites.ts";
import { readStrategy } from "../pipelines/strategy/read-strategy.ts";
import { currentNight, openWorkspace } from "../pipelines/workspace.ts";
import { writeTinyLandlord } from "./tiny-landlord.ts";

const silent = { isTerminal: false, write: () => undefined };

/** The simulated landlord that test files share. */
export const SIMULATED = { dwellings: 600, months: 30, seed: 3 } as const satisfies Omit<
  SimulateOptions,
  "out"
>;

/**
 * The folder of a simulated landlord with its first night: all extracts are written, no page is rendered. It is made once
 * in a run of the tests, by the first file that asks, and is for reading only: who changes it takes a copy.
 */
export function simulatedNight(): Promise<string> {
  return madeOnce("simulated", async (folder) => {
    await simulate({ ...SIMULATED, out: folder });
    await runNight({ workspace: folder, asOf: undefined, output: silent, sites: AUDIENCES, render: false });
  });
}

/** The same landlord and night with its sites, for reading only. */
export function simulatedSites(): Promise<string> {
  return madeOnce("simulated-sites", async (folder) => {
    await cp(await simulatedNight(), folder, { recursive: true, verbatimSymlinks: true });
    const workspace = openWorkspace(folder);
    const night = await currentNight(workspace);
    if (night === undefined) throw new Error("the simulated landlord has no night");
    const sites = await openNightSites(SITE_CACHE, night.sites);
    const { scopes } = await readStrategy(workspace.strategyFile);
    for (const site of sitesOf(AUDIENCES, scopes)) await sites.render(site, join(night.extracts, site.name));
    await sites.layFiles();
  });
}

/** The folder of the tiny landlord with its first night, without sites; made once in a run, for reading only. */
export function tinyNight(): Promise<string> {
  return madeOnce("tiny", async (folder) => {
    await writeTinyLandlord(folder);
    await runNight({ workspace: folder, asOf: undefined, output: silent, sites: [] });
  });
}

/** A copy of a shared landlord's folder, of the caller's own, in a new temporary folder. */
export async function copyOf(landlord: string): Promise<string> {
  const copy = join(await mkdtemp(join(tmpdir(), "vigie-copy-")), "landlord");
  await cp(landlord, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  return copy;
}

/**
 * Makes a folder unless another test file of the run has, from the same sources: a run that watches goes on after they change.
 * Whoever asks meanwhile waits. It appears whole or not at all.
 */
async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const root = inject("runFolder");
  const folder = join(root, `${name}-${await hashOfSources()}`);
  mkdirSync(root, { recursive: true });
  const lock = openSync(`${folder}.lock`, "a+");
  await waitForLock(lock);
  try {
    if (existsSync(folder)) return folder;
    const making = `${folder}.making`;
    await rm(making, { recursive: true, force: true });
    await make(making);
    await rename(making, folder);
    return folder;
  } finally {
    unlock(lock);
    closeSync(lock);
  }
}

/** Tells apart what landlords and nights are made by. */
async function hashOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const files = await glob(
    [
      "data-samples/**",
      "models/**",
      "pipelines/**",
      "reports/{pages,components}/**",
      "sql/**/*.sql",
      "test/tiny-landlord.ts",
    ],
    {
      cwd: PROJECT,
    },
  );
  for (const file of files.sort()) hash.update(file).update(await readFile(join(PROJECT, file)));
  return hash.digest("hex").slice(0, 16);
}
