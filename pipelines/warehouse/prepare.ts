import type { DuckDBConnection } from "@duckdb/node-api";
import { createSchemas } from "./build.ts";
import { loadIndicators } from "./indicators.ts";
import type { IndicatorDefinition, Model } from "./model.ts";
import { type OrderedModel, orderModels } from "./order.ts";
import { keepRestrictedTables } from "./rights.ts";

/**
 * Makes what stands before the first model: the catalogue of indicators, who may read what, and the schemas.
 *
 * @returns the models in the order in which they are to be built.
 * @throws ModelError for a model that cannot be put in order, or may not read what it reads.
 */
export async function prepareModels(
  connection: DuckDBConnection,
  models: readonly Model[],
  indicators: ReadonlyMap<string, IndicatorDefinition>,
): Promise<OrderedModel[]> {
  await loadIndicators(connection, indicators);
  const ordered = await orderModels(connection, models);
  await keepRestrictedTables(connection, ordered);
  await createSchemas(
    connection,
    ordered.map(({ schema }) => schema),
  );
  return ordered;
}
