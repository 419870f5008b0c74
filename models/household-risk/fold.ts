import { type FeatureMatrix, rowsOf } from "./features.ts";
import type { HouseholdRiskModel } from "./model.ts";
import { type TrainOptions, train, trainLogistic } from "./train.ts";

/** Rows to learn one model from, and what kind of model. */
export interface Fold {
  readonly rows: Int32Array;
  readonly kind: "additive" | "logistic";
}

/** What all folds take their rows from. */
export interface SharedRows {
  readonly matrix: FeatureMatrix;
  readonly outcome: Uint8Array;
  readonly options: TrainOptions;
}

/** Trains on the rows of one fold. */
export function learnFold(
  { matrix, outcome, options }: SharedRows,
  { rows, kind }: Fold,
): Promise<HouseholdRiskModel> {
  const { period, weight, household, ...rest } = options;
  return (kind === "additive" ? train : trainLogistic)(
    rowsOf(matrix, rows),
    Uint8Array.from(rows, (row) => outcome[row] ?? 0),
    {
      ...rest,
      period: Int32Array.from(rows, (row) => period[row] ?? 0),
      ...(weight === undefined ? {} : { weight: Float32Array.from(rows, (row) => weight[row] ?? 0) }),
      ...(household === undefined ? {} : { household: Int32Array.from(rows, (row) => household[row] ?? 0) }),
    },
  );
}
