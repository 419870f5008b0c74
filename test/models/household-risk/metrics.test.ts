import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  auc,
  averagePrecision,
  brier,
  calibrationBins,
  logLoss,
  precisionAt,
} from "../../../models/household-risk/metrics.ts";

const SEED = 20_261_115;
const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { minLength: 2, maxLength: 40 })
  .filter((rows) => new Set(rows.map(([, onset]) => onset)).size === 2)
  .map((rows) => ({ scores: rows.map(([score]) => score), outcome: rows.map(([, onset]) => Number(onset)) }));

describe("figures of a ranking", () => {
  test("of four households, worked out by hand", () => {
    const scores = [0.9, 0.6, 0.6, 0.1];
    const outcome = [1, 0, 1, 0];
    // Of the four pairs of an onset and another, three are in order and one is tied.
    expect(auc(scores, outcome)).toBe(3.5 / 4);
    // One onset among the first, then two among the first three.
    expect(averagePrecision(scores, outcome)).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(precisionAt(scores, outcome, 0.5)).toBe(0.5);
    expect(brier(scores, outcome)).toBeCloseTo((0.01 + 0.36 + 0.16 + 0.01) / 4, 12);
    expect(logLoss([0.5, 0.5], [1, 0])).toBeCloseTo(Math.LN2, 12);
    expect(calibrationBins(scores, outcome, 2)).toEqual([
      { rows: 2, expected: 0.7, observed: 1 },
      { rows: 2, expected: 1.5, observed: 1 },
    ]);
  });

  test("the area under the curve counts pairs in order, ties as half", () => {
    fc.assert(
      fc.property(scored, ({ scores, outcome }) => {
        let [pairs, wins] = [0, 0];
        for (const [one, score] of scores.entries()) {
          for (const [other, lower] of scores.entries()) {
            if (outcome[one] !== 1 || outcome[other] !== 0) continue;
            pairs++;
            wins += score > lower ? 1 : score === lower ? 0.5 : 0;
          }
        }
        expect(auc(scores, outcome)).toBeCloseTo(wins / pairs, 12);
      }),
      { seed: SEED },
    );
  });

  test("equal scores are told alike, however rows are ordered", () => {
    fc.assert(
      fc.property(scored, ({ scores, outcome }) => {
        const turned = [[...scores].reverse(), [...outcome].reverse()] as const;
        expect(auc(...turned)).toBeCloseTo(auc(scores, outcome), 12);
        expect(averagePrecision(...turned)).toBeCloseTo(averagePrecision(scores, outcome), 12);
      }),
      { seed: SEED },
    );
  });
});
