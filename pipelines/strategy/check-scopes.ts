import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { Scopes } from "./scopes.ts";

/**
 * Checks that scopes are made of agencies and sectors that exist: a misspelt one would silently leave households out.
 *
 * @returns the agencies that no scope holds, by id: their households are on no site.
 * @throws UserError naming the key of vigie.yaml.
 */
export async function checkScopes(connection: DuckDBConnection, scopes: Scopes): Promise<string[]> {
  const agencies = await queryRows(
    connection,
    "select id, sector from contract.agency order by id",
    z.object({ id: z.string(), sector: z.string() }),
  );
  const ids = agencies.map(({ id }) => id);
  const sectors = [...new Set(agencies.map(({ sector }) => sector))].sort();
  const held = new Set<string>();
  for (const [scope, { agencies: named = [], sectors: whole = [] }] of Object.entries(scopes)) {
    const own = named === "all" ? ids : named;
    const unknownAgency = own.find((id) => !ids.includes(id));
    if (unknownAgency !== undefined)
      throw new UserError(
        `vigie.yaml: scopes.${scope}.agencies: no agency has the id ${unknownAgency}`,
        `They are ${ids.join(", ")}.`,
      );
    const unknownSector = whole.find((name) => !sectors.includes(name));
    if (unknownSector !== undefined)
      throw new UserError(
        `vigie.yaml: scopes.${scope}.sectors: no agency is of the sector ${unknownSector}`,
        `They are ${sectors.join(", ")}.`,
      );
    for (const { id, sector } of agencies) if (own.includes(id) || whole.includes(sector)) held.add(id);
  }
  return ids.filter((id) => !held.has(id));
}
