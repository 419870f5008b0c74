import type { DuckDBConnection } from "@duckdb/node-api";
import type { IndicatorDefinition } from "../warehouse/model.ts";
import { checkAlerting } from "./check-alerting.ts";
import { checkScopes } from "./check-scopes.ts";
import { checkThresholds } from "./check-thresholds.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Checks that what the strategy names exists: indicators, families, agencies, sectors.
 *
 * @returns the agencies that no scope holds, by id: their households are on no site.
 * @throws UserError naming the key of vigie.yaml.
 */
export async function checkStrategy(
  connection: DuckDBConnection,
  strategy: Strategy,
  indicators: ReadonlyMap<string, IndicatorDefinition>,
): Promise<string[]> {
  await checkThresholds(connection, strategy, [...indicators.keys()]);
  const inNoScope = await checkScopes(connection, strategy.scopes);
  await checkAlerting(connection, strategy, indicators);
  return inNoScope;
}
