import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { creditorReference } from "../../data-samples/simulator/exports/creditor-reference.ts";

/** The check of ISO 11649: the first four characters at the end, letters as numbers, leaves 1 when divided by 97. */
function isValid(reference: string): boolean {
  if (!/^RF[0-9]{10,}$/.test(reference)) return false;
  return BigInt(`${reference.slice(4)}2715${reference.slice(2, 4)}`) % 97n === 1n;
}

const number = fc.integer({ min: 10_000_000, max: 99_999_999 });

describe("the reference on a notice", () => {
  test("is one of ISO 11649", () => {
    expect(creditorReference(539_007_547_034)).toBe("RF18539007547034");
    fc.assert(fc.property(number, (lease) => isValid(creditorReference(lease))));
  });

  test("mistyped in one place, it is never another lease's", () => {
    fc.assert(
      fc.property(
        number,
        fc.integer({ min: 2, max: 11 }),
        fc.integer({ min: 1, max: 9 }),
        (lease, place, step) => {
          const right = creditorReference(lease);
          const digit = (Number(right[place]) + step) % 10;
          expect(isValid(right.slice(0, place) + digit + right.slice(place + 1))).toBe(false);
        },
      ),
    );
  });

  test("with two neighbours swapped, it is never another lease's", () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 2, max: 10 }), (lease, place) => {
        const right = creditorReference(lease);
        const [one, two] = [right[place], right[place + 1]];
        fc.pre(one !== two);
        expect(isValid(right.slice(0, place) + two + one + right.slice(place + 2))).toBe(false);
      }),
    );
  });
});
