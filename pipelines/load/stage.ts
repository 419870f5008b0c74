import type { DuckDBConnection } from "@duckdb/node-api";
import { createFeedView } from "../readers/feed-view.ts";
import { MAPPING_MACROS } from "../readers/macros.ts";
import { malformedRecords } from "../readers/malformed.ts";
import type { StagedFile } from "../readers/reader.ts";
import { stageFiles } from "../readers/stage.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { quoteText } from "../warehouse/connection.ts";
import type { InboxFile } from "./inbox.ts";

/** A file of the inbox with what its reader left in the staging folder. */
export interface StagedInboxFile extends InboxFile {
  readonly staged: StagedFile;
}

/** Reads every file once into `staging`. @throws UserError naming the first file that cannot be read. */
export async function stageInbox(
  files: readonly InboxFile[],
  staging: string,
): Promise<{ readonly files: readonly StagedInboxFile[]; readonly rows: number }> {
  const staged = await stageFiles(files, staging);
  const both = files.map((file, i) => {
    const result = staged[i];
    if (result === undefined) throw new Error(`inbox/${file.file} was not staged`);
    return { ...file, staged: result };
  });
  return { files: both, rows: staged.reduce((sum, { rowsRead }) => sum + rowsRead, 0) };
}

/**
 * Opens the inbox to SQL: one view `inbox.<feed>` a feed, the macros that mappings may use, the files in `load.file`, and
 * the records that could not be cut into fields in `load.rejected_row`.
 */
export async function openInbox(
  connection: DuckDBConnection,
  strategy: Strategy,
  files: readonly StagedInboxFile[],
): Promise<void> {
  await connection.run(MAPPING_MACROS);
  await connection.run("create schema inbox");
  for (const [name, feed] of Object.entries(strategy.feeds)) {
    const ofFeed = files.filter(({ feedName }) => feedName === name).map(({ staged }) => staged);
    await connection.run(createFeedView(name, ofFeed, feed.optional_columns));
  }
  const rows = files.map(
    ({ fileId, feedName, file, deliveredOn, staged }) =>
      `(${[
        fileId,
        quoteText(feedName),
        quoteText(file),
        staged.bytes,
        quoteText(staged.sha256),
        staged.encoding === null ? "null" : quoteText(staged.encoding),
        deliveredOn === undefined ? "null" : quoteText(deliveredOn),
        staged.rowsRead,
      ].join(", ")})`,
  );
  await connection.run(`
    insert into load.file (file_id, feed, file, bytes, sha256, encoding, delivered_on, rows_read) values ${rows.join(", ")}`);
  await connection.run(`
    insert into load.rejected_row (file_id, line, value, reason, position)
    select file_id, line, value, reason, 1 from (${malformedRecords(files.map(({ staged }) => staged))})
    order by file_id, line`);
}

/** Closes the inbox again: from here on everything stands in the warehouse. */
export async function closeInbox(connection: DuckDBConnection): Promise<void> {
  await connection.run("drop schema inbox cascade");
}
