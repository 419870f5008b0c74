import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { currentNight, type NightFolder, type Workspace } from "../workspace.ts";
import {
  lastTellings,
  listState,
  nameOf,
  namesIn,
  readStateFile,
  type StateFile,
  type StateKind,
  textOf,
} from "./state-file.ts";

/** What nights before a date remembered, and the file in which that ends. */
export interface Remembered<Line> {
  readonly follows: string | null;
  /** Oldest first. */
  readonly lines: readonly Line[];
}

/** A file that is to join the state with the switch of its night. */
export interface PendingFile {
  /** Path below `state/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * What the nights before `asOf` remembered: the newest file of an earlier date and those that it continues, one by one.
 * A file of the same date does not count, so that a night run again finds what it found the first time; nor do later
 * dates, nor dates between that were told afterwards, by a night dated back. `since` is the first date that is read at all.
 *
 * @throws UserError when a file is damaged or missing.
 */
export async function rememberedBefore<Line>(
  workspace: Workspace,
  kind: StateKind<Line>,
  asOf: string,
  since = "",
): Promise<Remembered<Line>> {
  const earlier = (await listState(workspace, kind)).filter((name) => name.asOf < asOf).at(-1);
  const files: StateFile<Line>[] = [];
  let next = earlier === undefined ? null : nameOf(earlier);
  while (next !== null && next >= since) {
    const file: StateFile<Line> = await readStateFile(workspace, kind, next);
    files.unshift(file);
    // A file continues an earlier date only: damaged ones cannot lead round in a circle.
    next = file.follows !== null && file.follows < nameOf(file) ? file.follows : null;
  }
  return {
    follows: earlier === undefined ? null : nameOf(earlier),
    lines: files.flatMap(({ lines }) => lines),
  };
}

/** The last telling of each date that is not before `from`, oldest first. */
export async function tellingsSince<Line>(
  workspace: Workspace,
  kind: StateKind<Line>,
  from: string,
): Promise<StateFile<Line>[]> {
  const names = lastTellings(await listState(workspace, kind)).filter(({ asOf }) => asOf >= from);
  return Promise.all(names.map((name) => readStateFile(workspace, kind, nameOf(name))));
}

/** Whether the state tells of a night later than `asOf`: then this night is dated back. */
export async function isDatedBack<Line>(
  workspace: Workspace,
  kind: StateKind<Line>,
  asOf: string,
): Promise<boolean> {
  return (await listState(workspace, kind)).some((name) => name.asOf > asOf);
}

/**
 * The file that tells what a night adds, also when that is nothing: a date that was told is known. Nothing is ever changed:
 * the same night run again adds no file when it tells the same, and a new telling beside the old one when it does not.
 */
export async function tell<Line>(
  workspace: Workspace,
  kind: StateKind<Line>,
  asOf: string,
  follows: string | null,
  lines: readonly Line[],
): Promise<PendingFile[]> {
  const last = (await listState(workspace, kind)).filter((name) => name.asOf === asOf).at(-1);
  if (last !== undefined) {
    const told = await readStateFile(workspace, kind, nameOf(last));
    if (textOf(told) === textOf({ ...last, follows, lines })) return [];
  }
  const name = { asOf, revision: (last?.revision ?? 0) + 1 };
  const text = textOf({ ...name, follows, lines });
  return [{ path: join(kind.folder, `${nameOf(name)}.jsonl`), text }];
}

/**
 * Lays down what a night is to add to the state, under the night's number: it counts from the instant at which that night
 * becomes the current one.
 */
export async function layDown(
  workspace: Workspace,
  night: NightFolder,
  files: readonly PendingFile[],
): Promise<void> {
  for (const { path, text } of files) {
    const pending = join(pendingFolder(workspace, night.number), path);
    await mkdir(dirname(pending), { recursive: true, mode: OWNER_FOLDER });
    await writeFile(pending, text, { mode: OWNER_FILE, flush: true });
  }
}

/**
 * Settles what nights laid down: what the current night did joins the state, what a night left behind that never became
 * current is dropped. Every night begins with it and ends with it, so that a night killed in between is made whole.
 */
export async function settleState(workspace: Workspace): Promise<void> {
  const current = (await currentNight(workspace))?.number;
  for (const number of await namesIn(join(workspace.state, PENDING))) {
    const folder = pendingFolder(workspace, number);
    if (number === current) {
      for (const kind of await namesIn(folder)) {
        const place = join(workspace.state, kind);
        await mkdir(place, { recursive: true, mode: OWNER_FOLDER });
        await chmod(place, OWNER_FOLDER);
        for (const name of await namesIn(join(folder, kind)))
          await rename(join(folder, kind, name), join(place, name));
      }
    }
    await rm(folder, { recursive: true, force: true });
  }
}

const PENDING = "pending";
const OWNER_FOLDER = 0o700;
const OWNER_FILE = 0o600;

function pendingFolder(workspace: Workspace, number: string): string {
  return join(workspace.state, PENDING, number);
}
