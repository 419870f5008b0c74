import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { chmod, mkdir, readdir, realpath, rename, rm, symlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { tryLock, unlock } from "fs-native-extensions";
import { UserError } from "./user-error.ts";

/**
 * The paths of a landlord's folder. `inbox` is never written to; all but `inbox`, `sources`, the strategy and `state` can
 * be deleted and rebuilt.
 */
export interface Workspace {
  readonly root: string;
  readonly strategyFile: string;
  readonly sources: string;
  readonly inbox: string;
  readonly state: string;
  readonly nights: string;
  /** What the files of the inbox were read into. */
  readonly readings: string;
  /** A link to the last good night. */
  readonly current: string;
}

/** The folder of one night, published or being built. */
export interface NightFolder {
  readonly number: string;
  readonly path: string;
  readonly warehouse: string;
  readonly staging: string;
  readonly extracts: string;
  readonly sites: string;
  /** Lists of cases, for those with a right to them; in no site. */
  readonly exports: string;
}

/** Where everything of a landlord's folder stands; nothing is read or made. */
export function openWorkspace(folder: string): Workspace {
  const root = resolve(folder);
  return {
    root,
    strategyFile: join(root, "vigie.yaml"),
    sources: join(root, "sources"),
    inbox: join(root, "inbox"),
    state: join(root, "state"),
    nights: join(root, "nights"),
    readings: join(root, "cache", "read"),
    current: join(root, "current"),
  };
}

/**
 * Takes the workspace for some work, and gives it back however that ends. The lock is the operating system's, held on an open
 * file: it goes with the process too, so that a dead night never keeps the next one out.
 *
 * @throws UserError when another process holds it, naming that process.
 */
export async function withLock<T>(workspace: Workspace, work: () => Promise<T>): Promise<T> {
  const path = join(workspace.root, "lock");
  const file = openSync(path, "a+");
  let isHeld = false;
  try {
    isHeld = tryLock(file);
    if (!isHeld) {
      const holder = readFileSync(path, "utf8").trim().split("\n").at(-1);
      throw new UserError(
        `${workspace.root}: another night is running here (process ${holder})`,
        "Wait for it to end, or name another folder with --workspace.",
      );
    }
    writeSync(file, `${process.pid}\n`);
    return await work();
  } finally {
    if (isHeld) unlock(file);
    closeSync(file);
  }
}

/**
 * Clears what killed and failed nights left behind and makes the folder in which the next one is built, beside the last good one.
 * What stands below `nights/` and `state/` names households: only the owner of the process may enter.
 */
export async function beginNight(workspace: Workspace): Promise<NightFolder> {
  for (const folder of [workspace.nights, workspace.state]) {
    await mkdir(folder, { recursive: true, mode: OWNER_FOLDER });
    await chmod(folder, OWNER_FOLDER);
  }
  const published = (await currentNight(workspace))?.number;
  for (const name of await readdir(workspace.nights)) {
    const abandoned =
      name.endsWith(PARTIAL) || name.endsWith(FAILED) || published === undefined || name > published;
    if (abandoned) await rm(join(workspace.nights, name), { recursive: true, force: true });
  }
  const number = String(Number(published ?? "0") + 1).padStart(6, "0");
  const night = nightFolder(number, join(workspace.nights, number + PARTIAL));
  for (const folder of [night.staging, night.extracts, night.sites, night.exports])
    await mkdir(folder, { recursive: true, mode: OWNER_FOLDER });
  return night;
}

/**
 * Makes a finished night the current one, its files readable by their owner only. Readers see the old night until one
 * `rename` shows them the new one whole.
 *
 * @returns the night's folder at its final place.
 */
export async function switchToNight(workspace: Workspace, night: NightFolder): Promise<NightFolder> {
  await rm(night.staging, { recursive: true, force: true });
  await keepToOwner(night.path);
  const path = join(workspace.nights, night.number);
  await rename(night.path, path);
  const next = `${workspace.current}.next`;
  await rm(next, { force: true });
  await symlink(join("nights", night.number), next);
  await rename(next, workspace.current);
  return nightFolder(night.number, path);
}

/**
 * Keeps the warehouse of a night that failed, readable by its owner only, until the next night begins. What else the night
 * had written goes.
 *
 * @returns the warehouse at its new place; undefined when the night failed before it had one.
 */
export async function keepFailedNight(night: NightFolder): Promise<string | undefined> {
  if (!existsSync(night.warehouse)) {
    await rm(night.path, { recursive: true, force: true });
    return undefined;
  }
  for (const folder of [night.staging, night.extracts, night.sites, night.exports])
    await rm(folder, { recursive: true, force: true });
  await keepToOwner(night.path);
  const path = night.path.replace(PARTIAL, FAILED);
  await rename(night.path, path);
  return nightFolder(night.number, path).warehouse;
}

/** The night that failed and was kept; undefined when there is none. */
export async function failedNight(workspace: Workspace): Promise<NightFolder | undefined> {
  if (!existsSync(workspace.nights)) return undefined;
  const name = (await readdir(workspace.nights)).find((folder) => folder.endsWith(FAILED));
  if (name === undefined) return undefined;
  return nightFolder(name.slice(0, -FAILED.length), join(workspace.nights, name));
}

/** How much is kept of past nights. */
export interface KeptNights {
  /** Nights whose sites, extracts and exports stay. */
  readonly keep: number;
  /** Nights whose warehouse stays too. */
  readonly warehouses: number;
}

/** Deletes the oldest nights until `keep` are left, and the warehouses of all but the newest; the current night stays whole. */
export async function pruneNights(workspace: Workspace, { keep, warehouses }: KeptNights): Promise<void> {
  const numbers = (await readdir(workspace.nights)).filter((name) => /^\d+$/.test(name)).sort();
  const kept = numbers.slice(-keep);
  for (const number of numbers.slice(0, -keep))
    await rm(join(workspace.nights, number), { recursive: true, force: true });
  for (const number of kept.slice(0, -warehouses))
    await rm(nightFolder(number, join(workspace.nights, number)).warehouse, { force: true });
}

/**
 * The last good night at the instant it was asked for, at its own place: it stays the same night after a switch.
 * Undefined before the first. Nothing is kept between two calls.
 */
export async function currentNight(workspace: Workspace): Promise<NightFolder | undefined> {
  try {
    const path = await realpath(workspace.current);
    return nightFolder(basename(path), path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const PARTIAL = ".partial";
const FAILED = ".failed";
const OWNER_FOLDER = 0o700;
const OWNER_FILE = 0o600;

async function keepToOwner(folder: string): Promise<void> {
  await chmod(folder, OWNER_FOLDER);
  for (const item of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name);
    if (item.isDirectory()) await chmod(path, OWNER_FOLDER);
    else if (item.isFile()) await chmod(path, OWNER_FILE);
  }
}

function nightFolder(number: string, path: string): NightFolder {
  return {
    number,
    path,
    warehouse: join(path, "warehouse.duckdb"),
    staging: join(path, "staging"),
    extracts: join(path, "extracts"),
    sites: join(path, "sites"),
    exports: join(path, "exports"),
  };
}
