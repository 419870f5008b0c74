import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ControlLimit,
  controlLimits,
  type Flow,
  type FlowSeries,
} from "../../../models/control-limits/control-limits.ts";
import { countReds, defaultRules } from "./false-and-true-reds.ts";
import { type StableLandlord, stableFlow, USUAL } from "./stable-flow.ts";

const SEED = 20_261_115;
const rules = defaultRules();
const small: StableLandlord = { ...USUAL, agencies: 4, months: 32 };
const ratio: StableLandlord = { ...small, kind: "ratio", rate: 0.93, season: 0.02, household: 0.2 };
const landlord = fc.constantFrom(small, ratio);
const seed = fc.integer({ min: 1, max: 1_000_000 });

describe("limits are learnt from the months before", () => {
  test("whatever a month and those after it bring, no limit up to it changes", () => {
    fc.assert(
      fc.property(
        landlord,
        seed,
        fc.integer({ min: 18, max: 31 }),
        fc.double({ min: 0.1, max: 3 }),
        (of, luck, from, factor) => {
          const told = controlLimits(stableFlow(of, luck), rules);
          const changed = controlLimits(changedFrom(stableFlow(of, luck), from, factor), rules);
          const before = ({ month }: ControlLimit) => month < from;
          expect(changed.map((list) => list.filter(before))).toEqual(told.map((list) => list.filter(before)));
          const limitsOf = (list: readonly ControlLimit[]) =>
            list.filter(({ month }) => month === from).map(bounds);
          expect(changed.map(limitsOf)).toEqual(told.map(limitsOf));
        },
      ),
      { numRuns: 12, seed: SEED },
    );
  });

  test("with too few of them nothing is expected and nothing is judged", () => {
    const [company = []] = controlLimits(stableFlow(small, 1), rules);
    expect(company.filter(({ judged }) => judged).map(({ month }) => month)).toEqual(
      company.map(({ month }) => month).filter((month) => month >= rules.minimumMonths),
    );
    expect(company.slice(0, rules.minimumMonths).every(({ expected }) => Number.isNaN(expected))).toBe(true);
  });
});

describe("nothing hangs on how a flow is written down", () => {
  test("the order of slices does not matter", () => {
    fc.assert(
      fc.property(landlord, seed, (of, luck) => {
        const flow = stableFlow(of, luck);
        const [whole = [], agencies = []] = flow.pools;
        const turned = controlLimits({ ...flow, pools: [[...agencies].reverse(), whole] }, rules);
        const [company, ...told] = controlLimits(flow, rules);
        expect(turned).toEqual([...told.reverse(), company]);
      }),
      { numRuns: 6, seed: SEED },
    );
  });

  test("nor does the unit of amounts: verdicts stay, limits follow", () => {
    fc.assert(
      fc.property(seed, fc.constantFrom(0.01, 100, 1_000), (luck, unit) => {
        const flow = stableFlow(ratio, luck);
        const told = controlLimits(flow, rules).flat();
        const scaled = controlLimits(inUnits(flow, unit), rules).flat();
        expect(scaled.map(({ verdict }) => verdict)).toEqual(told.map(({ verdict }) => verdict));
        for (const [index, limit] of scaled.entries()) {
          const { expected = Number.NaN, low = Number.NaN, high = Number.NaN } = told[index] ?? {};
          if (Number.isNaN(expected)) continue;
          expect(limit.expected / (unit * expected)).toBeCloseTo(1, 6);
          expect(limit.low / (unit * low)).toBeCloseTo(1, 6);
          expect(limit.high / (unit * high)).toBeCloseTo(1, 6);
        }
      }),
      { numRuns: 6, seed: SEED },
    );
  });
});

describe("what the width of the limits follows", () => {
  test("volume: of agencies equally steady, the larger has the narrower limits", () => {
    const unequal = stableFlow({ ...USUAL, months: 40, leases: [300, 6000] }, 3);
    const [, ...agencies] = controlLimits(unequal, rules);
    const widths = agencies.map((list) => {
      const { high = 0, low = 0, expected = 1, volume = 0 } = list.at(-1) ?? {};
      return { volume, width: (high - low) / expected };
    });
    const bySize = widths.sort((a, b) => a.volume - b.volume).map(({ width }) => width);
    const [small = 0, large = 0] = [bySize.slice(0, 4), bySize.slice(-4)].map((some) => Math.max(...some));
    expect(large).toBeLessThan(0.7 * small);
  });

  test("a month with few cases expected, or few households, is not judged", () => {
    const few = controlLimits(stableFlow({ ...small, leases: [60, 100] }, 2), rules)
      .slice(1)
      .flat();
    expect(few.some(({ judged }) => judged)).toBe(false);
    expect(few.every(({ verdict }) => verdict === "none")).toBe(true);
  });
});

describe("a shift, once seen", () => {
  const flow = (factor: (month: number) => number): Flow => {
    const whole = steadyShare(60, (month) => 200 * factor(month));
    return { kind: "share", firstMonth: 0, whole, pools: [[whole]] };
  };
  const reds = (factor: (month: number) => number) =>
    (controlLimits(flow(factor), rules)[0] ?? []).flatMap(({ month, verdict }) =>
      verdict === "above" ? [month] : [],
    );

  test("is not absorbed: it stays red as long as it lasts, and no longer", () => {
    expect(reds((month) => (month >= 40 && month < 44 ? 1.5 : 1))).toEqual([40, 41, 42, 43]);
  });

  test("becomes the level after the months that the landlord allows, so that nothing is red for ever", () => {
    expect(reds((month) => (month >= 40 ? 1.5 : 1))).toEqual([40, 41, 42, 43, 44, 45]);
  });

  test("is judged from its new level then: a second step is red again", () => {
    expect(reds((month) => (month >= 52 ? 2.2 : month >= 36 ? 1.5 : 1))).toEqual([
      36, 37, 38, 39, 40, 41, 52, 53, 54, 55, 56, 57,
    ]);
  });
});

test("on stable landlords few months are red; most steps of three standard deviations are within three closings", () => {
  const found = [1, 2, 3, 4].map((luck) => countReds([{ landlord: USUAL, badSide: "above" }], luck, rules));
  const total = (pick: (one: (typeof found)[number]) => number) =>
    found.reduce((sum, one) => sum + pick(one), 0);
  expect(total(({ years }) => years)).toBeGreaterThan(150);
  expect(total(({ falseMonths }) => falseMonths)).toBeLessThanOrEqual(8);
  expect(total(({ steps }) => steps)).toBe(12);
  expect(total(({ seen }) => seen)).toBeGreaterThanOrEqual(9);
});

/** A share of 10,000 with a little unevenness, the same at every run. */
function steadyShare(months: number, cases: (month: number) => number): FlowSeries {
  const wobble = [0, 4, -6, 9, -3, 7, -8, 2, -5, 6, -1, 3, -7];
  return {
    id: "company",
    numerator: Float64Array.from({ length: months }, (_, month) =>
      Math.round(cases(month) + 1.5 * (wobble[month % wobble.length] ?? 0)),
    ),
    denominator: new Float64Array(months).fill(10_000),
    volume: new Float64Array(months).fill(10_000),
  };
}

function changedFrom(flow: Flow, from: number, factor: number): Flow {
  return withNumerators(flow, (value, month) => (month >= from ? Math.round(value * factor) : value));
}

function inUnits(flow: Flow, unit: number): Flow {
  return withNumerators(flow, (value) => value * unit);
}

function withNumerators(flow: Flow, change: (value: number, month: number) => number): Flow {
  const changed = (series: FlowSeries): FlowSeries => ({
    ...series,
    numerator: series.numerator.map(change),
  });
  const [[whole = flow.whole] = [], agencies = []] = flow.pools;
  const newWhole = changed(whole);
  return { ...flow, whole: newWhole, pools: [[newWhole], agencies.map(changed)] };
}

function bounds({ expected, low, high }: ControlLimit) {
  return { expected, low, high };
}
