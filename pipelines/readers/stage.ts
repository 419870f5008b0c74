import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { threadsAsked } from "../warehouse/connection.ts";
import type { KeptReadings } from "./kept-readings.ts";
import { readParquet } from "./parquet.ts";
import { readOwnFormat } from "./read-own.ts";
import type { DeliveredFile, Reader, StagedFile } from "./reader.ts";
import { startReadingThreads } from "./reading-threads.ts";

/** Of what is not cut into rows in a thread of its own: while one file is, the other is read, decompressed and written. */
const AT_A_TIME = 2;

/** Each thread takes half a second of processor to begin, and tens of megabytes: it pays for itself from so many bytes on. */
const BYTES_FOR_THREAD = 32 * 1024 * 1024;

/** A file, its place in the order of the files, and its size. */
interface Waiting {
  readonly file: DeliveredFile;
  readonly index: number;
  readonly size: number;
}

export interface StagingOptions {
  /** How many threads at most; one reads here, without another thread. One a core by default. */
  readonly threads?: number;
  /** Where what the files were read into is kept: a file that is known there is not read again. */
  readonly readings?: KeptReadings | undefined;
}

/**
 * Stages all files of a night in `stagingFolder`, which exists and is empty; the results are in the order of the files.
 * Of several files that would be read the same, one is read.
 *
 * @throws UserError of the first file, in their order, that cannot be read.
 */
export async function stageFiles(
  files: readonly DeliveredFile[],
  stagingFolder: string,
  { threads = threadsAsked() ?? availableParallelism(), readings }: StagingOptions = {},
): Promise<StagedFile[]> {
  if (readings === undefined) return await readFiles(files, stagingFolder, threads);
  const found: StagedFile[] = [];
  const unknown = new Map<string, DeliveredFile>();
  const repeated: DeliveredFile[] = [];
  for (const file of files) {
    const { key, staged } = await readings.find(file, stagingFolder);
    if (staged !== undefined) found.push(staged);
    else if (unknown.has(key)) repeated.push(file);
    else unknown.set(key, file);
  }
  const read = await readFiles([...unknown.values()], stagingFolder, threads, readings);
  const copies =
    repeated.length === 0 ? [] : await stageFiles(repeated, stagingFolder, { threads, readings });
  const byId = new Map([...found, ...read, ...copies].map((staged) => [staged.fileId, staged]));
  return files.map(({ fileId, file }) => {
    const staged = byId.get(fileId);
    if (staged === undefined) throw new Error(`inbox/${file} was not staged`);
    return staged;
  });
}

/** Reads all files: what our own code cuts into rows in threads where there is enough of it, the largest file first. */
async function readFiles(
  files: readonly DeliveredFile[],
  stagingFolder: string,
  threads: number,
  readings?: KeptReadings,
): Promise<StagedFile[]> {
  const staged: StagedFile[] = [];
  const failures = new Map<number, unknown>();
  const firstFailure = () => Math.min(...failures.keys());
  const work = async (waiting: Waiting[], read: Reader) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { index, file } = next;
      // What stands before the first file that failed so far is still read: it may be the first.
      if (index > firstFailure()) continue;
      try {
        const result = await read(file, stagingFolder);
        await readings?.keep(file, result);
        staged[index] = result;
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  const all = await Promise.all(files.map(waitingOf));
  all.sort((one, other) => other.size - one.size || one.index - other.index);
  const parquet = all.filter(({ file }) => file.feed.format === "parquet");
  const own = all.filter(({ file }) => file.feed.format !== "parquet");
  const many = Math.min(threads, own.length, Math.ceil(bytesOf(own) / BYTES_FOR_THREAD));
  const pool = many > 1 ? startReadingThreads(many) : undefined;
  try {
    const readers = pool?.readers ?? Array.from({ length: AT_A_TIME }, () => readOwnFormat);
    await Promise.all([
      ...readers.map((read) => work(own, read)),
      ...Array.from({ length: AT_A_TIME }, () => work(parquet, readParquet)),
    ]);
  } finally {
    await pool?.end();
  }
  if (failures.size > 0) throw failures.get(firstFailure());
  return staged;
}

async function waitingOf(file: DeliveredFile, index: number): Promise<Waiting> {
  // A file that is gone is its reader's to tell.
  const size = await stat(file.path).then(
    (found) => found.size,
    () => 0,
  );
  return { file, index, size };
}

function bytesOf(files: readonly Waiting[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
