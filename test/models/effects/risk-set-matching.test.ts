import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchRiskSets } from "../../../models/effects/risk-set-matching.ts";
import { differenceIn, inventRiskSet, SETTINGS } from "./random-risk-set.ts";

const world = fc.record({
  rows: fc.integer({ min: 20, max: 400 }),
  seed: fc.nat(),
  treated: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  confounding: fc.double({ min: 0, max: 1, noNaN: true }),
  effect: fc.constant(0.1),
});

describe("matching", () => {
  test("each treated household with a comparison hands out one whole weight, and only to the untreated", () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const set = inventRiskSet(drawn);
        const { weight, propensity } = matchRiskSets(set, SETTINGS);
        let ofTreated = 0;
        let ofControls = 0;
        for (let row = 0; row < set.matrix.rows; row++) {
          const counts = weight[row] ?? 0;
          if (set.treated[row] === 1) {
            expect([0, 1]).toContain(counts);
            if ((propensity[row] ?? 0) > SETTINGS.largestPropensity) expect(counts).toBe(0);
            ofTreated += counts;
          } else {
            ofControls += counts;
          }
        }
        expect(ofControls).toBeCloseTo(ofTreated, 8);
      }),
      { numRuns: 60 },
    );
  });

  test("nobody is compared across whole terms or years, nor with its own lease", () => {
    const set = inventRiskSet({ rows: 300, seed: 2, treated: 0.3, confounding: 0.3, effect: 0 });
    const one = Array.from(set.treated).indexOf(1);
    const like = (row: number): boolean =>
      set.exact[row] === set.exact[one] && set.lease[row] !== set.lease[one];
    const others = Int8Array.from(set.treated, (treated, row) => (row === one ? 1 : treated === 0 ? 0 : -1));
    const { weight } = matchRiskSets({ ...set, treated: others }, { ...SETTINGS, matches: 20, caliper: 1e9 });
    const matched = [...weight.keys()].filter((row) => row !== one && (weight[row] ?? 0) > 0);
    expect(matched.length).toBeGreaterThan(0);
    expect(matched.every(like)).toBe(true);

    const elsewhere = { ...set, treated: others, exact: set.exact.length > 0 ? others : set.exact };
    expect(matchRiskSets(elsewhere, SETTINGS).weight.every((counts) => counts === 0)).toBe(true);
  });

  test("the untreated of another month stand in only where the month has nobody", () => {
    const set = inventRiskSet({ rows: 200, seed: 5, treated: 0.2, confounding: 0, effect: 0 });
    const alone = { ...set, month: Array.from(set.treated, (treated) => (treated === 1 ? 24 : 25)) };
    expect(matchRiskSets(alone, SETTINGS).weight.some((counts) => counts > 0)).toBe(true);
    const apart = { ...set, month: Array.from(set.treated, (treated) => (treated === 1 ? 12 : 40)) };
    expect(matchRiskSets(apart, SETTINGS).weight.every((counts) => counts === 0)).toBe(true);
  });

  test("thinned controls keep their probability: half the untreated, told as half, double the odds back", () => {
    const set = inventRiskSet({ rows: 6_000, seed: 8, treated: 0.2, confounding: 0, effect: 0 });
    const half = Int8Array.from(set.treated, (treated, row) => (treated === 1 ? 1 : row % 2 === 0 ? 0 : -1));
    const sampledShare = new Float64Array(set.matrix.rows).fill(0.5);
    const { propensity } = matchRiskSets({ ...set, treated: half, sampledShare }, SETTINGS);
    const mean = propensity.reduce((sum, one) => sum + one, 0) / propensity.length;
    expect(mean).toBeGreaterThan(0.17);
    expect(mean).toBeLessThan(0.23);
  });
});

describe("what is told of invented worlds", () => {
  test("an effect is found where the frail, cured less, are treated more", () => {
    const { difference, low, high } = differenceIn(
      inventRiskSet({ rows: 6_000, seed: 11, treated: 0.2, confounding: 0.9, effect: 0.15 }),
    );
    expect(low).toBeLessThan(0.15);
    expect(high).toBeGreaterThan(0.15);
    expect(difference).toBeGreaterThan(0.1);
  });

  test("in a randomised world, calling the treated untreated changes the sign", () => {
    const set = inventRiskSet({ rows: 6_000, seed: 12, treated: 0.5, confounding: 0, effect: 0.2 });
    const there = differenceIn(set);
    const back = differenceIn({ ...set, treated: Uint8Array.from(set.treated, (treated) => 1 - treated) });
    expect(there.difference).toBeGreaterThan(0.15);
    expect(Math.abs(there.difference + back.difference)).toBeLessThan(0.02);
  });

  test("where labels are drawn again at random the differences centre on nothing, and few are flagged", () => {
    const draws = 80;
    let sum = 0;
    let flagged = 0;
    for (let seed = 1; seed <= draws; seed++) {
      const { difference, low, high } = differenceIn(
        inventRiskSet({ rows: 500, seed: 1_000 + seed, treated: 0.2, confounding: 0.8, effect: 0 }),
      );
      sum += difference;
      if (low > 0 || high < 0) flagged++;
    }
    expect(Math.abs(sum / draws)).toBeLessThan(0.02);
    expect(flagged).toBeLessThanOrEqual(8);
  });
});
