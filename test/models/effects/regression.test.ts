import { describe, expect, test } from "vitest";
import { designMatrix, rowTimes } from "../../../models/effects/design-matrix.ts";
import { logisticRegression } from "../../../models/effects/regression.ts";
import { inventRiskSet } from "./random-risk-set.ts";

describe("the design matrix", () => {
  test("holds an intercept, numbers over their standard deviation, and every group but the most frequent", () => {
    const matrix = designMatrix(
      [
        { name: "approach", groups: ["b", "a", "c"], codes: [0, 1, 0, 2] },
        { name: "terms", numbers: [1, 3, 1, 3] },
        { name: "constant", numbers: [7, 7, 7, 7] },
      ],
      4,
    );
    const rows = [0, 1, 2, 3].map((row) =>
      Array.from({ length: matrix.columns }, (_, at) =>
        rowTimes(
          matrix,
          row,
          Float64Array.from({ length: matrix.columns }, (_, other) => (other === at ? 1 : 0)),
        ),
      ),
    );
    expect(rows).toEqual([
      [1, 1, 0, 0],
      [1, 3, 1, 0],
      [1, 1, 0, 0],
      [1, 3, 0, 1],
    ]);
  });
});

describe("a regression with enough rows finds what made them", () => {
  const set = inventRiskSet({ rows: 20_000, seed: 4, treated: 0.3, confounding: 0.6, effect: 0 });
  const { matrix, treated } = set;
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  const everyone = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

  test("logistic: probabilities have the mean of the response and rise with frailty", () => {
    const coefficients = logisticRegression(matrix, rows, treated);
    const probabilities = Float64Array.from(
      rows,
      (row) => 1 / (1 + Math.exp(-rowTimes(matrix, row, coefficients))),
    );
    expect(everyone(probabilities)).toBeCloseTo(everyone(treated), 4);
    expect(coefficients[1] ?? 0).toBeGreaterThan(0);
  });
});
