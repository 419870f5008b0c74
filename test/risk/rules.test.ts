import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fitRule,
  RULES,
  type Rule,
  ruleContributions,
  ruleScore,
  sigmoid,
} from "../../models/household-risk/rules.ts";

function ruleNamed(name: string): Rule {
  const found = RULES.find((rule) => rule.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}
const lateness = ruleNamed("mean_lateness");
const sinceArrears = ruleNamed("months_since_arrears");

test("more days late is more risk; more months since the last arrears is less", () => {
  const [few, many] = ruleScore(lateness, [2, 20]);
  expect(many).toBeGreaterThan(few ?? 0);
  const [recent, old] = ruleScore(sinceArrears, [1, 30]);
  expect(recent).toBeGreaterThan(old ?? 0);
});

test("a household without payments yet is taken for an average one, one never in arrears for the least at risk", () => {
  expect(ruleScore(lateness, [0, Math.E - 1, Number.NaN])[2]).toBeCloseTo(0.5, 12);
  const [recent, old, never] = ruleScore(sinceArrears, [1, 30, Number.NaN]);
  expect(never).toBe(old);
  expect(never).toBeLessThan(recent ?? 0);
});

test("infinite values count as unknown, and a feature all missing tells nothing apart", () => {
  expect([...ruleScore(lateness, [Number.POSITIVE_INFINITY, 3])]).toEqual([Math.log1p(3), Math.log1p(3)]);
  const fitted = fitRule(lateness, [Number.NaN, Number.NaN, Number.NaN], [1, 0, 0]);
  expect([...ruleContributions(lateness, fitted, [Number.NaN, Number.NaN])]).toEqual([0, 0]);
});

test("its probabilities are those of the households that it learnt from, in sum", () => {
  const days = Array.from({ length: 2_000 }, (_, row) => row % 40);
  const outcome = days.map((late, row): number => ((row * 7) % 100 < 2 + late ? 1 : 0));
  const fitted = fitRule(lateness, days, outcome);
  const expected = ruleContributions(lateness, fitted, days).reduce(
    (sum, adds) => sum + sigmoid(fitted.base + adds),
    0,
  );
  const observed = outcome.reduce((sum, fell) => sum + fell, 0);
  // What is believed beforehand, two in a hundred of fifty households, pulls it down a little.
  expect(expected / observed).toBeGreaterThan(0.97);
  expect(expected / observed).toBeLessThan(1.03);
});

describe("with little or no history", () => {
  test("a rule still gives a probability, and keeps its order", () => {
    const fitted = fitRule(lateness, [], []);
    const [few = 0, many = 0] = ruleContributions(lateness, fitted, [1, 30]);
    expect(sigmoid(fitted.base + few)).toBeGreaterThan(0);
    expect(sigmoid(fitted.base + few)).toBeLessThan(sigmoid(fitted.base + many));
    expect(sigmoid(fitted.base)).toBeCloseTo(0.02, 6);
  });

  test("however the few households fell, the rule is never turned round", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -10, max: 90 }), fc.boolean()), { maxLength: 30 }),
        (rows) => {
          const fitted = fitRule(
            lateness,
            rows.map(([late]) => late),
            rows.map(([, fell]) => (fell ? 1 : 0)),
          );
          const [few = 0, many = 0] = ruleContributions(lateness, fitted, [0, 60]);
          expect(many).toBeGreaterThan(few);
          expect(Number.isFinite(sigmoid(fitted.base + many))).toBe(true);
        },
      ),
    );
  });
});

test("a weighted row counts as so many rows", () => {
  const twice = fitRule(lateness, [1, 1, 20, 20, 20], [0, 0, 1, 1, 0]);
  const weighted = fitRule(lateness, [1, 20, 20], [0, 1, 0], [2, 2, 1]);
  expect(weighted.base).toBeCloseTo(twice.base, 9);
  expect(weighted.slope).toBeCloseTo(twice.slope, 9);
});
