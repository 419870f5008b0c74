import { parentPort } from "node:worker_threads";
import { UserError } from "../user-error.ts";
import { readOwnFormat } from "./read-own.ts";
import type { DeliveredFile, StagedFile } from "./reader.ts";

/** What a thread is asked to read, and where it leaves what it read. */
export interface ReadingTask {
  readonly delivered: DeliveredFile;
  readonly stagingFolder: string;
}

/** What came of it: the file as it is staged, or why it is refused. */
export type ReadingNews =
  | { readonly staged: StagedFile }
  | { readonly refusal: string; readonly remedy: string | undefined };

const tell = (news: ReadingNews) => parentPort?.postMessage(news);

parentPort?.on("message", async ({ delivered, stagingFolder }: ReadingTask) => {
  try {
    tell({ staged: await readOwnFormat(delivered, stagingFolder) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tell({ refusal: error.message, remedy: error.remedy });
  }
});
