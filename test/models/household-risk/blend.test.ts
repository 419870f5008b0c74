import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestShare, blended } from "../../../models/household-risk/blend.ts";
import { encode } from "../../../models/household-risk/encoding.ts";
import type { FeatureSpec } from "../../../models/household-risk/features.ts";
import { type Fitted, logitsOf } from "../../../models/household-risk/fit.ts";
import {
  featureBlocks,
  type LearningRows,
  learningRows,
} from "../../../models/household-risk/learning-rows.ts";

const FEATURES: readonly FeatureSpec[] = [
  { name: "days_late", kind: "number", direction: "none" },
  { name: "means", kind: "category", direction: "none", levels: ["debit", "cash"] },
];

function rowsOf(columns: readonly Float32Array[], knots: readonly (readonly number[])[]): LearningRows {
  const rows = columns[0]?.length ?? 0;
  return learningRows(
    {
      columns: FEATURES.map((feature, place) =>
        encode(feature, columns[place] ?? new Float32Array(), knots[place] ?? []),
      ),
      outcome: new Uint8Array(rows),
      weight: new Float32Array(rows).fill(1),
      household: Int32Array.from({ length: rows }, (_, row) => row),
    },
    { seed: 1, measured: rows },
  );
}

function learnt(rows: LearningRows, intercept: number, values: readonly (readonly number[])[]): Fitted {
  const slots = values.map((of) => Float64Array.from(of));
  const logits = logitsOf(featureBlocks(FEATURES, rows), slots, intercept, rows.outcome.length);
  return { intercept, values: slots, logits, parameters: new Float64Array(), curvature: null };
}

test("blended terms give every row its share of both log-odds, known or not, between knots or beyond", () => {
  const days = fc.oneof(fc.double({ min: -10, max: 60, noNaN: true }), fc.constant(Number.NaN));
  const level = fc.constantFrom(0, 1, 7, Number.NaN);
  const value = fc.double({ min: -3, max: 3, noNaN: true });
  const tuple = (length: number) => fc.array(value, { minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(days, level), { minLength: 1, maxLength: 30 }),
      fc.tuple(value, tuple(5), tuple(4)),
      fc.tuple(value, tuple(3), tuple(4)),
      fc.constantFrom(0, 0.25, 0.5, 1),
      (households, [base, bentDays, bentMeans], [other, straightDays, straightMeans], share) => {
        const columns = [0, 1].map((at) => Float32Array.from(households, (household) => household[at] ?? 0));
        const levels = [0, 1, 2];
        const many = rowsOf(columns, [[0, 3, 10, 40], levels]);
        const few = rowsOf(columns, [[0, 40], levels]);
        const bent = learnt(many, base, [bentDays, bentMeans]);
        const straight = learnt(few, other, [straightDays, straightMeans]);
        const both = blended(bent, many.columns, straight, few.columns, share);
        const told = logitsOf(featureBlocks(FEATURES, many), both.values, both.intercept, households.length);
        for (const [row, logit] of told.entries()) {
          expect(logit).toBeCloseTo(both.logits[row] ?? Number.NaN, 6);
          expect(logit).toBeCloseTo(
            (1 - share) * (bent.logits[row] ?? 0) + share * (straight.logits[row] ?? 0),
            6,
          );
        }
      },
    ),
  );
});

describe("the share of straight lines is the greatest that is no worse than noise", () => {
  const window = (outcomes: readonly number[]): LearningRows => ({
    ...rowsOf([new Float32Array(outcomes.length), new Float32Array(outcomes.length)], [[0], [0]]),
    outcome: Uint8Array.from(outcomes),
  });
  const outcomes = Array.from({ length: 200 }, (_, row) => Number(row % 4 === 0));
  const right = Float64Array.from(outcomes, (fell) => (fell === 1 ? 2 : -3));
  const blind = Float64Array.from(outcomes, () => -1.1);

  test.each([
    ["as good as the bent ones: half", right, right, 0.5],
    ["better: half, and no more", blind, right, 0.5],
    ["worse: none", right, blind, 0],
  ])("%s", (_, bent, straight, share) => {
    expect(bestShare([window(outcomes)], [bent], [straight])).toBe(share);
  });
});
