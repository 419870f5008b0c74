import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Checks that thresholds are set for indicators and agencies that exist: a misspelt one would silently judge nothing.
 *
 * @throws UserError naming the key of vigie.yaml.
 */
export async function checkThresholds(
  connection: DuckDBConnection,
  strategy: Strategy,
  indicatorIds: readonly string[],
): Promise<void> {
  const agencies = await queryRows(
    connection,
    "select id from contract.agency order by id",
    z.object({ id: z.string() }),
  );
  const agencyIds = agencies.map(({ id }) => id);
  for (const [indicator, limits] of Object.entries(strategy.indicators)) {
    if (!indicatorIds.includes(indicator)) {
      throw new UserError(
        `vigie.yaml: indicators.${indicator}: no indicator has that id`,
        `They are ${[...indicatorIds].sort().join(", ")}.`,
      );
    }
    const unknown = Object.keys(limits.agencies).find((agency) => !agencyIds.includes(agency));
    if (unknown !== undefined) {
      throw new UserError(
        `vigie.yaml: indicators.${indicator}.agencies.${unknown}: no agency has that id`,
        `They are ${agencyIds.join(", ")}.`,
      );
    }
  }
}
