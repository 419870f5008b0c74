import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { GIVEN } from "../warehouse/order.ts";

/** Name of the database in which last night's warehouse is attached, for reading. */
export const LAST_NIGHT = "last_night";

/** A table or view of a database. */
export interface Relation {
  readonly kind: "table" | "view";
  /** Its columns, in their order. */
  readonly columns: readonly string[];
}

const relationRow = z.object({
  id: z.string(),
  kind: z.enum(["table", "view"]),
  columns: z.array(z.string()),
});
const foundRow = z.object({ found: z.boolean() });

/** A table as statements name it. */
export function sqlName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

/** A table of tonight's warehouse, and the same of last night's. */
export function inBoth(warehouse: string, table: string): readonly [tonight: string, before: string] {
  return [`${quoteName(warehouse)}.${table}`, `${LAST_NIGHT}.${table}`];
}

/** Takes out of a copy of last night's warehouse what every night loads anew. */
export async function dropLoaded(connection: DuckDBConnection): Promise<void> {
  for (const given of [...GIVEN, "run"])
    await connection.run(`drop ${given.includes(".") ? "table" : "schema"} if exists ${given} cascade`);
}

/** What a database holds, by `schema.name`. */
export async function relationsOf(
  connection: DuckDBConnection,
  database: string,
): Promise<Map<string, Relation>> {
  const rows = await queryRows(
    connection,
    `select columns.schema_name || '.' || columns.table_name as id,
       case when any_value(tables.table_name) is null then 'view' else 'table' end as kind,
       list(columns.column_name order by columns.column_index) as columns
     from duckdb_columns() as columns
     left join duckdb_tables() as tables
       on tables.database_name = columns.database_name and tables.schema_name = columns.schema_name
       and tables.table_name = columns.table_name
     where columns.database_name = ${quoteText(database)} and not columns.internal
     group by columns.schema_name, columns.table_name`,
    relationRow,
  );
  return new Map(rows.map(({ id, ...relation }) => [id, relation]));
}

/** Whether every night loads this table, but for those of the contract. */
export function isLoaded(id: string): boolean {
  const schema = id.slice(0, id.indexOf("."));
  return schema !== "contract" && (GIVEN.has(id) || GIVEN.has(schema));
}

/** The query of the rows that one of two tables holds and the other does not, or not as often. */
export function differingRows([one, other]: readonly [string, string], columns: readonly string[]): string {
  const listed = columns.map(quoteName).join(", ");
  const [first, second] = [`select ${listed} from ${one}`, `select ${listed} from ${other}`];
  return `(${first} except all ${second}) union all (${second} except all ${first})`;
}

/** Whether a table has other rows tonight than last night; how often a row stands counts, its place does not. */
export async function differs(
  connection: DuckDBConnection,
  warehouse: string,
  table: string,
  columns: readonly string[],
): Promise<boolean> {
  const rows = differingRows(inBoth(warehouse, table), columns);
  const [row] = await queryRows(connection, `select exists (${rows}) as found`, foundRow);
  return row?.found ?? true;
}
