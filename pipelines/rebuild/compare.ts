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
const columnsRow = z.object({ id: z.string(), columns: z.array(z.string()) });
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
  const named = quoteText(database);
  const rows = await queryRows(
    connection,
    `select schema_name as schema, table_name as name, 'table' as kind from duckdb_tables() where database_name = ${named}
     union all
     select schema_name, view_name, 'view' from duckdb_views() where database_name = ${named} and not internal`,
    relationRow,
  );
  return new Map(rows.map(({ schema, name, kind }) => [`${schema}.${name}`, kind]));
}

/** The columns of every table of a database, in their order, by `schema.name`. */
export async function columnsOfAll(
  connection: DuckDBConnection,
  database: string,
): Promise<Map<string, readonly string[]>> {
  const rows = await queryRows(
    connection,
    `select schema_name || '.' || table_name as id, list(column_name order by column_index) as columns
     from duckdb_columns() where database_name = ${quoteText(database)} and not internal
     group by id`,
    columnsRow,
  );
  return new Map(rows.map(({ id, columns }) => [id, columns]));
}

/** The tables among these that every night loads, those of the contract left out. */
export function loadedAmong(tables: Iterable<string>): Named[] {
  return [...tables].flatMap((id) => {
    const [schema = "", name = ""] = id.split(".");
    const isLoaded = LOADED_SCHEMAS.some((loaded) => loaded === schema) && schema !== "contract";
    const isTable = schema === LOADED_TABLE.schema && name === LOADED_TABLE.name;
    return isLoaded || isTable ? [{ schema, name }] : [];
  });
}

/** Whether a table has other rows tonight than last night; how often a row stands counts, its place does not. */
export async function differs(
  connection: DuckDBConnection,
  database: string,
  table: string,
  columns: readonly string[],
): Promise<boolean> {
  const listed = columns.map(quoteName).join(", ");
  const tonight = `select ${listed} from ${quoteName(database)}.${table}`;
  const before = `select ${listed} from ${LAST_NIGHT}.${table}`;
  const [row] = await queryRows(
    connection,
    `select exists (${tonight} except all ${before}) or exists (${before} except all ${tonight}) as found`,
    foundRow,
  );
  return row?.found ?? true;
}
