import { describe, expect, test } from "vitest";
import { AUBRELLE, MONTBRUN } from "../../data-samples/simulator/parameters.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import { marksOf } from "./marks.ts";

const window = windowOf(48);

// Public marks, end of 2022. The bounds leave room for one seed and eight thousand dwellings, not for another landlord.
describe("the demonstration landlord stands where French social landlords stand", () => {
  const marks = marksOf(dwellingsOf({ from: 1, to: 8_000, seed: 31, window, parameters: AUBRELLE }), window);

  test.each([
    ["19.6% owe more than 10 euros", marks.late, 0.196, 0.014],
    ["6.6% owe three terms or more", marks.threeTerms, 0.066, 0.009],
    ["1.5% owe a term older than 12 months", marks.olderThanAYear, 0.015, 0.004],
    ["36.8% of vacated dwellings are left with debt", marks.leftWithDebt, 0.368, 0.045],
    ["98 to 99.5% is recovered", marks.recovery, 0.9875, 0.0075],
    ["7 to 9% leave in a year", marks.departuresAYear, 0.08, 0.01],
  ])("%s", (_, reached, mark, tolerance) => {
    expect(Math.abs(reached - mark)).toBeLessThanOrEqual(tolerance);
  });

  test("what flows in, and for how long, makes the stock", () => {
    const { onset, cured, oneTerm, spell } = marks;
    expect(onset).toBeGreaterThan(0.015);
    expect(onset).toBeLessThan(0.04);
    expect(cured.in1).toBeGreaterThan(0.35);
    expect(cured.in3).toBeGreaterThan(cured.in1);
    expect(cured.in6).toBeGreaterThan(cured.in3);
    expect(cured.in6).toBeLessThan(0.9);
    expect(oneTerm).toBeLessThan(marks.late);
    expect(spell).toBeGreaterThan(6);
  });

  test("most late homes are young debts; every age is there", () => {
    const { ageing } = marks;
    expect(ageing["0-1"]).toBeGreaterThan(0.35);
    for (const share of Object.values(ageing)) expect(share).toBeGreaterThan(0.03);
    expect(Object.values(ageing).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });
});

test("another landlord is another landlord: more of its households are late", () => {
  const small = (parameters: typeof AUBRELLE) =>
    marksOf(dwellingsOf({ from: 1, to: 1_500, seed: 31, window, parameters }), window);
  expect(small(MONTBRUN).late).toBeGreaterThan(small(AUBRELLE).late + 0.02);
});
