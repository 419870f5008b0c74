import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { FeatureMatrix, FeatureSpec } from "../../../models/household-risk/features.ts";
import type { TrainOptions } from "../../../models/household-risk/train.ts";

/** Months of the invented households, a row each. */
const MONTHS = 12;

const FEATURES: readonly FeatureSpec[] = [
  { name: "days_late", kind: "number", direction: "increasing" },
  { name: "late_months", kind: "number", direction: "increasing" },
  { name: "tenure", kind: "number", direction: "decreasing" },
  { name: "burden", kind: "number", direction: "none" },
  { name: "means", kind: "category", direction: "none", levels: ["debit", "transfer", "card", "cash"] },
  { name: "never_known", kind: "number", direction: "none" },
];

export interface Invented {
  readonly matrix: FeatureMatrix;
  readonly outcome: Uint8Array;
  /** The probabilities that outcomes were drawn with. */
  readonly truth: Float64Array;
  readonly options: TrainOptions;
}

/**
 * Households whose risk rises with lateness, falls with tenure, is higher with cash and where the burden is unknown; with
 * `together`, lateness and a heavy burden at once add as much again.
 */
export function inventHouseholds(of: {
  readonly seed: number;
  readonly households?: number;
  readonly base?: number;
  readonly together?: number;
}): Invented {
  const { seed, households = 200, base = -3, together = 0 } = of;
  const random = xoroshiro128plus(seed);
  const draw = (): number => uniformFloat64(random);
  const rows = households * MONTHS;
  const columns = FEATURES.map(() => new Float32Array(rows));
  const truth = new Float64Array(rows);
  const outcome = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const late = Math.floor(6 * draw() ** 3);
    const days = 30 * draw() ** 2;
    const tenure = 100 * draw() ** 2;
    const burden = draw() < 0.15 ? Number.NaN : 0.5 * draw();
    const means = Math.floor(4 * draw() ** 2);
    const values = [days, late, tenure, burden, means, Number.NaN];
    for (const [place, value] of values.entries()) (columns[place] ?? new Float32Array())[row] = value;
    const logit =
      base +
      0.06 * days +
      0.4 * late -
      0.02 * tenure +
      (means === 3 ? 0.8 : 0) +
      (Number.isNaN(burden) ? 0.7 : 0) +
      (late >= 1 && burden > 0.25 ? together : 0);
    truth[row] = 1 / (1 + Math.exp(-logit));
    outcome[row] = draw() < (truth[row] ?? 0) ? 1 : 0;
  }
  return {
    matrix: { features: FEATURES, rows, columns },
    outcome,
    truth,
    options: {
      seed: 1,
      period: Int32Array.from({ length: rows }, (_, row) => row % MONTHS),
      household: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / MONTHS)),
      embargo: 1,
      leastOnsets: 20,
    },
  };
}

/** The same households with some values of one row changed. */
export function changed(
  matrix: FeatureMatrix,
  row: number,
  values: Readonly<Record<string, number>>,
): FeatureMatrix {
  return {
    ...matrix,
    columns: matrix.columns.map((column, place) => {
      const value = values[matrix.features[place]?.name ?? ""];
      if (value === undefined) return column;
      const other = Float32Array.from(column);
      other[row] = value;
      return other;
    }),
  };
}
