import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { describeTable, emptyTable, fillTable, prepareContract } from "../../pipelines/contract/compile.ts";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import type { DeliveredRow } from "../../pipelines/contract/judge.ts";
import { type ContractTable, columnsOf } from "../../pipelines/contract/table.ts";

/** A delivered row and where it starts: the n-th line of a file. */
export interface PlacedRow {
  readonly file: number;
  readonly line: number;
  readonly cells: DeliveredRow;
}

/** What became of the rows of one table, in an order and with values that zod's verdict and SQL's can share. */
export interface Outcome {
  readonly accepted: readonly unknown[];
  readonly rejected: readonly unknown[];
  readonly superseded: readonly unknown[];
  readonly duplicates: readonly unknown[];
}

/** A warehouse in memory that may not reach outside and whose configuration is locked, ready for the contract. */
export async function openWarehouse(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    enable_external_access: "false",
    lock_configuration: "true",
  });
  const connection = await instance.connect();
  for (const statement of prepareContract()) await connection.run(statement);
  return connection;
}

/**
 * Fills the tables of the contract from the delivered rows of each; a table without rows is made empty. `deltas` are the
 * files of delta feeds.
 */
export async function fill(
  connection: DuckDBConnection,
  delivery: Readonly<Record<string, readonly PlacedRow[]>>,
  deltas: readonly { file: number; feed: string }[] = [],
): Promise<void> {
  for (const { file, feed } of deltas)
    await connection.run(`insert into load.delta_file values (${file}, '${feed}')`);
  for (const table of CONTRACT) {
    const rows = delivery[table.name];
    const statements = rows === undefined ? emptyTable(table) : await fillFrom(connection, table, rows);
    for (const statement of [...statements, ...describeTable(table)]) await connection.run(statement);
  }
}

async function fillFrom(
  connection: DuckDBConnection,
  table: ContractTable,
  rows: readonly PlacedRow[],
): Promise<string[]> {
  const given = columnsOf(table).map(([name]) => name);
  const columns = given.map((name) => `"${name}" varchar`).join(", ");
  await connection.run(`create or replace temp table delivered (${columns}, file_id integer, line integer)`);
  const appender = await connection.createAppender("delivered", null, "temp");
  for (const { file, line, cells } of rows) {
    for (const name of given) {
      const cell = cells[name] ?? null;
      if (cell === null) appender.appendNull();
      else appender.appendVarchar(cell);
    }
    appender.appendInteger(file);
    appender.appendInteger(line);
    appender.endRow();
  }
  appender.closeSync();
  return fillTable(table, { select: "select * from delivered -- as delivered", given });
}

/** What the warehouse holds of one table. */
export async function outcomeOf(connection: DuckDBConnection, table: ContractTable): Promise<Outcome> {
  const values = columnsOf(table).map(([name, { kind }]) => {
    if (kind === "decimal") return `"${name}"::double as "${name}"`;
    return kind === "integer" || kind === "flag" ? `"${name}"` : `"${name}"::varchar as "${name}"`;
  });
  return {
    accepted: await rowsOf(
      connection,
      `select file_id as file, line::integer as line, ${values.join(", ")} from contract.${table.name}`,
    ),
    rejected: inOrder(
      (
        await rowsOf(
          connection,
          `select file_id as file, line::integer as line, column_name as column, to_json(value)::varchar as value,
            reason, position, first_file_id as first_file, first_line::integer as first_line
          from load.rejected_row where table_name = '${table.name}'`,
        )
      ).map((row) => ({ ...row, value: unquoted(row.value) })),
    ),
    superseded: await rowsOf(
      connection,
      `select file_id as file, line::integer as line, by_file_id as by_file, by_line::integer as by_line
      from load.superseded_row where table_name = '${table.name}'`,
    ),
    duplicates: await rowsOf(
      connection,
      `select file_id as file, line::integer as line from load.duplicate_row where table_name = '${table.name}'`,
    ),
  };
}

// Read as JSON because the client takes a byte-order mark off the front of a text.
function unquoted(json: unknown): string | null {
  return typeof json === "string" ? JSON.parse(json) : null;
}

async function rowsOf(connection: DuckDBConnection, query: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(query);
  return inOrder(reader.getRowObjectsJS());
}

/** The same rows in an order that depends on their content alone. */
export function inOrder<Row>(rows: readonly Row[]): Row[] {
  return rows
    .map((row) => ({ row, text: JSON.stringify(row) }))
    .sort((one, other) => (one.text < other.text ? -1 : 1))
    .map(({ row }) => row);
}
