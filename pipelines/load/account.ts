import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import type { ContractTable } from "../contract/table.ts";
import { queryRows, quoteName } from "../warehouse/connection.ts";

const account = z.object({
  file: z.string(),
  rows_read: z.coerce.number(),
  rows_accepted: z.coerce.number(),
  rows_rejected: z.coerce.number(),
  rows_superseded: z.coerce.number(),
  rows_duplicate: z.coerce.number(),
});

/** What became of the rows of one file. */
export type FileAccount = z.infer<typeof account>;

/**
 * Says of every row read what became of it, file by file, into `load.file`. A row of a file may feed several tables: it
 * is rejected when any table refused what was made of it, else accepted when any table took it, else superseded when a
 * later delivery replaced it in any, else an exact duplicate. A row that no mapping used is rejected as `not_mapped`. The
 * files that do not count as a whole stand in `load.file` with their rows already told.
 *
 * @throws Error when rows read are not rows accepted + rejected + superseded + exact duplicates: rows were lost, a defect.
 */
export async function accountForRows(
  connection: DuckDBConnection,
  tables: readonly ContractTable[],
  feedNames: readonly string[],
): Promise<FileAccount[]> {
  const accepted = tables.map(
    (table) => `select file_id, line, 3 as outcome from contract.${quoteName(table.name)}`,
  );
  await connection.run(`
    create temp table line_outcome as
    with outcome as (
      ${accepted.join(" union all ")}
      union all
      select file_id, line, 4 as outcome from load.rejected_row
      union all
      select file_id, line, 2 as outcome from load.superseded_row
      union all
      select file_id, line, 1 as outcome from load.duplicate_row
    )
    select file_id, line, max(outcome) as outcome from outcome group by file_id, line`);
  await connection.run(`
    create temp table line_count as
    select file_id, count(*) as lines from line_outcome group by file_id`);
  const [lost] = await queryRows(
    connection,
    `select count(*)::integer as files from load.file
     left join line_count using (file_id) where coalesce(lines, 0) <> rows_read - rows_superseded - rows_duplicate`,
    z.object({ files: z.number() }),
  );
  if (lost?.files !== 0) await rejectUnmapped(connection, feedNames);
  await connection.run(`
    update load.file set
      rows_accepted = counted.accepted, rows_rejected = counted.rejected,
      rows_superseded = counted.superseded, rows_duplicate = counted.duplicate
    from (
      select
        file_id,
        count(*) filter (where outcome = 3) as accepted,
        count(*) filter (where outcome = 4) as rejected,
        count(*) filter (where outcome = 2) as superseded,
        count(*) filter (where outcome = 1) as duplicate
      from line_outcome
      group by file_id
    ) as counted
    where file.file_id = counted.file_id`);
  await connection.run("drop table line_outcome");
  await connection.run("drop table line_count");
  const files = await queryRows(
    connection,
    "select file, rows_read, rows_accepted, rows_rejected, rows_superseded, rows_duplicate from load.file order by file_id",
    account,
  );
  const unequal = files.find(
    (f) => f.rows_read !== f.rows_accepted + f.rows_rejected + f.rows_superseded + f.rows_duplicate,
  );
  if (unequal !== undefined) throw new Error(`rows were lost or made: ${JSON.stringify(unequal)}`);
  return files;
}

async function rejectUnmapped(connection: DuckDBConnection, feedNames: readonly string[]): Promise<void> {
  const lines = feedNames
    .map((name) => `select file_id, line from inbox.${quoteName(name)}`)
    .join(" union all ");
  await connection.run(`
    insert into load.rejected_row (file_id, line, reason, position)
    select file_id, line, 'not_mapped', 1
    from (${lines}) as delivered
    anti join line_outcome using (file_id, line)
    order by file_id, line`);
  await connection.run(`
    insert into line_outcome
    select file_id, line, 4 as outcome from load.rejected_row where reason = 'not_mapped'`);
}
