import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { relativeDifference, type Share, sharesOf } from "../../models/household-risk/bootstrap.ts";
import { caught, duels, onList, type PastRows, records } from "../../models/household-risk/gate.ts";

const draws = { seed: 1, draws: 500 };

const intervalOf = (share: Share, options: typeof draws) => {
  const [interval] = sharesOf([share], options);
  if (interval === undefined) throw new Error("one share has one interval");
  return interval;
};

/** Rows of one agency at one date, unless told otherwise. */
function rowsOf(outcome: readonly number[], more: Partial<PastRows> = {}): PastRows {
  const zeros = new Float64Array(outcome.length);
  const places = Float64Array.from(outcome.keys());
  return {
    rows: outcome.length,
    origin: zeros,
    household: places,
    list: zeros,
    outcome,
    tie: places,
    ...more,
  };
}

describe("the list of a past date", () => {
  test("takes the highest scores of each agency and date, as many as can be called there", () => {
    const rows = rowsOf([0, 0, 0, 0, 0, 0], { list: [0, 0, 1, 2, 2, 2] });
    expect([...onList(rows, [0.1, 0.9, 0.2, 0.3, 0.5, 0.4], [1, 1, 2])]).toEqual([0, 1, 1, 0, 1, 1]);
  });

  test("breaks ties by the tie, not by the order of the rows; what is no number comes last", () => {
    const rows = rowsOf([0, 0, 0, 0], { tie: [4, 1, 3, 2] });
    expect([...onList(rows, [0.5, 0.5, 0.5, Number.NaN], [2])]).toEqual([0, 1, 1, 0]);
  });

  test("an agency without capacity has an empty list, one with more places than households a full one", () => {
    const rows = rowsOf([0, 0, 0], { list: [0, 1, 1] });
    expect([...onList(rows, [0.9, 0.2, 0.1], [0, 10])]).toEqual([0, 1, 1]);
  });

  test("a drawn household takes as many places as it stands for", () => {
    const rows = rowsOf([0, 0, 0], { weight: [1, 4, 1] });
    expect([...onList(rows, [0.9, 0.8, 0.7], [3])]).toEqual([1, 1, 0]);
  });

  test("never holds more than the places, and nobody off it has a higher score than somebody on it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 20 }),
        (score, places) => {
          const listed = onList(rowsOf(score.map(() => 0)), score, [places]);
          const on = score.filter((_, row) => listed[row] === 1);
          const off = score.filter((_, row) => listed[row] === 0);
          expect(on).toHaveLength(Math.min(places, score.length));
          expect(Math.min(...on, 2)).toBeGreaterThanOrEqual(Math.max(...off, -1));
        },
      ),
    );
  });
});

describe("households drawn again", () => {
  test("the interval holds the difference, and the same seed gives the same one", () => {
    const one = Float64Array.from({ length: 300 }, (_, household) => (household % 3 === 0 ? 0 : 1));
    const other = Float64Array.from({ length: 300 }, (_, household) => (household % 2 === 0 ? 1 : 0));
    const told = relativeDifference({ one, other }, draws);
    expect(told.value).toBeCloseTo(200 / 150 - 1, 12);
    expect(told.low).toBeLessThan(told.value);
    expect(told.high).toBeGreaterThan(told.value);
    expect(relativeDifference({ one, other }, draws)).toEqual(told);
    expect(relativeDifference({ one, other }, { ...draws, seed: 2 })).not.toEqual(told);
  });

  test("twice the same list differs by nothing, however households are drawn", () => {
    const list = Float64Array.of(1, 0, 2, 1);
    expect(relativeDifference({ one: list, other: list }, draws)).toEqual({ value: 0, low: 0, high: 0 });
  });

  test("a household that is caught at six dates counts as one household: the interval is wider", () => {
    const apart = Float64Array.from({ length: 240 }, (_, place) => (place < 140 ? 1 : 0));
    const others = Float64Array.from({ length: 240 }, (_, place) => (place < 140 ? 0 : 1));
    const sixfold = (values: Float64Array) =>
      Float64Array.from({ length: 40 }, (_, household) =>
        values.subarray(6 * household, 6 * household + 6).reduce((sum, value) => sum + value, 0),
      );
    const alone = relativeDifference({ one: apart, other: others }, draws);
    const together = relativeDifference({ one: sixfold(apart), other: sixfold(others) }, draws);
    expect(together.value).toBeCloseTo(alone.value, 12);
    expect(together.high - together.low).toBeGreaterThan(1.5 * (alone.high - alone.low));
  });

  test("the interval of a share agrees with the binomial one where every household counts once", () => {
    const numerator = Float64Array.from({ length: 400 }, (_, household) => (household < 100 ? 1 : 0));
    const denominator = new Float64Array(400).fill(1);
    const { value, low, high } = intervalOf({ numerator, denominator }, { seed: 3, draws: 2_000 });
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(value).toBe(0.25);
    expect(low).toBeCloseTo(0.25 - half, 2);
    expect(high).toBeCloseTo(0.25 + half, 2);
  });

  test("a share of nothing is no number", () => {
    const none = new Float64Array(3);
    expect(intervalOf({ numerator: none, denominator: none }, draws).value).toBeNaN();
  });

  test("a share has the same interval whether it is drawn alone or together with others", () => {
    const caught = Float64Array.of(1, 0, 2, 0, 1);
    const onsets = Float64Array.of(1, 1, 2, 3, 1);
    const listed = Float64Array.of(2, 4, 2, 0, 1);
    const shares = [onsets, listed].map((denominator) => ({ numerator: caught, denominator }));
    expect(sharesOf(shares, draws)).toEqual(shares.map((share) => intervalOf(share, draws)));
  });
});

describe("the gate", () => {
  const outcome = Array.from({ length: 1_000 }, (_, row) => (row % 10 === 0 ? 1 : 0));
  const quarters = Float64Array.from(outcome, (_, row) => Math.floor(row / 10) % 4);
  const rows = rowsOf(outcome, { origin: quarters, list: quarters });
  /** A list that finds this share of the households that fell, and fills its other places with those that did not. */
  const finds = (share: number) =>
    onList(
      rows,
      outcome.map((fell, row) => (fell === 0 ? 0.5 : row < 1_000 * share ? 1 : 0)),
      [25, 25, 25, 25],
    );
  const judge = (challenger: number, rival: number, role: "rule" | "champion" | "logistic") =>
    duels(rows, finds(challenger), [{ role, name: role, listed: finds(rival), from: 0 }], {
      ...draws,
      margin: 0.02,
    })[0];

  test("a challenger passes the rule only when it surely catches more", () => {
    expect(judge(0.9, 0.5, "rule")).toMatchObject({ passed: true, least: 0 });
    expect(judge(0.6, 0.6, "rule")).toMatchObject({ passed: false });
    expect(judge(0.4, 0.6, "rule")).toMatchObject({ passed: false });
  });

  test("against the champion and the logistic regression it may fall short by the margin, no more", () => {
    expect(judge(0.6, 0.6, "champion")).toMatchObject({ passed: true, least: -0.02 });
    expect(judge(0.5, 0.6, "logistic")).toMatchObject({ passed: false });
  });

  test("dates before the champion's own training do not count", () => {
    const listed = finds(0.5);
    const [duel] = duels(rows, listed, [{ role: "champion", name: "champion", listed, from: 2 }], {
      ...draws,
      margin: 0.02,
    });
    expect(duel?.caughtByRival).toBe(caught(rows, listed, 2));
    expect(caught(rows, listed, 2)).toBeLessThan(caught(rows, listed));
  });

  test("over several dates: mean, worst, and what the best of all caught more", () => {
    const two = rowsOf([1, 1, 1, 1], { origin: [1, 1, 2, 2] });
    const told = records(two, [
      { name: "one", listed: Uint8Array.of(1, 1, 0, 0) },
      { name: "other", listed: Uint8Array.of(1, 0, 1, 0) },
    ]);
    expect(told).toEqual([
      { name: "one", recall: [1, 0], mean: 0.5, worst: 0, regret: 0.25 },
      { name: "other", recall: [0.5, 0.5], mean: 0.5, worst: 0.5, regret: 0.25 },
    ]);
  });
});
