import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsOf, fixedUnknowns, linearSystem } from "../../pipelines/disclosure/linear-system.ts";
import { SEED } from "../sql/random-ledger.ts";

const fixed = (...sums: Record<number, number>[]) =>
  [
    ...fixedUnknowns(
      sums.map((sum) => new Map(Object.entries(sum).map(([unknown, factor]) => [Number(unknown), factor]))),
    ),
  ].sort();

describe("an unknown is fixed", () => {
  test.each([
    ["when it stands alone in a sum", [{ 1: 1 }], [1]],
    ["not when two stand in the only sum", [{ 1: 1, 2: 1 }], []],
    [
      "both, by two different sums",
      [
        { 1: 1, 2: 1 },
        { 1: 1, 2: -1 },
      ],
      [1, 2],
    ],
    [
      "not by the same sum told twice",
      [
        { 1: 1, 2: 1 },
        { 1: 2, 2: 2 },
      ],
      [],
    ],
    [
      "not in a table of two by two",
      [
        { 1: 1, 2: 1 },
        { 3: 1, 4: 1 },
        { 1: 1, 3: 1 },
        { 2: 1, 4: 1 },
      ],
      [],
    ],
    [
      "where the others cancel out",
      [
        { 1: 1, 2: 1, 3: 1 },
        { 2: 1, 3: 1 },
      ],
      [1],
    ],
  ] as [string, Record<number, number>[], number[]][])("%s", (_, sums, expected) => {
    expect(fixed(...sums)).toEqual(expected);
  });

  const few = fc.integer({ min: -1, max: 1 });
  const fewest = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
  );
  test.each([
    ["few unknowns in all sums", 6, 7, few],
    ["many unknowns, few of them in a sum", 24, 30, fewest],
  ] as const)(
    "exactly when one more equation on it alone would tell nothing new: %s",
    (_, size, most, coefficient) => {
      const row = fc.array(coefficient, { minLength: size, maxLength: size });
      let found = 0;
      fc.assert(
        fc.property(fc.array(row, { minLength: 1, maxLength: most }), (rows) => {
          const before = rank(rows);
          const expected = Array.from({ length: size }, (_, n) => n).filter(
            (n) => rank([...rows, Array.from({ length: size }, (_, i) => (i === n ? 1 : 0))]) === before,
          );
          found += expected.length;
          const sums = rows.map((values) =>
            Object.fromEntries(values.flatMap((value, n) => (value === 0 ? [] : [[n, value]]))),
          );
          expect(fixed(...sums)).toEqual(expected.sort());
        }),
        { numRuns: 500, seed: SEED },
      );
      expect(found).toBeGreaterThan(500);
    },
  );

  test("in the same way whether the numbers became unknown one by one or at once", () => {
    const size = 10;
    const row = fc.array(fewest, { minLength: size, maxLength: size });
    const orders = fc.shuffledSubarray([...Array(size).keys()], { minLength: size });
    let lost = 0;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), orders, (rows, order) => {
        const sums = rows.map(
          (values) => new Map(values.flatMap((value, n) => (value === 0 ? [] : [[n, value] as const]))),
        );
        const columns = columnsOf(sums);
        const system = linearSystem(
          sums.length,
          (number) => columns.get(number) ?? { equations: [], coefficients: [] },
        );
        let before: number[] = [];
        for (const [place, number] of order.entries()) {
          system.open(number);
          const opened = order.slice(0, place + 1);
          const left = sums.map((sum) => new Map([...sum].filter(([one]) => opened.includes(one))));
          const told = opened.filter(system.isFixed).sort();
          expect(told).toEqual([...fixedUnknowns(left)].sort());
          expect([...new Set([...sums.keys()].map(system.partOf))].flatMap(system.fixedIn).sort()).toEqual(
            told,
          );
          lost += before.filter((one) => !told.includes(one)).length;
          before = told;
        }
      }),
      { numRuns: 500, seed: SEED },
    );
    expect(lost).toBeGreaterThan(500);
  });
});

/** The rank over the rational numbers, by elimination without fractions. */
function rank(rows: readonly (readonly number[])[]): number {
  const left = rows.map((row) => row.map(BigInt));
  let done = 0;
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const at = left.findIndex((row, n) => n >= done && row[column] !== 0n);
    const pivot = left[at];
    if (pivot === undefined) continue;
    left.splice(at, 1);
    left.splice(done, 0, pivot);
    for (const row of left.slice(done + 1)) {
      const [factor, own] = [row[column] ?? 0n, pivot[column] ?? 1n];
      for (const n of row.keys()) row[n] = (row[n] ?? 0n) * own - (pivot[n] ?? 0n) * factor;
    }
    done++;
  }
  return done;
}
