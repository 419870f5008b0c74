import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
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
  const published = models.filter(({ schema }) => schema === site);
  await refuseIdentifiers(connection, published);
  for (const model of published) {
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

/** Identifiers shorter than this may stand anywhere by chance. */
const LONG_ENOUGH = 8;

/**
 * Looks at the values themselves, for what a program put in a computed table is no query that could be followed (see
 * warehouse/lineage.ts).
 *
 * @throws Error when a text of one of these tables is the identifier of a lease, a household or a dwelling.
 */
async function refuseIdentifiers(connection: DuckDBConnection, models: readonly Model[]): Promise<void> {
  const identifiers = ["lease_id", "household_id", "dwelling_id"]
    .map((column) => `select ${column} as identifier from ledger.lease`)
    .join(" union ");
  for (const model of models) {
    const columns = await queryRows(
      connection,
      `select column_name as name from duckdb_columns()
        where schema_name = ${quoteText(model.schema)} and table_name = ${quoteText(model.name)} and data_type = 'VARCHAR'`,
      z.object({ name: z.string() }),
    );
    for (const { name } of columns) {
      const [found] = await queryRows(
        connection,
        `select count(*)::integer as rows from ${quoteName(model.schema)}.${quoteName(model.name)}
          where length(${quoteName(name)}) >= ${LONG_ENOUGH} and ${quoteName(name)} in (${identifiers})`,
        z.object({ rows: z.number() }),
      );
      if (found !== undefined && found.rows > 0)
        throw new Error(`${model.id}.${name} names a lease, a household or a dwelling in ${found.rows} rows`);
    }
  }
}
