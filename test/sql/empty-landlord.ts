import { emptyTable } from "../../pipelines/contract/compile.ts";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { createLoadTables } from "../../pipelines/load/load-tables.ts";
import { loadMemory } from "../../pipelines/memory.ts";
import { programsWith } from "../../pipelines/programs.ts";
import { answerAlone } from "../../pipelines/risk/answers.ts";
import { NO_MEMORY } from "../../pipelines/risk/model-memory.ts";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import type { Strategy } from "../../pipelines/strategy/strategy.ts";
import { loadStrategy } from "../../pipelines/strategy/strategy-tables.ts";
import { createSchemas } from "../../pipelines/warehouse/build.ts";
import { type OpenDatabase, type OpenOptions, openDatabase } from "../../pipelines/warehouse/connection.ts";
import { collectIndicators, loadIndicators } from "../../pipelines/warehouse/indicators.ts";
import { readModels } from "../../pipelines/warehouse/model.ts";
import { type OrderedModel, orderModels } from "../../pipelines/warehouse/order.ts";
import type { OfferedProgram, ProgramContext } from "../../pipelines/warehouse/program.ts";

/** A warehouse in memory, and what fills its computed tables: nothing is remembered there, and nothing kept. */
export interface EmptyLandlord extends OpenDatabase, ProgramContext {
  readonly programs: readonly OfferedProgram[];
}

/** What makes the contract's tables, without their descriptions, which no model reads. */
const EMPTY_CONTRACT = CONTRACT.flatMap(emptyTable);

/**
 * A warehouse in memory with everything that stands before the first model, and not one row of a landlord's.
 */
export async function openEmptyLandlord(
  yamlOfCase: string,
  asOf: string,
  options: OpenOptions = {},
): Promise<EmptyLandlord> {
  const database = await openDatabase(":memory:", options);
  const { connection } = database;
  await createLoadTables(connection);
  await connection.run(EMPTY_CONTRACT.join(";\n"));
  const strategy = strategyOfCase(yamlOfCase);
  await loadStrategy(connection, strategy, asOf);
  await loadMemory(connection, { alerts: [], lists: [] });
  const models = await inOrder;
  await loadIndicators(connection, collectIndicators(models));
  await createSchemas(
    connection,
    models.map((model) => model.schema),
  );
  const context = { connection, strategy, asOf };
  return { ...database, ...context, programs: programsOf(context) };
}

/** What fills every computed table of a landlord without memory. */
export function programsOf(context: ProgramContext): readonly OfferedProgram[] {
  return programsWith(() => answerAlone(context, NO_MEMORY, () => undefined));
}

/** A landlord's strategy that says nothing but what a case adds. */
export function strategyOfCase(yamlOfCase: string): Strategy {
  return parseStrategy(`landlord: { name: Bailleur }\nfeeds: {}\n${yamlOfCase}`, "test");
}

const inOrder = modelsInOrder();

/** The project's models in the order in which they are built, read once. */
export function orderedModels(): Promise<OrderedModel[]> {
  return inOrder;
}

async function modelsInOrder(): Promise<OrderedModel[]> {
  const database = await openDatabase(":memory:");
  const ordered = await orderModels(database.connection, await readModels("sql"));
  database.close();
  return ordered;
}
