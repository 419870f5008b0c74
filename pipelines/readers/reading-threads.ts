import { Worker } from "node:worker_threads";
import { UserError } from "../user-error.ts";
import type { Reader, StagedFile } from "./reader.ts";
import type { ReadingNews, ReadingTask } from "./reading-worker.ts";

/** Threads that read files, each one file at a time. */
export interface ReadingThreads {
  /** One reader a thread; each waits for its file to be read before it is given another. */
  readonly readers: readonly Reader[];
  end(): Promise<void>;
}

/**
 * Starts `many` threads that read as `readOwnFormat` does, with the same results and the same UserErrors. A thread that ends
 * before its file is read is an Error that names the file.
 */
export function startReadingThreads(
  many: number,
  program: URL = new URL("./reading-thread.mjs", import.meta.url),
): ReadingThreads {
  const workers = Array.from({ length: many }, () => {
    const worker = new Worker(program, { execArgv: [] });
    // One that fails between two files is found ended when it is given the next.
    return worker.on("error", () => undefined);
  });
  return {
    readers: workers.map(
      (worker) => (delivered, stagingFolder) => read(worker, { delivered, stagingFolder }),
    ),
    async end() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function read(worker: Worker, task: ReadingTask): Promise<StagedFile> {
  return new Promise((resolve, reject) => {
    const { file } = task.delivered;
    const failed = (cause: unknown) =>
      settle(() => reject(new Error(`the thread that read inbox/${file} failed: ${cause}`, { cause })));
    const ended = (code: number) =>
      settle(() => reject(new Error(`the thread that read inbox/${file} ended early (${code})`)));
    const told = (news: ReadingNews) =>
      settle(() => {
        if ("staged" in news) resolve(news.staged);
        else reject(new UserError(news.refusal, news.remedy));
      });
    const settle = (tell: () => void) => {
      worker.off("message", told).off("error", failed).off("exit", ended);
      tell();
    };
    worker.once("message", told).once("error", failed).once("exit", ended);
    // An ended thread tells nothing any more, not even that it ended.
    if (worker.threadId === -1) ended(1);
    else worker.postMessage(task);
  });
}
