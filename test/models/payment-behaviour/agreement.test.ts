import fc from "fast-check";
import { expect, test } from "vitest";
import { adjustedRandIndex } from "../../../models/payment-behaviour/agreement.ts";

const parting = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 40 });

test("a parting agrees with itself, whatever its parts are called", () => {
  fc.assert(
    fc.property(parting, (parts) => {
      expect(adjustedRandIndex(parts, parts)).toBe(1);
      expect(
        adjustedRandIndex(
          parts,
          parts.map((part) => 7 - part),
        ),
      ).toBe(1);
    }),
  );
});

test("it is the same both ways, and never above 1", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))),
      (pairs) => {
        const one = pairs.map(([part]) => part);
        const other = pairs.map(([, part]) => part);
        const agreement = adjustedRandIndex(one, other);
        expect(adjustedRandIndex(other, one)).toBeCloseTo(agreement, 12);
        expect(agreement).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test("the worked example: parts {1,2,3}{4,5,6} against {1,2}{3,4}{5,6}", () => {
  // 2 of 15 pairs are together in both, 6 in one, 3 in the other: (2 − 6·3/15) / ((6 + 3)/2 − 6·3/15).
  expect(adjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2])).toBeCloseTo(0.8 / 3.3, 12);
});

test("one part against each row a part of its own agrees as chance does", () => {
  expect(adjustedRandIndex([0, 0, 0, 0], [0, 1, 2, 3])).toBe(0);
});
