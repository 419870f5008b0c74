import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../pipelines/warehouse/connection.ts";

/** Rows of contract tables, as text; a column left out is null. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>;

const AT_A_TIME = 5000;

/** Fills empty contract tables. */
export async function insertRows(connection: DuckDBConnection, rows: Rows): Promise<void> {
  for (const [table, values] of Object.entries(rows)) {
    const columns = [...new Set(values.flatMap((row) => Object.keys(row)))];
    for (let from = 0; from < values.length; from += AT_A_TIME) {
      const tuples = values.slice(from, from + AT_A_TIME).map((row) => {
        const cells = columns.map((column) => row[column] ?? null);
        return `(${cells.map((cell) => (cell === null ? "null" : quoteText(cell))).join(", ")})`;
      });
      await connection.run(
        `insert into contract.${table} (${columns.join(", ")}) select * from (values ${tuples.join(", ")})`,
      );
    }
  }
}
