import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { adjustedRandIndex } from "./agreement.ts";
import type { Habits } from "./archetypes.ts";
import { nearestTypes } from "./membership.ts";
import { type LearningOptions, learnPrototypes } from "./prototypes.ts";

export interface StabilityOptions extends Omit<LearningOptions, "weight"> {
  readonly refits: number;
  readonly seed: number;
}

/** How alike types come out when they are learnt again: adjusted Rand indices of the households of the last closing. */
export interface Stability {
  /** On households drawn with replacement: the mean of the refits, and the least. */
  readonly redrawnMean: number;
  readonly redrawnLeast: number;
  /** On one half of the households, and on the other. */
  readonly halves: number;
  /** On all closings but the last, and on all: what a month changes. Null where there is but one closing. */
  readonly monthBefore: number | null;
}

/**
 * Tells how stable learnt types are. Households are drawn whole, with all their closings.
 *
 * @param household one number per row.
 * @param isLast 1 for the rows of the last closing: those whose types are compared.
 */
export function stabilityOf(
  habits: Habits,
  household: ArrayLike<number>,
  isLast: ArrayLike<number>,
  options: StabilityOptions,
): Stability {
  const last = rowsWhere(habits, (row) => isLast[row] === 1);
  const typesOn = (weight?: Float64Array): Int8Array =>
    nearestTypes(
      last,
      learnPrototypes(habits, { ...options, ...(weight === undefined ? {} : { weight }) }).centres,
    );
  const numbers = new Map<number, number>();
  for (let row = 0; row < habits.rows; row++) {
    const number = household[row] ?? 0;
    if (!numbers.has(number)) numbers.set(number, numbers.size);
  }
  const spread = (counts: ArrayLike<number>): Float64Array =>
    Float64Array.from(
      { length: habits.rows },
      (_, row) => counts[numbers.get(household[row] ?? 0) ?? 0] ?? 0,
    );

  const whole = typesOn();
  const chance = xoroshiro128plus(options.seed);
  const redrawn = Array.from({ length: options.refits }, () => {
    const counts = new Float64Array(numbers.size);
    for (let draw = 0; draw < numbers.size; draw++) {
      const drawn = uniformInt(chance, 0, numbers.size - 1);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    return adjustedRandIndex(whole, typesOn(spread(counts)));
  });
  const half = Float64Array.from({ length: numbers.size }, () => uniformInt(chance, 0, 1));
  const before = Float64Array.from({ length: habits.rows }, (_, row) => (isLast[row] === 1 ? 0 : 1));
  return {
    redrawnMean: redrawn.reduce((sum, one) => sum + one, 0) / redrawn.length,
    redrawnLeast: Math.min(...redrawn),
    halves: adjustedRandIndex(typesOn(spread(half)), typesOn(spread(half.map((side) => 1 - side)))),
    monthBefore: before.includes(1) ? adjustedRandIndex(whole, typesOn(before)) : null,
  };
}

function rowsWhere({ rows, values }: Habits, kept: (row: number) => boolean): Habits {
  const width = values.length / Math.max(1, rows);
  const places = Array.from({ length: rows }, (_, row) => row).filter(kept);
  const chosen = new Float64Array(places.length * width);
  for (const [place, row] of places.entries())
    chosen.set(values.subarray(row * width, (row + 1) * width), place * width);
  return { rows: places.length, values: chosen };
}
