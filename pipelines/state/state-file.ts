import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import type { Workspace } from "../workspace.ts";

/** One kind of what nights remember: a folder of `state/`, and what a line of its files holds. */
export interface StateKind<Line> {
  readonly folder: string;
  readonly line: z.ZodType<Line>;
}

/** Where a file of the state stands among its like: the date of its night, and which telling of that date it is. */
export interface StateName {
  readonly asOf: string;
  readonly revision: number;
}

/** What one file holds. */
export interface StateFile<Line> extends StateName {
  /** The file that this one continues, by its name; null for the first. */
  readonly follows: string | null;
  readonly lines: readonly Line[];
}

const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "is no date yyyy-mm-dd");
const fileName = /^(\d{4}-\d{2}-\d{2})\.(\d+)\.jsonl$/;
const header = z.strictObject({
  as_of: isoDate,
  revision: z.int().min(1),
  follows: z.string().nullable(),
  lines: z.int().min(0),
});

/** The name of a state file without its ending, as `follows` writes it. */
export function nameOf({ asOf, revision }: StateName): string {
  return `${asOf}.${revision}`;
}

/** The text of a state file: a first line that says what follows, then one JSON object a line. */
export function textOf<Line>({ asOf, revision, follows, lines }: StateFile<Line>): string {
  const first = { as_of: asOf, revision, follows, lines: lines.length };
  return [first, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * The files of one kind, oldest date first, the tellings of one date in their order.
 *
 * @throws UserError for a file that is none of vigie's.
 */
export async function listState<Line>(workspace: Workspace, kind: StateKind<Line>): Promise<StateName[]> {
  const names = await namesIn(join(workspace.state, kind.folder));
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => {
      const [, asOf, revision] = fileName.exec(name) ?? [];
      if (asOf === undefined || revision === undefined) {
        throw new UserError(
          `state/${kind.folder}/${name}: is no file of the state`,
          "Files there are named date.number.jsonl by the nights. Move it elsewhere.",
        );
      }
      return { asOf, revision: Number(revision) };
    })
    .sort((one, other) =>
      one.asOf === other.asOf ? one.revision - other.revision : one.asOf < other.asOf ? -1 : 1,
    );
}

/** The last telling of each date, oldest date first. */
export function lastTellings(names: readonly StateName[]): StateName[] {
  return names.filter((name, i) => names[i + 1]?.asOf !== name.asOf);
}

/**
 * Reads one state file.
 *
 * @throws UserError naming file, line and value when it is damaged or was cut short.
 */
export async function readStateFile<Line>(
  workspace: Workspace,
  kind: StateKind<Line>,
  name: string,
): Promise<StateFile<Line>> {
  const path = join(workspace.state, kind.folder, `${name}.jsonl`);
  const place = relative(workspace.root, path);
  const [first = "", ...rest] = (await textAt(path, place)).split("\n");
  const { as_of, revision, follows, lines } = parseLine(header, first, `${place}:1`);
  if (name !== nameOf({ asOf: as_of, revision }))
    throw damaged(`${place}:1`, `tells of ${as_of}.${revision}, not of ${name}`);
  if (rest.at(-1) !== "" || rest.length - 1 !== lines)
    throw damaged(place, `announces ${lines} lines and holds ${rest.filter((line) => line !== "").length}`);
  return {
    asOf: as_of,
    revision,
    follows,
    lines: rest.slice(0, -1).map((line, i) => parseLine(kind.line, line, `${place}:${i + 2}`)),
  };
}

/** Parses one line of JSON; `place` is for the message. */
export function parseLine<Line>(schema: z.ZodType<Line>, text: string, place: string): Line {
  const parsed = schema.safeParse(jsonOf(text, place));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw damaged(place, `${path}${issue?.message ?? "is not as it was written"}: ${shorten(text)}`);
}

/** The names in a folder of the state; none where it does not exist yet. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

async function textAt(path: string, place: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw damaged(place, "is missing, and a later file continues it");
    throw error;
  }
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(place, `is no JSON: ${shorten(text)}`);
  }
}

function damaged(place: string, what: string): UserError {
  return new UserError(
    `${place}: the state is damaged: it ${what}`,
    "Put the file back from a backup. To begin anew without the memory, move its folder out of state/.",
  );
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text === "" ? "(nothing)" : text;
}
