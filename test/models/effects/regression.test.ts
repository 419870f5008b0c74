import { describe, expect, test } from "vitest";
import { designMatrix, rowTimes } from "../../../models/effects/design-matrix.ts";
import { linearRegression, logisticRegression } from "../../../models/effects/regression.ts";
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

describe("regressions with enough rows find what made them", () => {
  const set = inventRiskSet({ rows: 20_000, seed: 4, treated: 0.3, confounding: 0.6, effect: 0 });
  const { matrix, treated } = set;
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  const everyone = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

  test("least squares: fitted values have the mean of the response", () => {
    const [outcome = []] = set.outcomes;
    const [coefficients = new Float64Array()] = linearRegression(matrix, rows, [outcome]);
    const fitted = Float64Array.from(rows, (row) => rowTimes(matrix, row, coefficients));
    expect(everyone(fitted)).toBeCloseTo(everyone(outcome), 8);
    const slope = (coefficients[1] ?? 0) * Math.sqrt(12);
    expect(slope).toBeGreaterThan(-0.34);
    expect(slope).toBeLessThan(-0.26);
  });

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
