import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import type { Strategy } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { FileAccount } from "./account.ts";
import { tellRejection } from "./rejection.ts";

/**
 * Refuses a night that rejected a larger share of its rows than the strategy allows, naming the first rejections. Rows
 * that a later delivery replaced are not among them.
 *
 * @throws UserError with file, line, column, value and reason of up to ten rejections.
 */
export async function refuseTooManyRejections(
  connection: DuckDBConnection,
  strategy: Strategy,
  files: readonly FileAccount[],
): Promise<void> {
  const read = files.reduce((sum, file) => sum + file.rows_read - file.rows_superseded, 0);
  const rejected = files.reduce((sum, file) => sum + file.rows_rejected, 0);
  const allowed = strategy.load.max_rejected_share;
  if (rejected <= read * allowed) return;
  const rejections = await queryRows(
    connection,
    `select file, line::integer as line, table_name, column_name, value, reason,
       (select file from load.file as first where first.file_id = first_file_id) as first_file, first_line::integer as first_line
     from load.rejected_row join load.file using (file_id) order by file_id, line, position limit 10`,
    z.object({
      file: z.string(),
      line: z.number(),
      table_name: z.string().nullable(),
      column_name: z.string().nullable(),
      value: z.string().nullable(),
      reason: z.string(),
      first_file: z.string().nullable(),
      first_line: z.number().nullable(),
    }),
  );
  const share = `${((100 * rejected) / read).toFixed(2)}%`;
  throw new UserError(
    `${rejected} of ${read} rows (${share}) were rejected, more than load.max_rejected_share allows (${100 * allowed}%):\n${rejections.map((row) => `  ${tellRejection(row)}`).join("\n")}`,
    "Nothing was published. Correct the export or the mapping; or, knowing what is lost, raise load.max_rejected_share in vigie.yaml.",
  );
}
