import type { DuckDBConnection } from "@duckdb/node-api";
import { createFeedView } from "../readers/feed-view.ts";
import type { KeptReadings } from "../readers/kept-readings.ts";
import { MAPPING_MACROS } from "../readers/macros.ts";
import { malformedRecords } from "../readers/malformed.ts";
import { stageFiles } from "../readers/stage.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { quoteText } from "../warehouse/connection.ts";
import { settleDeliveries } from "./deliveries.ts";
import type { InboxFile, StagedInboxFile } from "./inbox.ts";

/**
 * Reads every file once into `staging`; those that `readings` knows are not read again.
 *
 * @throws UserError naming the first file that cannot be read.
 */
export async function stageInbox(
  files: readonly InboxFile[],
  staging: string,
  readings?: KeptReadings,
): Promise<{ readonly files: readonly StagedInboxFile[]; readonly rows: number }> {
  const staged = await stageFiles(files, staging, { readings });
  const both = files.map((file, i) => {
    const result = staged[i];
    if (result === undefined) throw new Error(`inbox/${file.file} was not staged`);
    return { ...file, staged: result };
  });
  return { files: both, rows: staged.reduce((sum, { rowsRead }) => sum + rowsRead, 0) };
}

/**
 * Opens the inbox to SQL: one view `inbox.<feed>` a feed over its files that count, the macros that mappings may use, the
 * files in `load.file` and `load.delta_file`, and the records that could not be cut into fields in `load.rejected_row`.
 *
 * @throws UserError when a file lacks a column that another of its feed has, or a full delivery has lost too many rows.
 */
export async function openInbox(
  connection: DuckDBConnection,
  strategy: Strategy,
  files: readonly StagedInboxFile[],
): Promise<void> {
  const { standing, deltas } = settleDeliveries(files, strategy.load);
  const counting = files.filter((file) => {
    const { copyOf = null, replacedBy = null } = standing.get(file) ?? {};
    return copyOf === null && replacedBy === null;
  });
  await connection.run(MAPPING_MACROS);
  await connection.run("create schema inbox");
  for (const [name, feed] of Object.entries(strategy.feeds)) {
    const ofFeed = counting.filter(({ feedName }) => feedName === name).map(({ staged }) => staged);
    await connection.run(createFeedView(name, ofFeed, feed.optional_columns));
  }
  const rows = files.map((file) => {
    const { fileId, feedName, deliveredOn, staged } = file;
    const { copyOf = null, replacedBy = null } = standing.get(file) ?? {};
    return `(${[
      fileId,
      quoteText(feedName),
      quoteText(file.file),
      staged.bytes,
      quoteText(staged.sha256),
      staged.encoding === null ? "null" : quoteText(staged.encoding),
      deliveredOn === undefined ? "null" : quoteText(deliveredOn),
      copyOf ?? "null",
      replacedBy ?? "null",
      staged.rowsRead,
      replacedBy === null ? 0 : staged.rowsRead,
      copyOf === null ? 0 : staged.rowsRead,
    ].join(", ")})`;
  });
  await connection.run(`
    insert into load.file (
      file_id, feed, file, bytes, sha256, encoding, delivered_on, copy_of, replaced_by, rows_read, rows_superseded, rows_duplicate
    ) values ${rows.join(", ")}`);
  for (const { fileId, feedName } of deltas)
    await connection.run(`insert into load.delta_file values (${fileId}, ${quoteText(feedName)})`);
  await connection.run(`
    insert into load.rejected_row (file_id, line, value, reason, position)
    select file_id, line, value, reason, 1 from (${malformedRecords(counting.map(({ staged }) => staged))})
    order by file_id, line`);
}

/** Closes the inbox again: from here on everything stands in the warehouse. */
export async function closeInbox(connection: DuckDBConnection): Promise<void> {
  await connection.run("drop schema inbox cascade");
}
