import fc from "fast-check";
import { expect, test } from "vitest";
import { drift, spread } from "../../models/household-risk/drift.ts";

const thresholds = { amber: 0.1, red: 0.25 };
const steps = (count: number, from = 0) =>
  Float32Array.from({ length: count }, (_, row) => from + (row % 100));

test("the same households have not drifted", () => {
  const then = spread(steps(1_000));
  expect(drift(then, steps(1_000), thresholds)).toMatchObject({ psi: 0, level: "green" });
});

test("as the formula says: two bins, half and half, then three quarters and a quarter", () => {
  const then = spread([0, 0, 1, 1].flatMap((value) => Array<number>(100).fill(value)));
  const now = [0, 0, 0, 1].flatMap((value) => Array<number>(100).fill(value));
  expect(drift(then, now, thresholds).psi).toBeCloseTo(0.25 * Math.log(1.5) - 0.25 * Math.log(0.5), 9);
  expect(drift(then, now, thresholds).level).toBe("red");
});

test("everybody elsewhere is red, a little shift amber", () => {
  const then = spread(steps(5_000));
  expect(drift(then, steps(5_000, 100), thresholds).level).toBe("red");
  expect(drift(then, steps(5_000, 7), thresholds).level).toBe("amber");
});

test("a value that vanishes is a drift too: what is missing has its own bin, and so has what is infinite", () => {
  const then = spread(steps(1_000));
  const half = steps(1_000).map((value, row) => (row % 2 === 0 ? Number.NaN : value));
  const endless = half.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
  expect(drift(then, half, thresholds).level).toBe("red");
  expect(drift(then, endless, thresholds).psi).toBe(drift(then, half, thresholds).psi);
});

test("a feature all missing then and now has not drifted", () => {
  const none = new Float32Array(50).fill(Number.NaN);
  expect(drift(spread(none), none, thresholds)).toMatchObject({ psi: 0, level: "green" });
});

test("a category counts its codes; one never seen counts as unknown", () => {
  const then = spread(
    Float32Array.from({ length: 900 }, (_, row) => row % 3),
    { codes: 3 },
  );
  const same = Float32Array.from({ length: 600 }, (_, row) => row % 3);
  expect(drift(then, same, thresholds).psi).toBeCloseTo(0, 9);
  expect(drift(then, new Float32Array(600).fill(7), thresholds).level).toBe("red");
});

test("a drawn row counts as so many", () => {
  const values = Float32Array.of(0, 1);
  const then = spread(values, { weight: [3, 1], codes: 2 });
  expect(then.shares).toEqual([0.75, 0.25, 0]);
});

test("few households drift by chance: no level is given within it", () => {
  const then = spread(steps(5_000));
  const few = Float32Array.of(1, 2, 3, 95, 96);
  const told = drift(then, few, thresholds);
  expect(told.psi).toBeGreaterThan(thresholds.red);
  expect(told.level).toBe("green");
  expect(told.byChance).toBeGreaterThan(told.psi);
});

test("the index is never negative", () => {
  const values = fc.array(fc.double({ min: -5, max: 5 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(values, values, (before, after) => {
      expect(drift(spread(before), after, thresholds).psi).toBeGreaterThanOrEqual(0);
    }),
  );
});
