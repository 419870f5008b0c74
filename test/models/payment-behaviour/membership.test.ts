import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEARNT_SEGMENTS } from "../../../models/payment-behaviour/archetypes.ts";
import { memberships, NO_SEGMENT, nearestTypes } from "../../../models/payment-behaviour/membership.ts";
import { archetypes } from "../../../models/payment-behaviour/prototypes.ts";
import { knownHouseholds } from "./random-habits.ts";

const OPTIONS = { changeRatio: 0.6, changeMonths: 3 };
const { centres } = archetypes();

const PROMPT = [0, 0.25, 0.2, 0, 0, 0];
/** A little nearer to « late » than to « prompt ». */
const BETWEEN = [0, 0.55, 0.3, 0.05, 0, 0];
const STOPPED = [0, 0.4, 0.7, 0.5, 0.1, 1];

function typesOf(
  closings: readonly (readonly number[])[],
  hasHabit: readonly number[] = closings.map(() => 1),
  household: readonly number[] = closings.map(() => 1),
): string[] {
  const habits = { rows: closings.length, values: Float64Array.from(closings.flat()) };
  const types = memberships(habits, household, hasHabit, centres, OPTIONS);
  return [...types].map((type) => LEARNT_SEGMENTS[type] ?? "none");
}

describe("a household keeps its type", () => {
  test("until it has been nearer to another for three closings", () => {
    expect(typesOf([PROMPT, BETWEEN, BETWEEN, BETWEEN, BETWEEN])).toEqual([
      "prompt",
      "prompt",
      "prompt",
      "late",
      "late",
    ]);
  });

  test("where it strays now and then", () => {
    expect(typesOf([PROMPT, BETWEEN, BETWEEN, PROMPT, BETWEEN, BETWEEN])).toEqual(Array(6).fill("prompt"));
  });

  test("but changes at once where the change is plain", () => {
    expect(typesOf([PROMPT, STOPPED, PROMPT])).toEqual(["prompt", "falling", "prompt"]);
  });
});

test("a closing without a habit has no type, and the next begins anew", () => {
  expect(typesOf([PROMPT, PROMPT, BETWEEN], [1, 0, 1])).toEqual(["prompt", "none", "late"]);
});

test("one household's type is no other's", () => {
  expect(typesOf([PROMPT, BETWEEN], [1, 1], [1, 2])).toEqual(["prompt", "late"]);
});

test("where types change after one closing, each household has its nearest type", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), (seed) => {
      const many = { direct_debit: 3, prompt: 3, late: 3, uneven: 3, partial: 3, falling: 3 };
      const { habits, household } = knownHouseholds(seed, many, { spread: 0.5 });
      const all = new Uint8Array(habits.rows).fill(1);
      const types = memberships(habits, household, all, centres, { changeRatio: 0.6, changeMonths: 1 });
      expect(types).toEqual(nearestTypes(habits, centres));
    }),
    { numRuns: 20 },
  );
});

test("held back, households change their type less often, and never to where they are not nearer", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), (seed) => {
      const many = { direct_debit: 5, prompt: 5, late: 5, uneven: 5, partial: 5, falling: 5 };
      const { habits, household } = knownHouseholds(seed, many, { spread: 0.6, closings: 12 });
      const all = new Uint8Array(habits.rows).fill(1);
      const types = memberships(habits, household, all, centres, OPTIONS);
      const near = nearestTypes(habits, centres);
      expect(types.includes(NO_SEGMENT)).toBe(false);
      expect(changes(types, household)).toBeLessThanOrEqual(changes(near, household));
      for (let row = 1; row < habits.rows; row++)
        if (household[row] !== household[row - 1] || types[row] !== types[row - 1])
          expect(types[row]).toBe(near[row]);
    }),
    { numRuns: 20 },
  );
});

function changes(types: Int8Array, household: Int32Array): number {
  let count = 0;
  for (let row = 1; row < types.length; row++)
    if (household[row] === household[row - 1] && types[row] !== types[row - 1]) count++;
  return count;
}
