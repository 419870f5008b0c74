import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";

/** DuckDB's vectors hold so many values. */
const ROWS_OF_CHUNK = 2_048;

/** A column to insert: its type, and its value for a row. */
export interface InsertedColumn {
  readonly type: DuckDBType;
  readonly at: (row: number) => DuckDBValue;
}

/** Appends rows, given column by column in the table's order, to a table. */
export async function insertColumns(
  connection: DuckDBConnection,
  schema: string,
  table: string,
  rows: number,
  columns: readonly InsertedColumn[],
): Promise<void> {
  const appender = await connection.createAppender(table, schema);
  for (let start = 0; start < rows; start += ROWS_OF_CHUNK) {
    const size = Math.min(ROWS_OF_CHUNK, rows - start);
    const chunk = DuckDBDataChunk.create(
      columns.map(({ type }) => type),
      size,
    );
    for (const [place, column] of columns.entries()) {
      chunk.setColumnValues(
        place,
        Array.from({ length: size }, (_, row) => column.at(start + row)),
      );
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
