import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { LAST_NIGHT } from "./part.ts";

/** The schemas whose tables a night loads before it builds any model, and makes anew every night. */
const LOADED_SCHEMAS = ["contract", "load", "strategy", "remembered"] as const;

/** The one loaded table that stands among models. */
const LOADED_TABLE = { schema: "kpi", name: "indicator" } as const;

/** A table by its schema and name. */
export interface Named {
  readonly schema: string;
  readonly name: string;
}

/** A table as statements name it. */
export function sqlName({ schema, name }: Named): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

const relationRow = z.object({ schema: z.string(), name: z.string(), kind: z.enum(["table", "view"]) });
const columnRow = z.object({ name: z.string() });
const foundRow = z.object({ found: z.boolean() });

/** Takes out of a copy of last night's warehouse what every night loads anew. */
export async function dropLoaded(connection: DuckDBConnection): Promise<void> {
  for (const schema of [...LOADED_SCHEMAS, "run"])
    await connection.run(`drop schema if exists ${schema} cascade`);
  await connection.run(`drop table if exists ${sqlName(LOADED_TABLE)}`);
}

/** Which tables and views a database holds, by `schema.name`. */
export async function standingRelations(
  connection: DuckDBConnection,
  database: string,
): Promise<Map<string, "table" | "view">> {
  const named = quoteText(database.replaceAll('"', ""));
  const rows = await queryRows(
    connection,
    `select schema_name as schema, table_name as name, 'table' as kind from duckdb_tables() where database_name = ${named}
     union all
     select schema_name, view_name, 'view' from duckdb_views() where database_name = ${named} and not internal`,
    relationRow,
  );
  return new Map(rows.map(({ schema, name, kind }) => [`${schema}.${name}`, kind]));
}

/** The tables that tonight has loaded, those of the contract left out, with `schema.name` as their id. */
export async function loadedTables(
  connection: DuckDBConnection,
  database: string,
): Promise<(Named & { readonly id: string })[]> {
  const standing = await standingRelations(connection, database);
  return [...standing.keys()].flatMap((id) => {
    const [schema = "", name = ""] = id.split(".");
    const isLoaded = LOADED_SCHEMAS.some((loaded) => loaded === schema) && schema !== "contract";
    const isTable = schema === LOADED_TABLE.schema && name === LOADED_TABLE.name;
    return isLoaded || isTable ? [{ id, schema, name }] : [];
  });
}

/** Whether a loaded table has last night's columns and rows. */
export async function isAsBefore(
  connection: DuckDBConnection,
  database: string,
  table: Named,
): Promise<boolean> {
  const columns = await columnsOf(connection, database, table);
  const before = await columnsOf(connection, LAST_NIGHT, table);
  if (columns.join() !== before.join()) return false;
  return !(await differs(connection, database, sqlName(table), columns));
}

/** The columns of a table, in their order; none where the database has no such table. */
export async function columnsOf(
  connection: DuckDBConnection,
  database: string,
  { schema, name }: Named,
): Promise<string[]> {
  const rows = await queryRows(
    connection,
    `select column_name as name from duckdb_columns()
     where database_name = ${quoteText(database.replaceAll('"', ""))} and schema_name = ${quoteText(schema)} and table_name = ${quoteText(name)}
     order by column_index`,
    columnRow,
  );
  return rows.map((row) => row.name);
}

/** Whether a table has other rows tonight than last night; how often a row stands counts, its place does not. */
export async function differs(
  connection: DuckDBConnection,
  database: string,
  table: string,
  columns: readonly string[],
): Promise<boolean> {
  const listed = columns.map(quoteName).join(", ");
  const tonight = `select ${listed} from ${database}.${table}`;
  const before = `select ${listed} from ${LAST_NIGHT}.${table}`;
  const [row] = await queryRows(
    connection,
    `select exists (${tonight} except all ${before}) or exists (${before} except all ${tonight}) as found`,
    foundRow,
  );
  return row?.found ?? true;
}
