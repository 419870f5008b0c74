import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FeatureMatrix } from "./features.ts";
import { type Fold, learnFold, type SharedRows } from "./fold.ts";
import type { FoldNews } from "./fold-worker.ts";
import type { HouseholdRiskModel } from "./model.ts";
import { TooFewOnsets, type TrainOptions } from "./train.ts";

const MOST_THREADS = 2;

/**
 * Trains one model a fold, in threads that share the matrix's memory: each learns the next fold that nobody has begun.
 * The models are those that `train` and `trainLogistic` give on the folds' rows, in the order of the folds.
 *
 * @param threads how many at most; one trains here, without another thread.
 * @throws TooFewOnsets when any fold has too few.
 */
export async function trainFolds(
  matrix: FeatureMatrix,
  outcome: Uint8Array,
  folds: readonly Fold[],
  options: TrainOptions,
  threads: number = Math.min(MOST_THREADS, availableParallelism()),
): Promise<HouseholdRiskModel[]> {
  const { period, weight, household, ...rest } = options;
  const many = Math.min(threads, folds.length);
  if (many <= 1) {
    const rows: SharedRows = { matrix, outcome, options };
    const models: HouseholdRiskModel[] = [];
    for (const fold of folds) models.push(await learnFold(rows, fold));
    return models;
  }
  const rows: SharedRows = {
    matrix: { ...matrix, columns: matrix.columns.map(sharedFloats) },
    outcome: sharedBytes(outcome),
    options: {
      ...rest,
      period: sharedIntegers(period),
      ...(weight === undefined ? {} : { weight: sharedFloats(weight) }),
      ...(household === undefined ? {} : { household: sharedIntegers(household) }),
    },
  };
  const program = new URL("./fold-thread.mjs", import.meta.url);
  const workers = Array.from({ length: many }, () => new Worker(program, { workerData: rows, execArgv: [] }));
  const models: HouseholdRiskModel[] = [];
  let next = 0;
  try {
    await Promise.all(
      workers.map(async (worker) => {
        while (next < folds.length) {
          const place = next++;
          const fold = folds[place];
          if (fold === undefined) break;
          models[place] = await learnt(worker, fold);
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return models;
}

function learnt(worker: Worker, fold: Fold): Promise<HouseholdRiskModel> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => reject(new Error(`a thread that trains ended early (${code})`));
    const told = (news: FoldNews) => {
      worker.off("error", reject);
      worker.off("exit", ended);
      if ("model" in news) resolve(news.model);
      else reject(new TooFewOnsets(news.onsets, news.least));
    };
    worker.once("message", told);
    worker.once("error", reject);
    worker.once("exit", ended);
    worker.postMessage(fold);
  });
}

function sharedFloats(numbers: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(numbers.byteLength));
  shared.set(numbers);
  return shared;
}

function sharedIntegers(numbers: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(numbers.byteLength));
  shared.set(numbers);
  return shared;
}

function sharedBytes(numbers: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(numbers.byteLength));
  shared.set(numbers);
  return shared;
}
