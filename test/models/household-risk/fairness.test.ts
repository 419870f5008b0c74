import fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { type FallenHouseholds, recallGaps } from "../../../models/household-risk/fairness.ts";

const MARGIN = 0.1;

interface Simulated {
  readonly seed: number;
  readonly households: number;
  readonly strata: number;
  /** Recall of the others in each stratum lies between these; that of the group is so much higher. */
  readonly recall: readonly [number, number];
  readonly gap: number;
  readonly shareOfGroup: number;
}

/**
 * Households that fell, one to three rows each, in strata whose lists are more or less long. A household's rows mostly say
 * the same: it is caught once and for all with probability two thirds, else anew each time.
 */
function simulate({ seed, households, strata, recall, gap, shareOfGroup }: Simulated): FallenHouseholds {
  const random = xoroshiro128plus(seed);
  const draw = () => uniformFloat64(random);
  const columns = { household: [], group: [], stratum: [], caught: [] } as {
    [Name in "household" | "group" | "stratum" | "caught"]: number[];
  };
  for (let household = 0; household < households; household++) {
    const stratum = Math.floor(draw() * strata);
    // The group lives where lists are short: looked at without strata, it would seem neglected.
    const group = draw() < shareOfGroup * (1.5 - stratum / Math.max(1, strata - 1)) ? 0 : 1;
    const [least, most] = recall;
    const chance = least + ((most - least) * stratum) / Math.max(1, strata - 1) + (group === 0 ? gap : 0);
    const always = draw() < 2 / 3 ? draw() < chance : undefined;
    const rows = 1 + Math.floor(draw() * 3);
    for (let row = 0; row < rows; row++) {
      columns.household.push(household);
      columns.group.push(group);
      columns.stratum.push(stratum);
      columns.caught.push((always ?? draw() < chance) ? 1 : 0);
    }
  }
  return { rows: columns.household.length, ...columns };
}

const cases = [
  { households: 400, strata: 12, recall: [0.2, 0.6], gap: 0, shareOfGroup: 0.3 },
  { households: 400, strata: 12, recall: [0.2, 0.6], gap: -0.15, shareOfGroup: 0.3 },
  { households: 1_000, strata: 20, recall: [0.3, 0.5], gap: 0.12, shareOfGroup: 0.1 },
  { households: 60, strata: 4, recall: [0.05, 0.2], gap: 0, shareOfGroup: 0.3 },
] as const;

describe("the gap in recall between a group and the others", () => {
  test.each(cases)("lies in its interval in about 95 cases of 100: %j", (known) => {
    const seeds = 300;
    let within = 0;
    let sum = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const [own] = recallGaps(simulate({ ...known, seed }), 2, MARGIN);
      const { gap, low, high } = own ?? {};
      if (gap == null || low == null || high == null) throw new Error("no gap");
      sum += gap;
      if (low <= known.gap && known.gap <= high) within += 1;
    }
    const threeStandardErrors = 3 * Math.sqrt((0.95 * 0.05) / seeds);
    expect(Math.abs(within / seeds - 0.95)).toBeLessThan(threeStandardErrors);
    expect(Math.abs(sum / seeds - known.gap)).toBeLessThan(0.015);
  });

  test("is no difference of lists: only households of one stratum are compared", () => {
    const fallen = simulate({
      seed: 7,
      households: 3_000,
      strata: 5,
      recall: [0.1, 0.7],
      gap: 0,
      shareOfGroup: 0.4,
    });
    const alone = { ...fallen, stratum: new Uint8Array(fallen.rows) };
    expect(recallGaps(alone, 2, MARGIN)[0]?.verdict).not.toBe("fair");
    expect(recallGaps(fallen, 2, MARGIN)[0]?.verdict).toBe("fair");
  });

  test("is fair within the margin, unfair beyond it, and too few to tell else", () => {
    const verdictAt = (households: number, gap: number) =>
      recallGaps(
        simulate({ seed: 3, households, strata: 4, recall: [0.3, 0.5], gap, shareOfGroup: 0.4 }),
        2,
        MARGIN,
      )[0]?.verdict;
    expect(verdictAt(4_000, 0)).toBe("fair");
    expect(verdictAt(4_000, 0.3)).toBe("unfair");
    expect(verdictAt(4_000, -0.25)).toBe("unfair");
    expect(verdictAt(4_000, 0.1)).toBe("too_few");
    expect(verdictAt(40, 0)).toBe("too_few");
  });

  test("is never told as fair of a handful, not even when nobody was caught", () => {
    const nobody = {
      rows: 12,
      household: Array.from({ length: 12 }, (_, row) => row),
      group: Array.from({ length: 12 }, (_, row) => row % 2),
      stratum: new Uint8Array(12),
      caught: new Uint8Array(12),
    };
    expect(recallGaps(nobody, 2, MARGIN)).toMatchObject([
      { group: 0, fallen: 6, households: 6, recall: 0, gap: 0, verdict: "too_few" },
      { group: 1, fallen: 6, households: 6, recall: 0, gap: 0, verdict: "too_few" },
    ]);
  });

  test("is not told of a group that nobody stands beside", () => {
    const apart = { rows: 2, household: [0, 1], group: [0, 1], stratum: [0, 1], caught: [1, 0] };
    expect(recallGaps(apart, 3, MARGIN)).toEqual([
      { group: 0, fallen: 1, households: 1, recall: 1, gap: null, low: null, high: null, verdict: "too_few" },
      { group: 1, fallen: 1, households: 1, recall: 0, gap: null, low: null, high: null, verdict: "too_few" },
      {
        group: 2,
        fallen: 0,
        households: 0,
        recall: null,
        gap: null,
        low: null,
        high: null,
        verdict: "too_few",
      },
    ]);
  });
});

const rowsOfThree = fc.array(
  fc.record({
    household: fc.nat(20),
    group: fc.integer({ min: -1, max: 2 }),
    stratum: fc.nat(3),
    caught: fc.nat(1),
  }),
  { maxLength: 60 },
);

test("whatever the rows, the interval holds the gap and both lie from -1 to 1; of two groups one's gap is the other's, turned", () => {
  fc.assert(
    fc.property(rowsOfThree, (rows) => {
      const columns = (groups: readonly number[]): FallenHouseholds => ({
        rows: rows.length,
        household: rows.map(({ household }) => household),
        group: groups,
        stratum: rows.map(({ stratum }) => stratum),
        caught: rows.map(({ caught }) => caught),
      });
      for (const { gap, low, high } of recallGaps(columns(rows.map(({ group }) => group)), 3, MARGIN)) {
        if (gap === null || low === null || high === null) continue;
        expect(low).toBeLessThanOrEqual(gap + 1e-12);
        expect(high).toBeGreaterThanOrEqual(gap - 1e-12);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-9);
        expect(high).toBeLessThanOrEqual(1 + 1e-9);
      }
      const [one, other] = recallGaps(columns(rows.map(({ group }) => Math.max(0, group - 1))), 2, MARGIN);
      expect(one?.gap ?? 0).toBeCloseTo(-(other?.gap ?? 0), 9);
    }),
  );
});
