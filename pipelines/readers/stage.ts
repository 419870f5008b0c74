import type { Feed } from "../strategy/strategy.ts";
import { readCamt } from "./camt.ts";
import { readCfonb120 } from "./cfonb120.ts";
import { readDelimited } from "./delimited.ts";
import { readFec } from "./fec.ts";
import { readPain002 } from "./pain002.ts";
import { readParquet } from "./parquet.ts";
import type { DeliveredFile, Reader, StagedFile } from "./reader.ts";
import { readXlsx } from "./xlsx.ts";

/** The reader of each format that a feed may declare. */
const READERS: Record<Feed["format"], Reader> = {
  delimited: (delivered, stagingFolder) => readDelimited(delivered, stagingFolder),
  parquet: readParquet,
  xlsx: readXlsx,
  fec: (delivered, stagingFolder) => readFec(delivered, stagingFolder),
  cfonb120: (delivered, stagingFolder) => readCfonb120(delivered, stagingFolder),
  camt: (delivered, stagingFolder) => readCamt(delivered, stagingFolder),
  pain002: (delivered, stagingFolder) => readPain002(delivered, stagingFolder),
};

/** Two files at a time: while one is cut into records, the other is read, decompressed and written in other threads. */
const AT_A_TIME = 2;

/**
 * Stages all files of a night in `stagingFolder`, which exists and is empty; the results are in the order of the files.
 * `onStaged` is told of each file as it is finished.
 *
 * @throws UserError of the first file, in their order, that cannot be read.
 */
export async function stageFiles(
  files: readonly DeliveredFile[],
  stagingFolder: string,
  onStaged: (file: StagedFile) => void = () => {},
): Promise<StagedFile[]> {
  const staged: StagedFile[] = [];
  const failures = new Map<number, unknown>();
  const waiting = files.entries();
  const work = async () => {
    for (const [index, file] of waiting) {
      try {
        const result = await READERS[file.feed.format](file, stagingFolder);
        staged[index] = result;
        onStaged(result);
      } catch (error) {
        failures.set(index, error);
      }
      if (failures.size > 0) return;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return staged;
}
