import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FeatureMatrix } from "./features.ts";
import { type Fold, type LearntFold, learnFold, type SharedRows } from "./fold.ts";
import type { FoldNews } from "./fold-worker.ts";
import type { HouseholdRiskModel } from "./model.ts";
import { TooFewOnsets, type TrainOptions } from "./train.ts";

const MOST_THREADS = 2;

/**
 * Trains one model a fold, in threads that share the matrix's memory: each learns the next fold that nobody has begun.
 * The first additive fold chooses anew, as `train` does; the others begin from what it chose. The models come in the order
 * of the folds, and are the same however many threads there are.
 *
 * @param threads how many at most; one trains here, without another thread.
 * @param tell called as each fold is begun: the how manieth of them it is.
 * @throws TooFewOnsets when any fold has too few.
 */
export async function trainFolds(
  matrix: FeatureMatrix,
  outcome: Uint8Array,
  folds: readonly Fold[],
  options: TrainOptions,
  {
    threads = Math.min(MOST_THREADS, availableParallelism()),
    tell = () => undefined,
  }: { readonly threads?: number; readonly tell?: (begun: number) => void } = {},
): Promise<HouseholdRiskModel[]> {
  const first = folds.findIndex(({ kind }) => kind === "additive");
  // The fold that the others wait for comes first, then those that wait for none.
  const rank = (place: number) => (place === first ? 0 : folds[place]?.kind === "logistic" ? 1 : 2);
  const waiting = [...folds.keys()].sort((one, other) => rank(one) - rank(other) || one - other);
  const models: HouseholdRiskModel[] = [];
  let begun = 0;
  let choosing: Promise<LearntFold> | undefined;
  const learnNext = async (learnOne: (fold: Fold) => Promise<LearntFold>) => {
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      const fold = folds[place];
      if (fold === undefined) break;
      const begins = place !== first && fold.kind === "additive";
      const choices = begins ? (await choosing)?.choices : undefined;
      tell(++begun);
      const learning = learnOne(choices === undefined ? fold : { ...fold, choices });
      if (place === first) choosing = learning;
      models[place] = (await learning).model;
    }
  };
  const many = Math.min(threads, folds.length);
  if (many <= 1) {
    const rows: SharedRows = { matrix, outcome, options };
    await learnNext((fold) => learnFold(rows, fold));
    return models;
  }
  const workers = startWorkers(many, { matrix, outcome, options });
  try {
    await Promise.all(workers.map((worker) => learnNext((fold) => learnt(worker, fold))));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return models;
}

function startWorkers(many: number, { matrix, outcome, options }: SharedRows): Worker[] {
  const { period, weight, household, ...rest } = options;
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
  return Array.from({ length: many }, () => new Worker(program, { workerData: rows, execArgv: [] }));
}

function learnt(worker: Worker, fold: Fold): Promise<LearntFold> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => reject(new Error(`a thread that trains ended early (${code})`));
    const told = (news: FoldNews) => {
      worker.off("error", reject);
      worker.off("exit", ended);
      if ("model" in news) resolve(news);
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
