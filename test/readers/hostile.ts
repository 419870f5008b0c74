import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll } from "vitest";
import { createFeedView } from "../../pipelines/readers/feed-view.ts";
import { malformedRecords } from "../../pipelines/readers/malformed.ts";
import type { StagedFile } from "../../pipelines/readers/reader.ts";
import { stageFiles } from "../../pipelines/readers/stage.ts";
import type { Feed } from "../../pipelines/strategy/strategy.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { feedWith } from "./feed-with.ts";

/** One delivered file of a feed. */
export interface HostileCase {
  readonly bytes: Uint8Array;
  readonly keys: Partial<Feed>;
}

/** What became of one delivered file: one clear error, or rows and malformed rows. */
export type Outcome =
  | { readonly kind: "refused"; readonly message: string }
  | {
      readonly kind: "read";
      readonly columns: readonly string[];
      /** `[line, ...cells]`, by line. */
      readonly rows: readonly (readonly [line: number, ...cells: (string | null)[]])[];
      /** `[line, reason, value]`, by line. */
      readonly malformed: readonly (readonly [line: number, reason: string, value: string])[];
    };

const root = mkdtempSync(join(tmpdir(), "vigie-hostile-"));
const database = await openDatabase(":memory:", { readableFolders: [join(root, "staging")] });
await database.connection.run("create schema inbox");

afterAll(() => {
  database.close();
  rmSync(root, { recursive: true });
});

/**
 * Reads each delivered file by itself, as a night would, and all that was staged in one go. Throws, naming the case, when
 * a reader crashes, when an error names no file or tells no remedy, and when rows and malformed rows are not together the
 * rows that the reader counted, each in a place of its own.
 */
async function outcomesOf(cases: readonly HostileCase[]): Promise<Outcome[]> {
  const inbox = join(root, "inbox");
  mkdirSync(inbox, { recursive: true });
  mkdirSync(join(root, "staging"), { recursive: true });
  // Never the same path again: DuckDB remembers what it read of a file.
  const staging = mkdtempSync(join(root, "staging", "night-"));
  try {
    const results: (StagedFile | UserError)[] = [];
    for (const [index, { bytes, keys }] of cases.entries()) {
      const file = `${index + 1}.dat`;
      const path = join(inbox, file);
      writeFileSync(path, bytes);
      const delivered = { fileId: index + 1, feedName: "ledger", feed: feedWith(keys), file, path };
      try {
        results.push(...(await stageFiles([delivered], staging)));
      } catch (error) {
        if (!(error instanceof UserError)) throw defect(`the reader crashed: ${told(error)}`, bytes, error);
        if (!error.message.includes(file) || error.remedy === undefined) {
          throw defect(`an error without file or remedy: ${error.message}`, bytes, error);
        }
        results.push(error);
      }
    }
    const read = await readStaged(
      results.filter((result): result is StagedFile => !(result instanceof UserError)),
    );
    return results.map((result, index) => {
      if (result instanceof UserError) return { kind: "refused", message: result.message };
      const outcome = outcomeOf(result, read);
      const places = new Set([...outcome.rows, ...outcome.malformed].map(([line]) => line));
      const counted = [outcome.rows.length + outcome.malformed.length, places.size];
      if (counted.some((count) => count !== result.rowsRead)) {
        const message = `${result.rowsRead} rows counted, ${counted[0]} found in ${counted[1]} places`;
        throw defect(message, cases[index]?.bytes ?? new Uint8Array(0));
      }
      return outcome;
    });
  } finally {
    rmSync(inbox, { recursive: true });
    rmSync(staging, { recursive: true });
  }
}

/** The outcome of one delivered file. */
export async function outcomeOfFile(bytes: Uint8Array, keys: Partial<Feed>): Promise<Outcome> {
  const [outcome] = await outcomesOf([{ bytes, keys }]);
  if (outcome === undefined) throw new Error("one case has one outcome");
  return outcome;
}

const BATCH = 250;

/**
 * Draws `cases` values, reads the file that each stands for, in batches, and hands value and outcome to `check`, which
 * throws when it is wrong. Returns how many files were read, and how many refused. `VIGIE_SEED` repeats a failing run.
 */
export async function everyCase<T>(
  arbitrary: fc.Arbitrary<T>,
  cases: number,
  delivered: (value: T) => HostileCase,
  check: (value: T, outcome: Outcome) => void | Promise<void>,
): Promise<{ readonly read: number; readonly refused: number }> {
  const seed = Number(process.env.VIGIE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const counts = { read: 0, refused: 0 };
  for (let done = 0; done < cases; done += BATCH) {
    const values = fc.sample(arbitrary, { numRuns: Math.min(BATCH, cases - done), seed: seed + done });
    const files = values.map(delivered);
    try {
      const outcomes = await outcomesOf(files);
      for (const [index, outcome] of outcomes.entries()) {
        counts[outcome.kind]++;
        await checkOne(values[index] as T, outcome, files[index]?.bytes ?? new Uint8Array(0), check);
      }
    } catch (error) {
      throw new Error(`VIGIE_SEED=${seed}: ${told(error)}`, { cause: error });
    }
  }
  return counts;
}

async function checkOne<T>(
  value: T,
  outcome: Outcome,
  bytes: Uint8Array,
  check: (value: T, outcome: Outcome) => void | Promise<void>,
): Promise<void> {
  try {
    await check(value, outcome);
  } catch (error) {
    const shown = [value, outcome].map((what) => fc.stringify(what).slice(0, 1000));
    throw defect(`${told(error)}\nof ${shown[0]}\noutcome ${shown[1]}`, bytes, error);
  }
}

interface Read {
  readonly rows: ReadonlyMap<number, readonly (readonly unknown[])[]>;
  readonly malformed: ReadonlyMap<number, readonly (readonly unknown[])[]>;
}

/** One view over all files, their columns named by place. */
async function readStaged(files: readonly StagedFile[]): Promise<Read> {
  const { connection } = database;
  const places = (columns: readonly string[]) => columns.map((_, i) => `c${i + 1}`);
  const widest = Math.max(1, ...files.map(({ columns }) => columns.length));
  const all = places(Array.from({ length: widest }, () => ""));
  const placed = files.map((file) => ({ ...file, columns: places(file.columns) }));
  await connection.run(createFeedView("ledger", placed, all));
  const cells = all.join(", ");
  const rows = await connection.runAndReadAll(
    `select file_id, line, ${cells} from inbox.ledger order by file_id, line`,
  );
  const malformed = await connection.runAndReadAll(`${malformedRecords(files)} order by file_id, line`);
  return { rows: byFile(rows.getRows()), malformed: byFile(malformed.getRows()) };
}

function byFile(rows: readonly (readonly unknown[])[]): Map<number, (readonly unknown[])[]> {
  const files = new Map<number, (readonly unknown[])[]>();
  for (const [file, ...rest] of rows) {
    const ofFile = files.get(Number(file)) ?? [];
    ofFile.push(rest);
    files.set(Number(file), ofFile);
  }
  return files;
}

function outcomeOf({ fileId, columns }: StagedFile, { rows, malformed }: Read) {
  const ofFile = (rows.get(fileId) ?? []).map((row) => row.slice(0, columns.length + 1));
  type ReadOutcome = Extract<Outcome, { kind: "read" }>;
  return {
    kind: "read",
    columns,
    rows: ofFile as unknown as ReadOutcome["rows"],
    malformed: (malformed.get(fileId) ?? []) as unknown as ReadOutcome["malformed"],
  } as const;
}

function defect(message: string, bytes: Uint8Array, cause?: unknown): Error {
  const shown = Buffer.from(bytes.subarray(0, 400)).toString("latin1");
  return new Error(`${message}\nfile of ${bytes.length} bytes: ${JSON.stringify(shown)}`, { cause });
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
