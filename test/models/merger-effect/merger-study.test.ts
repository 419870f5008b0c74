import fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { arrangements } from "../../../models/merger-effect/arrangements.ts";
import { groupTimeEffects } from "../../../models/merger-effect/group-time.ts";
import { changesAround, mergerEffects, nthSmallest } from "../../../models/merger-effect/merger-study.ts";

const WINDOW = { before: 4, after: 3 };
const MONTHS = 16;

/** A figure for each agency and month, the same for a seed. */
function noise(agencies: number, seed: number, months = MONTHS): number[][] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: agencies }, () =>
    Array.from({ length: months }, () => uniformFloat64(generator) / 10),
  );
}

function panelOf(values: readonly (readonly number[])[]) {
  return { values: values.map((row) => Float64Array.from(row)), weights: values.map(() => 100) };
}

describe("group-time effects", () => {
  test("a change is held against agencies merged later or never, not against those merged before", () => {
    // 0 merged in month 5 and rose by 10 then; 1 merges in month 8 and does not move; 2 is never merged and rises by 1 in month 9.
    const values = [
      Array.from({ length: MONTHS }, (_, month) => (month >= 5 ? 10 : 0)),
      Array.from({ length: MONTHS }, () => 3),
      Array.from({ length: MONTHS }, (_, month) => (month >= 9 ? 1 : 0)),
    ];
    const { byMonth, controls } = groupTimeEffects(panelOf(values), [5, 8, null], WINDOW);
    expect([...(byMonth[0] ?? [])]).toEqual([0, 0, 0, 0, 10, 10, 10]);
    expect([...(byMonth[1] ?? [])]).toEqual([0, 0, 0, 0, 0, -1, -1]);
    expect(controls.map((some) => [...some].sort())).toEqual([[1, 2], [2], []]);
  });

  test("the same for every agency in a month, or for every month of an agency, it changes nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: MONTHS, maxLength: MONTHS }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (ofMonth, ofAgency) => {
          const values = noise(4, 7);
          const moved = values.map((row, agency) =>
            row.map((value, month) => value + (ofMonth[month] ?? 0) + (ofAgency[agency] ?? 0)),
          );
          const dates = [5, 8, null, null];
          const before = groupTimeEffects(panelOf(values), dates, WINDOW).byMonth;
          const after = groupTimeEffects(panelOf(moved), dates, WINDOW).byMonth;
          for (const [agency, row] of before.entries()) {
            for (const [place, value] of row.entries()) {
              const same = after[agency]?.[place] ?? Number.NaN;
              if (Number.isNaN(value)) expect(same).toBeNaN();
              else expect(same).toBeCloseTo(value, 9);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test("fewer than three closings before the merger, or nobody left to compare with: nothing is said", () => {
    const said = (dates: readonly (number | null)[]) =>
      groupTimeEffects(panelOf(noise(2, 3)), dates, WINDOW).byMonth[0]?.some((value) => !Number.isNaN(value));
    expect(said([2, null])).toBe(false);
    expect(said([5, 5])).toBe(false);
    expect(said([5, null])).toBe(true);
  });
});

describe("randomisation over agencies", () => {
  test("the value at each place is that of the sorted values, equal ones among them", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }), (values) => {
        const sorted = Float64Array.from(values).sort();
        for (const [place, value] of sorted.entries())
          expect(nthSmallest(Float64Array.from(values), place)).toBe(value);
      }),
    );
  });

  test("all arrangements when they are few, the true one first; a thousand drawn when they are many", () => {
    const few = arrangements([1, 1, 2, null], 100);
    expect(few[0]).toEqual([1, 1, 2, null]);
    expect(new Set(few.map((way) => JSON.stringify(way))).size).toBe(12);
    expect(few).toHaveLength(12);
    const dates = Array.from({ length: 14 }, (_, i) => i);
    const many = arrangements(dates, 1_000);
    expect(many).toHaveLength(1_000);
    expect(many[0]).toEqual(dates);
    for (const way of many.slice(0, 50)) expect([...way].sort((a, b) => a - b)).toEqual(dates);
    expect(arrangements(dates, 1_000)).toEqual(many);
  });

  const dates = [6, 6, 9, null, null, null, null, null];
  const added = (values: number[][], effect: number) =>
    values.map((row, agency) =>
      row.map((value, month) => value + (month >= (dates[agency] ?? 99) ? effect : 0)),
    );

  test("a constant effect moves the estimate and its interval by as much", () => {
    const values = noise(8, 11);
    const without = mergerEffects(panelOf(values), dates, WINDOW).get(null);
    const withEffect = mergerEffects(panelOf(added(values, 0.2)), dates, WINDOW).get(null);
    expect(withEffect?.estimate).toBeCloseTo((without?.estimate ?? Number.NaN) + 0.2, 9);
    expect(withEffect?.low).toBeCloseTo((without?.low ?? Number.NaN) + 0.2, 4);
    expect(withEffect?.high).toBeCloseTo((without?.high ?? Number.NaN) + 0.2, 4);
    expect(withEffect?.pValue).toBeLessThan(0.05);
    expect(withEffect?.controls).toBe(6);
  });

  test("the path shows the months before near 0 and the effect after", () => {
    const path = mergerEffects(panelOf(added(noise(8, 12), 0.5)), dates, WINDOW).get(null)?.path ?? [];
    expect(path.map(({ relativeMonth }) => relativeMonth)).toEqual([-4, -3, -2, -1, 0, 1, 2]);
    for (const { relativeMonth, estimate, low, high } of path) {
      expect(Math.abs(estimate - (relativeMonth < 0 ? 0 : 0.5))).toBeLessThan(0.1);
      expect(low).toBeLessThan(estimate);
      expect(high).toBeGreaterThan(estimate);
    }
  });

  test("agencies that did not evolve alike before the merger are noticed", () => {
    const values = noise(8, 13).map((row, agency) =>
      row.map((value, month) => value + (dates[agency] == null ? 0 : month / 5)),
    );
    expect(mergerEffects(panelOf(values), dates, WINDOW).get(null)?.pValueBefore).toBeLessThan(0.05);
  });

  test("where mergers change nothing, the test says otherwise in one case of twenty", () => {
    // Two agencies of seven merge: 21 arrangements, of which the most extreme alone is below 5%.
    const landlords = 400;
    let found = 0;
    for (let seed = 0; seed < landlords; seed++) {
      const effect = mergerEffects(
        panelOf(noise(7, 1_000 + seed, 10)),
        [5, 5, null, null, null, null, null],
        {
          before: 4,
          after: 2,
        },
      );
      if ((effect.get(null)?.pValue ?? 1) <= 0.05) found += 1;
    }
    expect(found / landlords).toBeGreaterThan(0.015);
    expect(found / landlords).toBeLessThan(0.085);
  });
});

test("without controls, an agency's own change is told, from the mean of the closings before", () => {
  const values = [Array.from({ length: MONTHS }, (_, month) => (month < 5 ? 1 : 3))];
  expect(changesAround(panelOf(values), [5], WINDOW).get(0)).toEqual({
    estimate: 2,
    path: [-4, -3, -2, -1, 0, 1, 2].map((relativeMonth) => ({
      relativeMonth,
      estimate: relativeMonth < 0 ? 0 : 2,
    })),
  });
});
