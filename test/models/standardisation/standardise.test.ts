import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mixDesign } from "../../../models/standardisation/expectation.ts";
import { rankIntervals } from "../../../models/standardisation/ranks.ts";
import { compareAgencies, NOT_COUNTED } from "../../../models/standardisation/standardise.ts";
import { type LeaseMonth as Row, standardise } from "./standardise.ts";

const NO_MINIMUM = { households: 0, expected: 0 };
const TWO_BY_TWO = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

function compare(rows: readonly Row[], patterns: readonly (readonly number[])[] = TWO_BY_TWO) {
  const agencies = Math.max(...rows.map(([, agency]) => agency)) + 1;
  return standardise(mixDesign(patterns), rows, agencies, NO_MINIMUM);
}

/** Lease-months in which something happens, and something does not, in every agency. */
const landlords = fc
  .array(fc.tuple(fc.nat({ max: 25 }), fc.nat({ max: 2 }), fc.nat({ max: 3 }), fc.nat({ max: 1 })), {
    minLength: 30,
    maxLength: 120,
  })
  .map((rows): Row[] => {
    const sure = [0, 1, 2].flatMap((agency): Row[] => [
      [26 + agency, agency, agency, 0],
      [29 + agency, agency, agency, 1],
    ]);
    return [...rows, ...sure];
  });

describe("observed over expected", () => {
  test("what agencies show and what is expected of them sum to the same total", () => {
    fc.assert(
      fc.property(landlords, (rows) => {
        const { agencies } = compare(rows);
        const observed = agencies.reduce((sum, agency) => sum + agency.observed, 0);
        const expected = agencies.reduce((sum, agency) => sum + agency.expected, 0);
        expect(expected).toBeCloseTo(observed, 4);
      }),
      { numRuns: 40 },
    );
  });

  test("agencies' names mean nothing: in another order, each keeps its figures", () => {
    fc.assert(
      fc.property(landlords, (rows) => {
        const order = [2, 0, 1];
        const renamed = rows.map(([household, agency, pattern, outcome]): Row => {
          return [household, order[agency] ?? 0, pattern, outcome];
        });
        const [before, after] = [compare(rows).agencies, compare(renamed).agencies];
        for (const agency of before) {
          const same = after.find((other) => other.agency === order[agency.agency]);
          expect(same?.ratio).toBeCloseTo(agency.ratio, 8);
          expect(same?.interval.low).toBeCloseTo(agency.interval.low, 8);
          expect(same?.interval.high).toBeCloseTo(agency.interval.high, 8);
          expect(same?.rank).toEqual(agency.rank);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("households alike: expected is the company's rate, and the mix explains nothing", () => {
    const rows: Row[] = Array.from({ length: 40 }, (_, i) => [i, i < 10 ? 0 : 1, 0, i % 4 === 0 ? 1 : 0]);
    const [first, second] = compare(rows, [[0]]).agencies;
    expect(first).toMatchObject({ observed: 3, households: 10, householdsObserved: 3 });
    expect(first?.expected).toBeCloseTo(10 / 4, 9);
    expect(second?.expected).toBeCloseTo(30 / 4, 9);
  });

  test("an agency whose households all have the harder band is not worse for it", () => {
    // Band 1 owes in half of the lease-months, band 0 in a tenth, whatever the agency.
    const rows: Row[] = Array.from({ length: 400 }, (_, i) => {
      const [pattern, home] = [i % 2, Math.floor(i / 2)];
      const agency = home < (pattern === 1 ? 150 : 50) ? 0 : 1;
      return [i, agency, pattern, home % (pattern === 1 ? 2 : 10) === 0 ? 1 : 0];
    });
    const [hard, easy] = compare(rows, [[0], [1]]).agencies;
    const rate = ({ observed, leaseMonths } = { observed: 0, leaseMonths: 1 }) => observed / leaseMonths;
    expect(rate(hard)).toBeGreaterThan(1.5 * rate(easy));
    for (const agency of [hard, easy]) {
      expect(agency?.interval.low).toBeLessThan(1);
      expect(agency?.interval.high).toBeGreaterThan(1);
    }
  });
});

describe("a household returns month after month", () => {
  const once: Row[] = Array.from({ length: 300 }, (_, i) => [
    i,
    i % 3,
    (i >> 2) % 4,
    (i * 7) % 11 < 2 + (i % 3) ? 1 : 0,
  ]);

  test("the same closing counted twelve times tells nothing new: intervals stay as wide", () => {
    const twelve = once.flatMap((row) => Array.from({ length: 12 }, () => row));
    const [short, long] = [compare(once).agencies, compare(twelve).agencies];
    for (const [i, agency] of short.entries()) {
      const width = Math.log(agency.interval.high / agency.interval.low);
      const repeated = long[i];
      const widthOfTwelve = Math.log((repeated?.interval.high ?? 0) / (repeated?.interval.low ?? 0));
      expect(widthOfTwelve / width).toBeGreaterThan(0.9);
      expect(widthOfTwelve / width).toBeLessThan(1.1);
      const funnel = Math.log(agency.funnel95.high);
      expect(Math.log(repeated?.funnel95.high ?? 0) / funnel).toBeGreaterThan(0.9);
    }
  });

  test("twelve times the households do: intervals narrow by their square root", () => {
    const more = once.flatMap(([household, ...rest]) =>
      Array.from({ length: 12 }, (_, copy): Row => [household * 12 + copy, ...rest]),
    );
    for (const [i, agency] of compare(once).agencies.entries()) {
      const wide = Math.log(agency.interval.high / agency.interval.low);
      const other = compare(more).agencies[i];
      const narrow = Math.log((other?.interval.high ?? 0) / (other?.interval.low ?? 0));
      expect(wide / narrow).toBeGreaterThan(Math.sqrt(12) * 0.9);
      expect(wide / narrow).toBeLessThan(Math.sqrt(12) * 1.1);
    }
  });

  test("two leases of one household in two agencies tie the agencies together", () => {
    const tied = once.map(([household, ...rest]): Row => [Math.floor(household / 3), ...rest]);
    const apart = compare(once).agencies.map(({ interval }) => interval.high);
    const together = compare(tied).agencies.map(({ interval }) => interval.high);
    expect(together).not.toEqual(apart);
  });
});

describe("lease-months that come bit by bit", () => {
  test("a household may be cut between two parts; what lies outside the window or does not count changes nothing", () => {
    const design = mixDesign([[0], [1]]);
    const counts = { counted: Float64Array.of(2, 1, 1, 2), observed: Float64Array.of(1, 0, 0, 1) };
    const window = { first: 1, last: 2 };
    const months = (...rows: readonly (readonly [number, number, number, number, number])[]) => ({
      household: Int32Array.from(rows, ([household]) => household),
      month: Int32Array.from(rows, ([, month]) => month),
      agency: Int32Array.from(rows, ([, , agency]) => agency),
      pattern: Int32Array.from(rows, ([, , , pattern]) => pattern),
      outcome: Uint8Array.from(rows, ([, , , , outcome]) => outcome),
    });
    const told = [
      [
        [0, 1, 0, 0, 1],
        [0, 2, 0, 0, 0],
        [1, 1, 0, 1, 0],
        [1, 2, 1, 1, 1],
        [2, 1, 1, 0, 0],
        [3, 2, 1, 1, 0],
      ],
      [
        [0, 0, 1, 1, 1],
        [0, 1, 0, 0, 1],
        [0, 1, 0, 0, NOT_COUNTED],
        [0, 2, 0, 0, 0],
        [0, 3, 0, 0, 1],
      ],
    ] as const;
    const rest = [
      [1, 1, 0, 1, 0],
      [1, 2, 1, 1, 1],
      [2, 1, 1, 0, 0],
      [3, 2, 1, 1, 0],
    ] as const;
    const minimum = { households: 0, expected: 0 };
    const whole = compareAgencies(design, counts, window, 2);
    whole.take(months(...told[0]));
    const parts = compareAgencies(design, counts, window, 2);
    for (const row of [...told[1], ...rest]) parts.take(months(row));
    expect(parts.tell(minimum)).toEqual(whole.tell(minimum));
  });
});

describe("who is judged, and how", () => {
  test("an agency with too few households or expected cases has neither rank nor verdict", () => {
    const rows: Row[] = Array.from({ length: 60 }, (_, i) => [i, i < 6 ? 0 : 1, 0, i % 3 === 0 ? 1 : 0]);
    const told = standardise(mixDesign([[0]]), rows, 2, { households: 10, expected: 5 });
    expect(told.agencies.map(({ judged, rank }) => [judged, rank?.rank ?? null])).toEqual([
      [false, null],
      [true, 1],
    ]);
  });

  test("an agency in which nothing happened has an interval from 0, and no rank", () => {
    const rows: Row[] = Array.from({ length: 90 }, (_, i) => [
      i,
      i % 3,
      0,
      i % 3 !== 0 && i % 2 === 0 ? 1 : 0,
    ]);
    const [nothing] = compare(rows, [[0]]).agencies;
    expect(nothing).toMatchObject({ ratio: 0, rank: null });
    expect(nothing?.interval.low).toBe(0);
    expect(nothing?.interval.high).toBeGreaterThan(0);
    expect(nothing?.interval.high).toBeLessThan(1);
  });

  test("agencies that truly differ are told to be over-dispersed, by how much", () => {
    const rate = [0.1, 0.2, 0.4, 0.6];
    const rows: Row[] = Array.from({ length: 4_000 }, (_, i) => {
      return [i, i % 4, 0, ((i * 37) % 1_000) / 1_000 < (rate[i % 4] ?? 0) ? 1 : 0];
    });
    const told = compare(rows, [[0]]);
    expect(told.overdispersed).toBe(true);
    expect(told.betweenAgencies).toBeGreaterThan(0.4);
    expect(told.betweenAgencies).toBeLessThan(1.2);
  });

  test("where everything or nothing happens, there is nothing to expect from", () => {
    const rows: Row[] = Array.from({ length: 10 }, (_, i) => [i, i % 2, 0, 0]);
    expect(() => compare(rows, [[0]])).toThrow(RangeError);
  });
});

describe("ranks", () => {
  const independent = (variance: number) => (one: number, other: number) => (one === other ? variance : 0);

  test("values known exactly have one place each", () => {
    expect(rankIntervals([0.3, -0.2, 0.1], independent(0))).toEqual([
      { rank: 3, low: 3, high: 3 },
      { rank: 1, low: 1, high: 1 },
      { rank: 2, low: 2, high: 2 },
    ]);
  });

  test("values that chance could exchange may have any place", () => {
    for (const { low, high } of rankIntervals([0.3, -0.2, 0.1], independent(1)))
      expect([low, high]).toEqual([1, 3]);
  });

  test("a place lies in its interval, and intervals widen with uncertainty", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 14 }),
        fc.double({ min: 0.001, max: 0.1, noNaN: true }),
        (values, variance) => {
          const narrow = rankIntervals(values, independent(variance));
          const wide = rankIntervals(values, independent(2 * variance));
          for (const [i, { rank, low, high }] of narrow.entries()) {
            expect(rank).toBeGreaterThanOrEqual(low);
            expect(rank).toBeLessThanOrEqual(high);
            expect(wide[i]?.low).toBeLessThanOrEqual(low);
            expect(wide[i]?.high).toBeGreaterThanOrEqual(high);
          }
        },
      ),
    );
  });
});
