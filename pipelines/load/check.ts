import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { describeTable, emptyTable, fillTable } from "../contract/compile.ts";
import { WITHHELD } from "../contract/reasons.ts";
import type { ContractTable } from "../contract/table.ts";
import { UserError } from "../user-error.ts";
import { queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { type LandlordMapping, mappingError } from "./mapping.ts";

const placeRow = z.object({ rows: z.number(), placeless: z.number() });

/**
 * Fills one contract table from its mapping: every row accepted, or rejected with its reason, or counted as an exact
 * duplicate. A table that the landlord does not map stays empty. Where the table has rights of its own, what could not be
 * read of the files that feed it is withheld from `load.rejected_row`.
 *
 * @returns the rows accepted.
 * @throws UserError when the mapping itself fails on the data, or gives rows without their place in a file.
 */
export async function checkTable(
  connection: DuckDBConnection,
  table: ContractTable,
  mapping: LandlordMapping | undefined,
): Promise<{ readonly rows: number }> {
  const describing = `begin;\n${describeTable(table).join(";\n")};\ncommit`;
  if (mapping === undefined) {
    for (const statement of [...emptyTable(table), describing]) await connection.run(statement);
    return { rows: 0 };
  }
  for (const statement of fillTable(table, mapping)) {
    try {
      await connection.run(statement);
    } catch (error) {
      throw mappingError(error, mapping.file, linesBefore(statement, mapping.select));
    }
  }
  await connection.run(describing);
  if (table.rights !== undefined) await withholdMalformed(connection, mapping.feeds);
  const [counted] = await queryRows(
    connection,
    `select count(*)::integer as rows, (count(*) filter (where file_id is null or line is null))::integer as placeless
     from contract.${quoteName(table.name)}`,
    placeRow,
  );
  if (counted !== undefined && counted.placeless > 0) {
    throw new UserError(
      `${mapping.file}: ${counted.placeless} rows have no file_id or line`,
      "Select file_id and line of the row that each comes from.",
    );
  }
  return { rows: counted?.rows ?? 0 };
}

async function withholdMalformed(connection: DuckDBConnection, feeds: readonly string[]): Promise<void> {
  await connection.run(`
    update load.rejected_row set value = ${quoteText(WITHHELD)}
    where table_name is null and value is not null
      and file_id in (select file_id from load.file where list_contains([${feeds.map(quoteText).join(", ")}]::varchar[], feed))`);
}

function linesBefore(statement: string, select: string): number {
  const at = statement.indexOf(select);
  return at === -1 ? 0 : statement.slice(0, at).split("\n").length - 1;
}
