import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../warehouse/connection.ts";
import type { Way } from "./change.ts";

/** How one table came by its rows. */
export interface TableWay {
  readonly table: string;
  readonly way: Way;
  /** The rows computed. */
  readonly rows: number;
  readonly wasStale: boolean;
}

/** Keeps in `run.rebuilt` how each table came by its rows. */
export async function keepWays(connection: DuckDBConnection, tables: readonly TableWay[]): Promise<void> {
  await connection.run("create schema if not exists run");
  await connection.run(
    "create table run.rebuilt (table_name varchar, way varchar, rows bigint, was_stale boolean)",
  );
  const rows = tables.map(
    ({ table, way, rows, wasStale }) => `(${quoteText(table)}, ${quoteText(way)}, ${rows}, ${wasStale})`,
  );
  if (rows.length > 0) await connection.run(`insert into run.rebuilt values ${rows.join(", ")}`);
}
