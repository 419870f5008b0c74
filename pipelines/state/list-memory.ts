import {
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDateValue,
  INTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import { z } from "zod";
import { insertColumns } from "../effects/insert-columns.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { Workspace } from "../workspace.ts";
import { type PendingFile, type Remembered, rememberedBefore, tell } from "./state.ts";
import type { StateKind } from "./state-file.ts";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "is no date yyyy-mm-dd");

/** One household on the list of one night. */
const listLine = z.strictObject({
  as_of: day,
  lease_id: z.string().min(1),
  agency_id: z.string().min(1),
  place: z.int().min(1),
  probability: z.number().min(0).max(1),
  listed_since: day,
  in_shadow: z.boolean(),
});

export type ListLine = z.infer<typeof listLine>;

/** `state/lists/`: which households were on the lists of which night, with their place and probability. */
const LISTS: StateKind<ListLine> = { folder: "lists", line: listLine };

/**
 * The lists of the nights before `asOf`, as far back as anything looks at them: `months` of past lists, and half a year
 * before the first of these.
 *
 * @throws UserError when a file of the state is damaged or missing.
 */
export async function rememberedLists(
  workspace: Workspace,
  asOf: string,
  months: number,
): Promise<Remembered<ListLine>> {
  const since = new Date(asOf);
  since.setUTCMonth(since.getUTCMonth() - months);
  since.setUTCDate(since.getUTCDate() - LOOKED_BACK_DAYS);
  return rememberedBefore(workspace, LISTS, asOf, since.toISOString().slice(0, "yyyy-mm-dd".length));
}

/** A list counts as a warning for so many days, and scores stand on month ends. */
const LOOKED_BACK_DAYS = 183 + 31;

/** Fills `remembered.listed`, from which SQL knows who was on earlier lists. */
export async function loadListMemory(
  connection: DuckDBConnection,
  lines: readonly ListLine[],
): Promise<void> {
  await connection.run("create schema if not exists remembered");
  await connection.run(`
    create table remembered.listed (
      as_of date not null, lease_id varchar not null, agency_id varchar not null, place integer not null,
      probability double not null, listed_since date not null, in_shadow boolean not null, primary key (as_of, lease_id)
    )`);
  const at =
    <Value>(value: (line: ListLine) => Value) =>
    (row: number): Value | null => {
      const line = lines[row];
      return line === undefined ? null : value(line);
    };
  await insertColumns(connection, "remembered", "listed", lines.length, [
    { type: DATE, at: at((line) => dateOf(line.as_of)) },
    { type: VARCHAR, at: at((line) => line.lease_id) },
    { type: VARCHAR, at: at((line) => line.agency_id) },
    { type: INTEGER, at: at((line) => line.place) },
    { type: DOUBLE, at: at((line) => line.probability) },
    { type: DATE, at: at((line) => dateOf(line.listed_since)) },
    { type: BOOLEAN, at: at((line) => line.in_shadow) },
  ]);
}

/** The files that tonight's lists add to the state; `follows` is the file that they continue. */
export async function tellLists(
  connection: DuckDBConnection,
  workspace: Workspace,
  asOf: string,
  follows: string | null,
): Promise<PendingFile[]> {
  const lines = await queryRows(
    connection,
    `select as_of, lease_id, agency_id, place, probability, listed_since, in_shadow
     from prevention.list order by agency_id, place`,
    listLine,
  );
  return tell(workspace, LISTS, asOf, follows, lines);
}

const MILLISECONDS_OF_DAY = 86_400_000;

function dateOf(isoDay: string): DuckDBDateValue {
  return new DuckDBDateValue(Date.parse(isoDay) / MILLISECONDS_OF_DAY);
}
