import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cameWithin, dayOf, stillWaiting, type Wait } from "../../pipelines/check/waiting-times.ts";

/** Waits written as days, with a + where the wait went on unseen. */
function waits(...told: readonly string[]): Wait[] {
  return told.map((one) => ({ days: Number.parseInt(one, 10), hasCome: !one.endsWith("+") }));
}

describe("how many still wait", () => {
  test.each([
    [
      "all seen to the end",
      ["1", "2", "3", "4"],
      [
        [1, 0.75],
        [2, 0.5],
        [3, 0.25],
        [4, 0],
      ],
    ],
    [
      "one lost from sight hands its weight to those seen longer",
      ["1", "2+", "3", "4"],
      [
        [1, 0.75],
        [3, 0.375],
        [4, 0],
      ],
    ],
    ["one lost on a day on which it came for another was still there", ["1", "1+"], [[1, 0.5]]],
    ["nobody", ["5+", "6+"], []],
  ])("%s", (_, told, expected) => {
    const curve = stillWaiting(waits(...told)).map(({ days, share }) => [days, Number(share.toFixed(12))]);
    expect(curve).toEqual(expected);
  });

  test("the curve is the product of the shares of those at risk who go on waiting", () => {
    const wait = fc.record({ days: fc.integer({ min: 0, max: 30 }), hasCome: fc.boolean() });
    fc.assert(
      fc.property(fc.array(wait, { minLength: 1, maxLength: 60 }), (all) => {
        let share = 1;
        const days = [...new Set(all.flatMap(({ days, hasCome }) => (hasCome ? [days] : [])))];
        const expected = days
          .sort((one, other) => one - other)
          .map((day) => {
            const came = all.filter((one) => one.hasCome && one.days === day).length;
            share *= 1 - came / all.filter((one) => one.days >= day).length;
            return { days: day, share: expect.closeTo(share, 9) };
          });
        expect(stillWaiting(all)).toEqual(expected);
      }),
    );
  });
});

test("the median is the first day after which no more than half still wait", () => {
  const curve = stillWaiting(waits("3", "5", "9", "20+"));
  expect([dayOf(curve, 0.5), dayOf(curve, 0.1)]).toEqual([5, null]);
  expect([cameWithin(curve, 2), cameWithin(curve, 10)]).toEqual([0, 0.75]);
});
