import { constants } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { fillBy } from "../programs.ts";
import { PROJECT } from "../project.ts";
import { type Output, startSteps } from "../steps.ts";
import { readStrategy } from "../strategy/read-strategy.ts";
import { loadStrategy } from "../strategy/strategy-tables.ts";
import { UserError } from "../user-error.ts";
import { buildModel, createSchemas, verifyModel } from "../warehouse/build.ts";
import { openDatabase, queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { collectIndicators, loadIndicators } from "../warehouse/indicators.ts";
import { readModels } from "../warehouse/model.ts";
import { type OrderedModel, orderModels, splitByNeed } from "../warehouse/order.ts";
import { openWorkspace } from "../workspace.ts";
import { HOW_TO_SHOW } from "./hidden-tables.ts";
import { runStatement, warehouseOf } from "./last-night.ts";
import { textTable } from "./text-table.ts";

export interface BuildOptions {
  readonly workspace: string;
  /** Builds the models that it is made of anew, too; they are those of the last good night otherwise. */
  readonly withDeps?: boolean;
  /** Shows rows made of tables that only some SQL schemas may read. */
  readonly restricted?: boolean;
  readonly output: Output;
}

const ROWS_SHOWN = 10;

/**
 * Builds one model as `sql/` and the strategy have it now, from the rows that the last good night loaded, in a copy of its
 * warehouse that goes again: the night itself, and what nights remember, stay as they are. Tells the seconds of each model,
 * the first rows, and the checks that do not hold.
 *
 * @returns whether every check of what was built holds.
 * @throws UserError when there is no night, or no such model.
 */
export async function buildAlone(id: string, options: BuildOptions): Promise<boolean> {
  const { withDeps = false, restricted = false, output } = options;
  const workspace = openWorkspace(options.workspace);
  const warehouse = warehouseOf(options.workspace);
  const strategy = await readStrategy(workspace.strategyFile);
  const models = await readModels(join(PROJECT, "sql"));
  const scratch = await mkdtemp(join(tmpdir(), "vigie-build-"));
  try {
    const copy = join(scratch, "warehouse.duckdb");
    await copyFile(warehouse, copy, constants.COPYFILE_FICLONE);
    const database = await openDatabase(copy);
    const { connection } = database;
    try {
      const ordered = await orderModels(connection, models);
      const { needed } = splitByNeed(ordered, [id]);
      const model = needed.at(-1);
      if (model?.id !== id)
        throw new UserError(`sql/ has no model ${id}`, await nearest(connection, id, ordered));
      const asOf = await asOfNight(connection);
      await connection.run("drop schema strategy cascade");
      await loadStrategy(connection, strategy, asOf);
      await connection.run("drop table kpi.indicator");
      await loadIndicators(connection, collectIndicators(models));
      await createSchemas(connection, [model.schema]);
      const fill = fillBy({ strategy, asOf, workspace, warn: output.write });
      const chosen = withDeps ? needed : [model];
      for (const built of [...chosen].reverse()) await dropModel(connection, built);
      const steps = startSteps(output, chosen.length);
      let isSound = true;
      try {
        for (const built of chosen) {
          await steps.run(built.id, async () => ({ rows: await buildModel(connection, built, fill) }));
          for (const { check, rows, sample } of await verifyModel(connection, built)) {
            isSound = false;
            output.write(`${built.id}: « ${check} » fails on ${rows} rows`);
            if (restricted || built.carries.length === 0)
              for (const row of sample) output.write(`    ${row}`);
          }
        }
      } finally {
        steps.close();
      }
      output.write(
        restricted || model.carries.length === 0 ? await firstRows(connection, model) : HOW_TO_SHOW,
      );
      return isSound;
    } finally {
      database.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function asOfNight(connection: DuckDBConnection): Promise<string> {
  const asOfRow = z.object({ as_of: z.string() });
  const [night] = await queryRows(connection, "select as_of::varchar as as_of from strategy.night", asOfRow);
  if (night === undefined) throw new Error("strategy.night has no row");
  return night.as_of;
}

/** Drops what stands under the model's name, whatever it was when the night was built. */
async function dropModel(connection: DuckDBConnection, { schema, name }: OrderedModel): Promise<void> {
  const named = `schema_name = ${quoteText(schema)}`;
  const standing = await queryRows(
    connection,
    `select 'table' as kind from duckdb_tables() where ${named} and table_name = ${quoteText(name)}
     union all
     select 'view' from duckdb_views() where ${named} and view_name = ${quoteText(name)}`,
    z.object({ kind: z.string() }),
  );
  for (const { kind } of standing)
    await connection.run(`drop ${kind} ${quoteName(schema)}.${quoteName(name)}`);
}

async function firstRows(
  connection: DuckDBConnection,
  { schema, name, grain }: OrderedModel,
): Promise<string> {
  const order = grain.map(quoteName).join(", ");
  const statement = `from ${quoteName(schema)}.${quoteName(name)} order by ${order} limit ${ROWS_SHOWN}`;
  const { columns, rows } = await runStatement(connection, statement);
  return textTable(columns, rows);
}

async function nearest(
  connection: DuckDBConnection,
  id: string,
  models: readonly OrderedModel[],
): Promise<string> {
  const names = models.map((model) => `(${quoteText(model.id)})`).join(", ");
  const found = await queryRows(
    connection,
    `select id from (values ${names}) as model(id)
     order by jaro_winkler_similarity(id, ${quoteText(id.toLowerCase())}) desc, id limit 3`,
    z.object({ id: z.string() }),
  );
  return `The nearest names are: ${found.map((row) => row.id).join(", ")}`;
}
