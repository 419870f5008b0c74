import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { SCOPE_COLUMN } from "../warehouse/lineage.ts";
import type { Model } from "../warehouse/model.ts";
import { type Site, schemaOf } from "./sites.ts";

/**
 * Writes what one site may show: each model of its audience's schema as one Parquet file, rows in the order of their grain,
 * so that the same night gives the same bytes. A table that says of each row which scope it is for gives those of the
 * site's own scope only. Nothing else leaves the warehouse for that site.
 *
 * @returns the folder and the rows written.
 * @throws Error when a text names a lease, a household or a dwelling that the site may not tell of.
 */
export async function writeExtract(
  connection: DuckDBConnection,
  models: readonly Model[],
  site: Site,
  extracts: string,
): Promise<{ readonly folder: string; readonly rows: number }> {
  const folder = join(extracts, site.name);
  await mkdir(folder, { recursive: true });
  const schema = schemaOf(site.audience);
  let rows = 0;
  await nameForeign(connection, site);
  for (const model of models.filter((candidate) => candidate.schema === schema)) {
    const isScoped = model.columns.some(({ name }) => name === SCOPE_COLUMN);
    if (isScoped && site.scope === undefined)
      throw new Error(`${model.id} is told by scope: the site ${site.name} has none`);
    const own = isScoped ? ` where ${SCOPE_COLUMN} = ${quoteText(site.scope ?? "")}` : "";
    const published = `${quoteName(schema)}.${quoteName(model.name)}${own}`;
    await refuseIdentifiers(connection, model, published, site);
    const order = model.grain.map(quoteName).join(", ");
    const path = quoteText(join(folder, `${model.name}.parquet`));
    await connection.run(
      `copy (select * from ${published} order by ${order}) to ${path} (format parquet, compression zstd)`,
    );
    rows += await countRows(connection, published);
  }
  return { folder, rows };
}

/** Identifiers shorter than this may stand anywhere by chance. */
const LONG_ENOUGH = 8;

const FOREIGN = "identifier_not_of_the_site";

const IDENTIFIERS = ["lease_id", "household_id", "dwelling_id"];

/**
 * Looks at the values themselves, for what a program put in a computed table is no query that could be followed (see
 * warehouse/lineage.ts).
 *
 * @throws Error when a text of the rows to publish is the identifier of a lease, a household or a dwelling of which the site
 *   may not tell: any, or those of other scopes.
 */
async function refuseIdentifiers(
  connection: DuckDBConnection,
  model: Model,
  published: string,
  site: Site,
): Promise<void> {
  const columns = await queryRows(
    connection,
    `select column_name as name from duckdb_columns()
      where schema_name = ${quoteText(model.schema)} and table_name = ${quoteText(model.name)} and data_type = 'VARCHAR'`,
    z.object({ name: z.string() }),
  );
  for (const { name } of columns) {
    const column = quoteName(name);
    // What is named an identifier is one, however short.
    const long = IDENTIFIERS.includes(name) ? "true" : `length(${column}) >= ${LONG_ENOUGH}`;
    const found = await countRows(
      connection,
      `(select ${column} from ${published}) where ${long} and ${column} in (select identifier from ${FOREIGN})`,
    );
    if (found > 0)
      throw new Error(
        `${model.id}.${name} names a lease, a household or a dwelling that the site ${site.name} may not tell of, in ${found} rows`,
      );
  }
}

/** Lists in a temporary table the identifiers that a site may not hold: all, or those of no agency of its scope. */
async function nameForeign(connection: DuckDBConnection, site: Site): Promise<void> {
  const ofScope =
    site.scope === undefined
      ? "false"
      : `agency_id in (select agency_id from ${quoteName(schemaOf(site.audience))}.agency where scope_id = ${quoteText(site.scope)})`;
  const identifiers = (leases: string) =>
    IDENTIFIERS.map((column) => `select ${column} as identifier from ledger.lease where ${leases}`).join(
      " union ",
    );
  await connection.run(
    `create or replace temp table ${FOREIGN} as (${identifiers(`not (${ofScope})`)}) except (${identifiers(ofScope)})`,
  );
}

async function countRows(connection: DuckDBConnection, rows: string): Promise<number> {
  const [counted] = await queryRows(
    connection,
    `select count(*)::integer as rows from ${rows}`,
    z.object({ rows: z.number() }),
  );
  return counted?.rows ?? 0;
}
