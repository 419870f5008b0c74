import { CONTRACT } from "./contract.ts";
import { isReasonCode, type ReasonCode, WITHHELD } from "./reasons.ts";
import { type ContractTable, columnOf, columnsOf } from "./table.ts";

/** One row as a mapping delivers it; a column that it leaves out is null. */
export type DeliveredRow = Readonly<Record<string, string | null>>;

/** One problem of one row. A row may have several. */
export interface Rejection {
  /** Index of the row among those judged. */
  readonly row: number;
  /** The column at fault; for a key of several columns their names joined by ", ". */
  readonly column: string;
  /** The cell as delivered; for a key conflict the key, its values joined by a space; withheld where not everyone may read it. */
  readonly value: string | null;
  readonly reason: ReasonCode;
  /** For a key conflict, the index of the row that holds the key. */
  readonly first?: number;
}

/** Where a row stands among the deliveries of a feed whose deliveries are deltas. */
export interface DeltaTurn {
  readonly feed: string;
  /** The turn of the row's file, from 1; a file delivered later has a larger one. */
  readonly turn: number;
}

/** What becomes of the rows of one table: each is accepted, rejected, superseded or an exact duplicate. */
export interface Verdict<Row = unknown> {
  readonly accepted: readonly { readonly row: number; readonly values: Row }[];
  readonly rejected: readonly Rejection[];
  /** The rows that a later delta delivery replaced, with the index of the row that did. */
  readonly superseded: readonly { readonly row: number; readonly by: number }[];
  /** The indexes of the exact duplicates of earlier rows. */
  readonly duplicates: readonly number[];
}

type Values = Readonly<Record<string, unknown>>;
type TypedRow = { row: number; values: Values };

/**
 * Judges whole tables row by row with their zod schemas: the readable twin of the SQL that `compile.ts` writes, for small
 * numbers of rows and as what that SQL is tested against.
 *
 * `rows` are in the order of their files and lines. `known` gives the verdicts of the tables that this one refers to;
 * a table that is absent there has no row. `deltaTurnOf` tells, by index, which rows come from a delta feed. Each check
 * sees the rows that passed the one before it: cells, rules between cells, references, later deltas, then the key.
 */
export function judge<Row>(
  table: ContractTable<string, Row>,
  rows: readonly DeliveredRow[],
  known: ReadonlyMap<string, Verdict> = new Map(),
  deltaTurnOf: (row: number) => DeltaTurn | undefined = () => undefined,
): Verdict<Row> {
  const rejected: Rejection[] = [];
  const read = readRows(table, rows, rejected);
  const referring = keepKnown(table, rows, read, known, rejected);
  const { kept, superseded } = keepNewest(table, referring, deltaTurnOf);
  const { accepted, duplicates } = keepFirst(table, kept, rejected);
  return {
    accepted: accepted as readonly TypedRow[] as Verdict<Row>["accepted"],
    rejected: rejected
      .map((rejection) => withheld(table, rejection))
      .sort((one, other) => one.row - other.row),
    superseded,
    duplicates,
  };
}

/** Judges every table of a delivery in the order of the contract. Gives a verdict for each, delivered or not. */
export function judgeDelivery(
  delivery: Readonly<Record<string, readonly DeliveredRow[]>>,
  deltaTurnOf: (table: string, row: number) => DeltaTurn | undefined = () => undefined,
): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const table of CONTRACT) {
    const turnOf = (row: number) => deltaTurnOf(table.name, row);
    verdicts.set(table.name, judge(table, delivery[table.name] ?? [], verdicts, turnOf));
  }
  return verdicts;
}

function readRows(
  table: ContractTable,
  rows: readonly DeliveredRow[],
  rejected: Rejection[],
): readonly TypedRow[] {
  const nothing = Object.fromEntries(columnsOf(table).map(([name]) => [name, null]));
  return rows.flatMap((delivered, row): TypedRow[] => {
    const result = table.schema.safeParse({ ...nothing, ...delivered });
    if (result.success) return [{ row, values: result.data as Values }];
    for (const { path, message } of result.error.issues) {
      // Anything else is no fault of the row: the caller gave a column that the table has not.
      if (!isReasonCode(message)) throw new Error(`${table.name}: ${message}`);
      const column = String(path[0]);
      rejected.push({ row, column, value: delivered[column] ?? null, reason: message });
    }
    return [];
  });
}

function keepKnown(
  table: ContractTable,
  rows: readonly DeliveredRow[],
  read: readonly TypedRow[],
  known: ReadonlyMap<string, Verdict>,
  rejected: Rejection[],
): readonly TypedRow[] {
  const references = table.references.map(({ column, targets }) => ({
    column,
    values: new Set(
      targets.flatMap((target) =>
        (known.get(target.table.name)?.accepted ?? []).map(({ values }) => (values as Values)[target.column]),
      ),
    ),
  }));
  return read.filter(({ row, values }) => {
    const unknown = references.filter((reference) => {
      const value = values[reference.column];
      return value !== null && !reference.values.has(value);
    });
    for (const { column } of unknown)
      rejected.push({ row, column, value: rows[row]?.[column] ?? null, reason: "unknown_reference" });
    return unknown.length === 0;
  });
}

function keepNewest(
  table: ContractTable,
  read: readonly TypedRow[],
  deltaTurnOf: (row: number) => DeltaTurn | undefined,
): { kept: readonly TypedRow[]; superseded: readonly { row: number; by: number }[] } {
  if (table.key.length === 0) return { kept: read, superseded: [] };
  const groupOf = (feed: string, values: Values) => JSON.stringify([feed, keyOf(table, values)]);
  const newest = new Map<string, { row: number; turn: number; content: string }>();
  for (const { row, values } of read) {
    const delta = deltaTurnOf(row);
    if (delta === undefined) continue;
    const group = groupOf(delta.feed, values);
    if ((newest.get(group)?.turn ?? 0) < delta.turn)
      newest.set(group, { row, turn: delta.turn, content: contentOf(table, values) });
  }
  const superseded: { row: number; by: number }[] = [];
  const kept = read.filter(({ row, values }) => {
    const delta = deltaTurnOf(row);
    const successor = delta && newest.get(groupOf(delta.feed, values));
    if (delta === undefined || successor === undefined || delta.turn === successor.turn) return true;
    if (contentOf(table, values) === successor.content) return true;
    superseded.push({ row, by: successor.row });
    return false;
  });
  return { kept, superseded };
}

function withheld({ rights }: ContractTable, rejection: Rejection): Rejection {
  return rights === undefined || rejection.value === null ? rejection : { ...rejection, value: WITHHELD };
}

function contentOf(table: ContractTable, values: Values): string {
  return JSON.stringify(columnsOf(table).map(([name]) => values[name]));
}

function keyOf(table: ContractTable, values: Values): string {
  return JSON.stringify(table.key.map((name) => values[name]));
}

function keepFirst(
  table: ContractTable,
  read: readonly TypedRow[],
  rejected: Rejection[],
): { accepted: readonly TypedRow[]; duplicates: readonly number[] } {
  if (table.key.length === 0) return { accepted: read, duplicates: [] };
  const seen = new Set<string>();
  const holders = new Map<string, number>();
  const duplicates: number[] = [];
  const accepted = read.filter(({ row, values }) => {
    const content = contentOf(table, values);
    if (seen.has(content)) {
      duplicates.push(row);
      return false;
    }
    seen.add(content);
    const key = keyOf(table, values);
    const first = holders.get(key);
    if (first === undefined) {
      holders.set(key, row);
      return true;
    }
    const value = table.key.map((name) => shown(table, name, values[name])).join(" ");
    rejected.push({ row, column: table.key.join(", "), value, reason: "key_conflict", first });
    return false;
  });
  return { accepted, duplicates };
}

function shown(table: ContractTable, column: string, value: unknown): string {
  return columnOf(table, column).kind === "month" ? String(value).slice(0, 7) : String(value);
}
