import type { Habits } from "./archetypes.ts";
import { distanceTo, nearest } from "./prototypes.ts";

export interface MembershipOptions {
  /** A household changes its type at once where its distance to the nearest is at most this share of that to its own. */
  readonly changeRatio: number;
  /** Else after so many closings in a row at which its own is not the nearest. */
  readonly changeMonths: number;
}

/** No type: the household is new at that closing, or has no habit. */
export const NO_SEGMENT = -1;

/**
 * The type of each household at each of its closings. A household keeps its type until it is clearly nearer to another, or
 * has been nearer to others for some closings in a row: what lies between two types does not flicker. After a closing
 * without a habit it begins anew.
 *
 * @param household one number per row; the rows of a household follow one another, closing after closing.
 * @param hasHabit 1 where the row tells a habit.
 * @returns the place in `LEARNT_SEGMENTS`, or `NO_SEGMENT`, of each row.
 */
export function memberships(
  habits: Habits,
  household: ArrayLike<number>,
  hasHabit: ArrayLike<number>,
  centres: Float64Array,
  { changeRatio, changeMonths }: MembershipOptions,
): Int8Array {
  const types = new Int8Array(habits.rows).fill(NO_SEGMENT);
  let own = NO_SEGMENT;
  let astray = 0;
  for (let row = 0; row < habits.rows; row++) {
    if (row === 0 || household[row] !== household[row - 1]) own = NO_SEGMENT;
    if (hasHabit[row] !== 1) {
      own = NO_SEGMENT;
      continue;
    }
    const near = nearest(habits, row, centres);
    if (own === NO_SEGMENT || near.segment === own) {
      own = near.segment;
      astray = 0;
    } else {
      astray++;
      if (astray >= changeMonths || near.distance <= changeRatio * distanceTo(habits, row, centres, own)) {
        own = near.segment;
        astray = 0;
      }
    }
    types[row] = own;
  }
  return types;
}

/** The nearest type of each row: its place in `LEARNT_SEGMENTS`. */
export function nearestTypes(habits: Habits, centres: Float64Array): Int8Array {
  return Int8Array.from({ length: habits.rows }, (_, row) => nearest(habits, row, centres).segment);
}
