import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { queryRows, quoteText } from "../warehouse/connection.ts";

/**
 * Refuses agency mappings that lead back to where they began (A became B, B became A): no agency would answer for their
 * dwellings. For each code its newest mapping by the as-of date counts, as in `ledger.agency_today`.
 *
 * @throws UserError naming the codes of one circle, and the file and line of a mapping in it.
 */
export async function refuseCircularMergers(connection: DuckDBConnection, asOf: string): Promise<void> {
  const [circle] = await queryRows(
    connection,
    `with recursive mapping as (
       select legacy_agency_id as code, arg_max(agency_id, valid_from) as agency_id,
         arg_max(file_id, valid_from) as file_id, arg_max(line, valid_from) as line
       from contract.agency_mapping
       where valid_from <= ${quoteText(asOf)}::date
       group by legacy_agency_id
       having arg_max(agency_id, valid_from) <> legacy_agency_id
     ),
     followed as (
       select code as origin, agency_id as reached, [code] as passed, file_id, line from mapping
       union all
       select followed.origin, mapping.agency_id, list_append(followed.passed, followed.reached), followed.file_id, followed.line
       from followed
       join mapping on followed.reached = mapping.code
       where not list_contains(followed.passed, followed.reached)
     )
     select array_to_string(list_append(passed, reached), ' → ') as codes, file, line::integer as line
     from followed
     join load.file using (file_id)
     where reached = origin
     order by len(passed), origin
     limit 1`,
    z.object({ codes: z.string(), file: z.string(), line: z.number() }),
  );
  if (circle === undefined) return;
  throw new UserError(
    `inbox/${circle.file}:${circle.line}: agency_mapping goes in a circle by ${asOf}: ${circle.codes}`,
    "End the chain at an agency of today, or correct valid_from.",
  );
}
