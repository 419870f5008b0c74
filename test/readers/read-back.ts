import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { type DelimitedSizes, readDelimited } from "../../pipelines/readers/delimited.ts";
import { createFeedView } from "../../pipelines/readers/feed-view.ts";
import { malformedRecords } from "../../pipelines/readers/malformed.ts";
import type { DeliveredFile, Reader, StagedFile } from "../../pipelines/readers/reader.ts";
import { type StagingOptions, stageFiles } from "../../pipelines/readers/stage.ts";
import type { Feed } from "../../pipelines/strategy/strategy.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { feedWith } from "./feed-with.ts";

type Cell = string | null;

/** What the readers make of one feed. */
export interface ReadBack {
  /** Columns of the view, without file_id and line. */
  readonly columns: readonly string[];
  /** `[file_id, line, ...fields]`, by file and line. */
  readonly rows: readonly (readonly [number, number, ...Cell[]])[];
  /** `[file_id, line, reason, value]`, by file and line. */
  readonly malformed: readonly (readonly [number, number, string, string])[];
  readonly staged: readonly StagedFile[];
}

// A folder whose name would be a pattern, a partition or the end of a string to careless SQL.
// It goes with the run: the files of a process share it.
mkdirSync(inject("runFolder"), { recursive: true });
const parent = mkdtempSync(join(inject("runFolder"), `vigie readers l'été "[ab]" n°1 * ? {c=d} année=2024 `));
const stagingFolders = join(parent, "staging");
const database = await openDatabase(":memory:", { readableFolders: [stagingFolders] });
await database.connection.run("create schema inbox");

/**
 * Delivers the files (by their path below inbox/), stages them and reads the view back in a database where nothing but
 * staging folders can be read. File ids are 1, 2, 3 … in the order given. `how` is the reader to use instead of that of the
 * format, the sizes that the reader of delimited text is to use, or where what was read is kept.
 */
export async function readBack(
  contents: Readonly<Record<string, string | Uint8Array>>,
  keys: Partial<Feed> = {},
  how: DelimitedSizes | Reader | StagingOptions = {},
): Promise<ReadBack> {
  mkdirSync(stagingFolders, { recursive: true });
  const inbox = mkdtempSync(join(parent, "inbox-"));
  const staging = mkdtempSync(join(stagingFolders, "night-"));
  try {
    const feed = feedWith(keys);
    const delivered = Object.entries(contents).map(([file, content], index): DeliveredFile => {
      const path = join(inbox, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return { fileId: index + 1, feedName: "ledger", feed, file, path };
    });
    const staged =
      typeof how === "function" || "chunkBytes" in how
        ? await Promise.all(delivered.map((file) => readAs(how, file, staging)))
        : await stageFiles(delivered, staging, how);
    return { ...(await queryViews(staged, feed)), staged };
  } finally {
    rmSync(inbox, { recursive: true });
    rmSync(staging, { recursive: true });
  }
}

function readAs(how: DelimitedSizes | Reader, file: DeliveredFile, staging: string): Promise<StagedFile> {
  return typeof how === "function" ? how(file, staging) : readDelimited(file, staging, how);
}

async function queryViews(staged: readonly StagedFile[], feed: Feed) {
  const { connection } = database;
  await connection.run(createFeedView("ledger", staged, feed.optional_columns));
  const view = await connection.runAndReadAll(
    "select file_id, line, * from inbox.ledger order by file_id, line",
  );
  const types = view.columnTypes().map(String);
  if (
    types.slice(0, 2).join() !== "INTEGER,INTEGER" ||
    types.slice(2, -2).some((type) => type !== "VARCHAR")
  ) {
    throw new Error(`the view has columns of types ${types.join(", ")}`);
  }
  const malformed = await connection.runAndReadAll(`${malformedRecords(staged)} order by file_id, line`);
  return {
    columns: view.columnNames().slice(2, -2),
    rows: view.getRows().map((row) => row.slice(0, -2)) as unknown as ReadBack["rows"],
    malformed: malformed.getRows() as unknown as ReadBack["malformed"],
  };
}
