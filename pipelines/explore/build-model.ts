import { constants } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { programsWith } from "../programs.ts";
import { PROJECT } from "../project.ts";
import { answerAlone } from "../risk/answers.ts";
import { readModelMemory } from "../risk/model-memory.ts";
import { type Output, startSteps } from "../steps.ts";
import { readStrategy } from "../strategy/read-strategy.ts";
import { loadStrategy } from "../strategy/strategy-tables.ts";
import { UserError } from "../user-error.ts";
import { buildModels, createSchemas, type FailedCheck, verifyModel } from "../warehouse/build.ts";
import { openDatabase, queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { collectIndicators, loadIndicators } from "../warehouse/indicators.ts";
import { readModels } from "../warehouse/model.ts";
import { type OrderedModel, orderModels, splitByNeed } from "../warehouse/order.ts";
import type { OfferedProgram, ProgramContext } from "../warehouse/program.ts";
import { openWorkspace, type Workspace } from "../workspace.ts";
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
  return onCopy(warehouse, workspace, async (connection) => {
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
    const chosen = withDeps ? needed : [model];
    const context = { connection, strategy, asOf };
    const programs = programsWith(async () =>
      answerAlone(context, await readModelMemory(workspace, asOf), output.write),
    );
    const failures = await buildAnew(context, chosen, programs, output);
    const isShown = ({ carries }: OrderedModel) => restricted || carries.length === 0;
    for (const { built, check, rows, sample } of failures) {
      output.write(`${built.id}: « ${check} » fails on ${rows} rows`);
      if (isShown(built)) for (const row of sample) output.write(`    ${row}`);
    }
    output.write(isShown(model) ? await firstRows(connection, model) : HOW_TO_SHOW);
    return failures.length === 0;
  });
}

/** Works on a copy of a warehouse, beside the nights: what a killed command leaves there goes when the next night begins. */
async function onCopy<T>(
  warehouse: string,
  workspace: Workspace,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(workspace.nights, "build-"));
  try {
    const copy = join(scratch, "warehouse.duckdb");
    await copyFile(warehouse, copy, constants.COPYFILE_FICLONE);
    const database = await openDatabase(copy);
    try {
      return await work(database.connection);
    } finally {
      database.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Builds the models in their order in place of those that stand, and checks each; the checks that do not hold. */
async function buildAnew(
  context: ProgramContext,
  models: readonly OrderedModel[],
  programs: readonly OfferedProgram[],
  output: Output,
): Promise<(FailedCheck & { readonly built: OrderedModel })[]> {
  const { connection } = context;
  await createSchemas(
    connection,
    models.map(({ schema }) => schema),
  );
  for (const model of [...models].reverse()) await dropModel(connection, model);
  const steps = startSteps({ ...output, isVerbose: true }, models.length);
  try {
    const failures: (FailedCheck & { readonly built: OrderedModel })[] = [];
    await buildModels(context, models, programs, async (built, build) => {
      await steps.run(built.id, build);
      for (const failure of await verifyModel(connection, built)) failures.push({ ...failure, built });
    });
    return failures;
  } finally {
    steps.close();
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
