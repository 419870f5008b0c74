import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MatchedHouseholds, riskDifference } from "../../../models/effects/risk-difference.ts";

/** Rows of a household each, half of them treated, no correction. */
function households(treated: readonly number[], controls: readonly number[]): MatchedHouseholds {
  const outcome = [...treated, ...controls];
  return {
    rows: outcome.length,
    treated: outcome.map((_, row) => (row < treated.length ? 1 : 0)),
    weight: outcome.map((_, row) => (row < treated.length ? 1 : treated.length / controls.length)),
    household: outcome.map((_, row) => row),
    outcome,
    expected: outcome.map(() => 0),
  };
}

const outcomes = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 2, maxLength: 40 });

describe("the risk difference", () => {
  test("without correction it is the plain difference of shares, inside its interval", () => {
    fc.assert(
      fc.property(outcomes, outcomes, (treated, controls) => {
        const told = riskDifference(households(treated, controls));
        const share = (values: readonly number[]) =>
          values.reduce((sum, one) => sum + one, 0) / values.length;
        expect(told?.difference).toBeCloseTo(share(treated) - share(controls), 10);
        expect(told?.shareControl).toBeCloseTo(share(controls), 10);
        expect(told?.low ?? 0).toBeLessThan(told?.difference ?? 0);
        expect(told?.high ?? 0).toBeGreaterThan(told?.difference ?? 0);
      }),
    );
  });

  test("with many households each once, its standard error is that of two proportions", () => {
    const treated = Array.from({ length: 1_000 }, (_, row) => (row < 300 ? 1 : 0));
    const controls = Array.from({ length: 1_000 }, (_, row) => (row < 100 ? 1 : 0));
    const told = riskDifference(households(treated, controls));
    expect(told?.standardError).toBeCloseTo(Math.sqrt((0.3 * 0.7 + 0.1 * 0.9) / 1_000), 4);
  });

  test("a household told twice is no second household", () => {
    fc.assert(
      fc.property(outcomes, outcomes, (treated, controls) => {
        const once = households([...treated, 0, 1, ...Array(40).fill(0)], [...controls, 0, 1]);
        const twice: MatchedHouseholds = {
          rows: 2 * once.rows,
          treated: [...Array.from(once.treated), ...Array.from(once.treated)],
          weight: [...Array.from(once.weight), ...Array.from(once.weight)],
          household: [...Array.from(once.household), ...Array.from(once.household)],
          outcome: [...Array.from(once.outcome), ...Array.from(once.outcome)],
          expected: [...Array.from(once.expected), ...Array.from(once.expected)],
        };
        const [one, other] = [riskDifference(once), riskDifference(twice)];
        expect(other?.difference).toBeCloseTo(one?.difference ?? 0, 10);
        expect(other?.households).toBe(one?.households);
        expect(Math.abs((other?.standardError ?? 0) - (one?.standardError ?? 0))).toBeLessThan(0.01);
      }),
    );
  });

  test("a control that stands for many makes the interval wider than many controls", () => {
    const treated = Array.from({ length: 60 }, (_, row) => row % 3 === 0);
    const many = households(
      treated.map(Number),
      Array.from({ length: 60 }, (_, row) => (row % 5 === 0 ? 1 : 0)),
    );
    const few = households(treated.map(Number), [1, 0, 0, 0, 0]);
    expect(riskDifference(few)?.difference).toBeCloseTo(riskDifference(many)?.difference ?? 0, 10);
    expect(riskDifference(few)?.standardError ?? 0).toBeGreaterThan(
      2 * (riskDifference(many)?.standardError ?? 0),
    );
  });

  test("no case among few is no certainty, and nobody treated is no difference", () => {
    expect(riskDifference(households(Array(12).fill(0), Array(60).fill(0)))?.high).toBeGreaterThan(0.05);
    expect(riskDifference(households([], [0, 1]))).toBeNull();
  });
});
