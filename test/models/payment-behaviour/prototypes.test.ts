import { expect, test } from "vitest";
import { adjustedRandIndex } from "../../../models/payment-behaviour/agreement.ts";
import { HABIT_FIGURES, LEARNT_SEGMENTS } from "../../../models/payment-behaviour/archetypes.ts";
import { nearestTypes } from "../../../models/payment-behaviour/membership.ts";
import { archetypes, learnPrototypes } from "../../../models/payment-behaviour/prototypes.ts";
import { stabilityOf } from "../../../models/payment-behaviour/stability.ts";
import { knownHouseholds } from "./random-habits.ts";

/** Most households of a landlord pay regularly; the types that matter are rare. */
const USUAL = { direct_debit: 500, prompt: 250, late: 150, uneven: 50, partial: 30, falling: 20 };
const OPTIONS = { anchorRows: 20, clearRatio: 0.7 };

function figure(
  centres: Float64Array,
  segment: (typeof LEARNT_SEGMENTS)[number],
  name: (typeof HABIT_FIGURES)[number],
): number {
  const place = HABIT_FIGURES.indexOf(name);
  return centres[LEARNT_SEGMENTS.indexOf(segment) * HABIT_FIGURES.length + place] ?? Number.NaN;
}

test("households of known types are found again, the rare ones among many regular ones too", () => {
  const { habits, type } = knownHouseholds(1, USUAL, { spread: 0.2 });
  const { centres } = learnPrototypes(habits, OPTIONS);
  const found = nearestTypes(habits, centres);
  for (const [place, segment] of LEARNT_SEGMENTS.entries()) {
    const own = [...type.keys()].filter((row) => type[row] === place);
    const right = own.filter((row) => found[row] === place).length;
    expect(right / own.length, segment).toBeGreaterThan(0.95);
  }
  expect(adjustedRandIndex(found, type)).toBeGreaterThan(0.95);
});

test("types are the landlord's own: late payers who pay in the middle of the month move « late »", () => {
  const ways = { late: [0, 0.55, 0.35, 0.05, 0.05, 0] };
  const { habits } = knownHouseholds(2, USUAL, { ways });
  const { centres } = learnPrototypes(habits, OPTIONS);
  expect(figure(archetypes().centres, "late", "late")).toBe(0.75);
  expect(figure(centres, "late", "late")).toBeCloseTo(0.57, 1);
});

test("where a landlord has few households of a type, the shipped one holds", () => {
  const ways = { late: [0, 0.55, 0.35, 0.05, 0.05, 0] };
  const few = knownHouseholds(2, { ...USUAL, late: 2 }, { ways });
  const { centres } = learnPrototypes(few.habits, { ...OPTIONS, anchorRows: 200 });
  expect(figure(centres, "late", "late")).toBeGreaterThan(0.7);
});

test("without any household the types are those shipped", () => {
  const none = { rows: 0, values: new Float64Array() };
  expect(learnPrototypes(none, OPTIONS).centres).toEqual(archetypes().centres);
  expect(learnPrototypes(none, { ...OPTIONS, anchorRows: 0 }).centres).toEqual(archetypes().centres);
});

test("a name may not wander: households half way to another type do not take theirs there", () => {
  const ways = { prompt: [0, 0.72, 0.4, 0.1, 0.05, 0] };
  const { habits } = knownHouseholds(3, { ...USUAL, prompt: 2000, late: 0 }, { ways });
  const { centres } = learnPrototypes(habits, { anchorRows: 0.001, clearRatio: 1 });
  const shipped = archetypes();
  const each = { rows: LEARNT_SEGMENTS.length, values: centres };
  expect([...nearestTypes(each, shipped.centres)]).toEqual(LEARNT_SEGMENTS.map((_, place) => place));
});

test("the order of rows makes no difference beyond rounding, and the same rows give the same types", () => {
  const { habits } = knownHouseholds(4, USUAL);
  const width = HABIT_FIGURES.length;
  const backwards = new Float64Array(habits.values.length);
  for (let row = 0; row < habits.rows; row++)
    backwards.set(habits.values.subarray(row * width, (row + 1) * width), (habits.rows - 1 - row) * width);
  const learnt = learnPrototypes(habits, OPTIONS).centres;
  const other = learnPrototypes({ rows: habits.rows, values: backwards }, OPTIONS).centres;
  expect(learnPrototypes(habits, OPTIONS).centres).toEqual(learnt);
  const rounded = (values: Float64Array) => Array.from(values, (value) => value.toFixed(9));
  expect(rounded(other)).toEqual(rounded(learnt));
});

test("learnt again on other households or without the last closing, types part households nearly alike", () => {
  const { habits, household, isLast } = knownHouseholds(5, USUAL, { spread: 0.2 });
  const options = { ...OPTIONS, refits: 10, seed: 1 };
  const found = stabilityOf(habits, household, isLast, options);
  expect(found.redrawnLeast).toBeGreaterThan(0.9);
  expect(found.redrawnMean).toBeGreaterThanOrEqual(found.redrawnLeast);
  expect(found.halves).toBeGreaterThan(0.9);
  expect(found.monthBefore).toBeGreaterThan(0.95);
  expect(stabilityOf(habits, household, isLast, options)).toEqual(found);
});
