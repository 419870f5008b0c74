import { parentPort, workerData } from "node:worker_threads";
import { type Fold, type LearntFold, learnFold, type SharedRows } from "./fold.ts";
import { TooFewOnsets } from "./train.ts";

/** What a thread tells of a fold: what came of it, or that there were too few onsets. */
export type FoldNews = LearntFold | { readonly onsets: number; readonly least: number };

const rows = workerData as SharedRows;
const tell = (news: FoldNews) => parentPort?.postMessage(news);

parentPort?.on("message", async (fold: Fold) => {
  try {
    tell(await learnFold(rows, fold));
  } catch (error) {
    if (!(error instanceof TooFewOnsets)) throw error;
    tell({ onsets: error.onsets, least: error.least });
  }
});
