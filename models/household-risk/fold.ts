import { type FeatureMatrix, rowsOf } from "./features.ts";
import type { HouseholdRiskModel } from "./model.ts";
import { type Choices, type TrainOptions, trainFrom, trainLogistic } from "./train.ts";

/** Rows to learn one model from, and what kind of model. */
export interface Fold {
  readonly rows: Int32Array;
  readonly kind: "additive" | "logistic";
  /** What another fold chose, to begin from. */
  readonly choices?: Choices;
}

/** What all folds take their rows from. */
export interface SharedRows {
  readonly matrix: FeatureMatrix;
  readonly outcome: Uint8Array;
  readonly options: TrainOptions;
}

/** What came of a fold; a logistic regression chooses nothing. */
export interface LearntFold {
  readonly model: HouseholdRiskModel;
  readonly choices?: Choices;
}

/** Trains on the rows of one fold. */
export async function learnFold(
  { matrix, outcome, options }: SharedRows,
  { rows, kind, choices }: Fold,
): Promise<LearntFold> {
  const { period, weight, household, ...rest } = options;
  const own = rowsOf(matrix, rows);
  const fell = Uint8Array.from(rows, (row) => outcome[row] ?? 0);
  const ownOptions = {
    ...rest,
    period: Int32Array.from(rows, (row) => period[row] ?? 0),
    ...(weight === undefined ? {} : { weight: Float32Array.from(rows, (row) => weight[row] ?? 0) }),
    ...(household === undefined ? {} : { household: Int32Array.from(rows, (row) => household[row] ?? 0) }),
  };
  if (kind === "logistic") return { model: await trainLogistic(own, fell, ownOptions) };
  return trainFrom(own, fell, ownOptions, choices);
}
