import type { DuckDBConnection } from "@duckdb/node-api";

/** What is said to whoever asks for a hidden table. */
export const HOW_TO_SHOW = "Whoever has the right to read them says so with --restricted";

/** Names the tables that are hidden. */
export function hiddenMessage(hidden: readonly string[]): string {
  return `hidden, for only some schemas may read them: ${hidden.join(", ")}`;
}

/** The tables of a night that only some schemas may read, as the night kept them. */
export async function restrictedTables(connection: DuckDBConnection): Promise<string[]> {
  const kept = await connection.runAndReadAll(
    "select 1 from duckdb_tables() where schema_name = 'load' and table_name = 'restricted_table'",
  );
  if (kept.currentRowCount === 0) return [];
  const found = await connection.runAndReadAll("select table_name from load.restricted_table order by 1");
  return found.getRowsJS().map(([name]) => String(name));
}

/** Whether a statement reads a hidden table, through a view or by a name that the parser does not see as one. */
export function readsHidden(connection: DuckDBConnection, text: string, hidden: readonly string[]): boolean {
  const spelled = text.toLowerCase().replaceAll('"', "");
  // The parser names no table where there are several statements: the first may say in which schema the others look.
  return (
    hidden.some((table) => spelled.includes(table) || bareName(table).test(spelled)) ||
    tablesOf(connection, text, hidden)
  );
}

function bareName(table: string): RegExp {
  return new RegExp(`\\b${table.slice(table.indexOf(".") + 1)}\\b`);
}

function tablesOf(connection: DuckDBConnection, text: string, hidden: readonly string[]): boolean {
  const bare = hidden.map((table) => table.slice(table.indexOf(".") + 1));
  try {
    const read = connection.getTableNames(text, true).map((name) => name.replaceAll('"', "").toLowerCase());
    return read.some((name) => hidden.includes(name) || bare.includes(name));
  } catch {
    // It does not parse: running it will say why.
    return false;
  }
}
