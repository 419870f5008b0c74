import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { IndicatorDefinition } from "../warehouse/model.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Checks that the playbook and the notifications name indicators, families and agencies that exist: a misspelt one would
 * silently plan nothing, or tell nobody.
 *
 * @throws UserError naming the key of vigie.yaml.
 */
export async function checkAlerting(
  connection: DuckDBConnection,
  { playbook, notifications }: Strategy,
  indicators: ReadonlyMap<string, IndicatorDefinition>,
): Promise<void> {
  const families = [...indicators.values()].map(({ family }) => family);
  const keys = [...new Set([...indicators.keys(), ...families])];
  for (const key of Object.keys(playbook.plans)) {
    if (keys.includes(key)) continue;
    throw new UserError(
      `vigie.yaml: playbook.plans.${key}: no indicator and no family has that id`,
      `They are ${keys.sort().join(", ")}.`,
    );
  }
  const rows = await queryRows(
    connection,
    "select id from contract.agency order by id",
    z.object({ id: z.string() }),
  );
  const agencies = rows.map(({ id }) => id);
  const named = [
    ...Object.entries(playbook.owners).map(([role, owner]) => ({
      place: `playbook.owners.${role}.agencies`,
      ids: Object.keys(owner.agencies),
    })),
    ...notifications.recipients.map(({ email, agencies: ids = [] }) => ({
      place: `notifications.recipients (${email}).agencies`,
      ids,
    })),
    ...notifications.webhooks.map(({ name, agencies: ids = [] }) => ({
      place: `notifications.webhooks (${name}).agencies`,
      ids,
    })),
  ];
  for (const { place, ids } of named) {
    const unknown = ids.find((id) => !agencies.includes(id));
    if (unknown === undefined) continue;
    throw new UserError(
      `vigie.yaml: ${place}: no agency has the id ${unknown}`,
      `They are ${agencies.join(", ")}.`,
    );
  }
}
