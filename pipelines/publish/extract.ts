import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, quoteText } from "../warehouse/connection.ts";
import type { Model } from "../warehouse/model.ts";

/**
 * Writes what one audience may read: each model of the schema named like its site as one Parquet file, rows in the order
 * of their grain, so that the same night gives the same bytes. Nothing else leaves the warehouse for that site.
 *
 * @returns the folder and the rows written.
 */
export async function writeExtract(
  connection: DuckDBConnection,
  models: readonly Model[],
  site: string,
  extracts: string,
  rowsOf: (model: Model) => number,
): Promise<{ readonly folder: string; readonly rows: number }> {
  const folder = join(extracts, site);
  await mkdir(folder, { recursive: true });
  let rows = 0;
  for (const model of models.filter(({ schema }) => schema === site)) {
    const table = `${quoteName(model.schema)}.${quoteName(model.name)}`;
    const order = model.grain.map(quoteName).join(", ");
    const path = quoteText(join(folder, `${model.name}.parquet`));
    await connection.run(
      `copy (select * from ${table} order by ${order}) to ${path} (format parquet, compression zstd)`,
    );
    rows += rowsOf(model);
  }
  return { folder, rows };
}
