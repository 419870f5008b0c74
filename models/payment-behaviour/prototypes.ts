import { ARCHETYPES, HABIT_FIGURES, type Habits, LEARNT_SEGMENTS } from "./archetypes.ts";

const FIGURES = HABIT_FIGURES.length;
const SEGMENTS = LEARNT_SEGMENTS.length;
const MOST_ROUNDS = 50;
/** A round that moves no centre further than this is the last. */
const STILL = 1e-4;

export interface LearningOptions {
  /** Rows that the archetype of a type weighs beside the landlord's own. */
  readonly anchorRows: number;
  /** A row teaches its nearest type only where its distance to it is at most this share of that to any other. */
  readonly clearRatio: number;
  /** How many times each row counts; once where absent. */
  readonly weight?: Float64Array;
}

/** The types as a landlord's own households show them. */
export interface Prototypes {
  /** One value for each type and figure, in the order of `LEARNT_SEGMENTS` and `HABIT_FIGURES`; NaN where it is no part of the type. */
  readonly centres: Float64Array;
  /** Weight of the rows that each type was learnt from. */
  readonly rows: Float64Array;
}

/** The archetypes themselves: the types of a landlord of whom nothing is known yet. */
export function archetypes(): Prototypes {
  return {
    centres: Float64Array.from(LEARNT_SEGMENTS.flatMap((segment) => ARCHETYPES[segment])),
    rows: new Float64Array(SEGMENTS),
  };
}

/**
 * Learns the types from a landlord's habits: k-means that starts at the archetypes, in which each archetype stays as so many
 * rows of its own (the posterior mean under a normal prior), and only rows that are clearly of one type move it, so that the
 * many regular households do not draw the rare types to themselves. A type may not leave what its name means: a centre
 * nearer to another archetype than to its own is taken back towards its own until it is not. No chance in it: the same
 * rows give the same types, in whatever order they stand, up to the rounding of sums.
 */
export function learnPrototypes(habits: Habits, options: LearningOptions): Prototypes {
  const start = archetypes().centres;
  let centres = start;
  let taught = new Float64Array(SEGMENTS);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sums = new Float64Array(SEGMENTS * FIGURES);
    taught = new Float64Array(SEGMENTS);
    for (let row = 0; row < habits.rows; row++) {
      const weight = options.weight?.[row] ?? 1;
      if (weight === 0) continue;
      const { segment, ratio } = nearest(habits, row, centres);
      if (ratio > options.clearRatio) continue;
      taught[segment] = (taught[segment] ?? 0) + weight;
      for (let figure = 0; figure < FIGURES; figure++) {
        const at = segment * FIGURES + figure;
        sums[at] = (sums[at] ?? 0) + weight * (habits.values[row * FIGURES + figure] ?? 0);
      }
    }
    const moved = sums.map((sum, at) => {
      const own = start[at] ?? 0;
      const weight = (taught[Math.floor(at / FIGURES)] ?? 0) + options.anchorRows;
      return weight > 0 ? (sum + options.anchorRows * own) / weight : own;
    });
    for (let segment = 0; segment < SEGMENTS; segment++) keepName(moved, start, segment);
    const before = centres;
    centres = moved;
    if (moved.every((value, at) => Number.isNaN(value) || Math.abs(value - (before[at] ?? 0)) <= STILL))
      break;
  }
  return { centres, rows: taught };
}

/** The type nearest to a row, its distance, and how much nearer it is than the next: 0 for a row like it, 1 halfway between two. */
export function nearest(
  habits: Habits,
  row: number,
  centres: Float64Array,
): { segment: number; distance: number; ratio: number } {
  let segment = 0;
  let least = Number.POSITIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  for (let other = 0; other < SEGMENTS; other++) {
    const square = squareDistance(habits.values, row, centres, other);
    if (square < least) {
      next = least;
      least = square;
      segment = other;
    } else if (square < next) next = square;
  }
  return { segment, distance: Math.sqrt(least), ratio: next > 0 ? Math.sqrt(least / next) : 1 };
}

/** How far a row is from a type, over the figures that the type is made of. */
export function distanceTo(habits: Habits, row: number, centres: Float64Array, segment: number): number {
  return Math.sqrt(squareDistance(habits.values, row, centres, segment));
}

function squareDistance(values: Float64Array, row: number, centres: Float64Array, segment: number): number {
  let square = 0;
  for (let figure = 0; figure < FIGURES; figure++) {
    const gap = (values[row * FIGURES + figure] ?? 0) - (centres[segment * FIGURES + figure] ?? 0);
    if (!Number.isNaN(gap)) square += gap * gap;
  }
  return square;
}

/** Takes a centre back towards its archetype until no other archetype is nearer. */
function keepName(centres: Float64Array, start: Float64Array, segment: number): void {
  const from = segment * FIGURES;
  const own = start.subarray(from, from + FIGURES);
  const moved = centres.slice(from, from + FIGURES);
  for (let step = 0; step <= 10; step++) {
    const share = 1 - step / 10;
    const values = moved.map((value, figure) => (own[figure] ?? 0) + share * (value - (own[figure] ?? 0)));
    centres.set(values, from);
    const to = (other: number) => squareDistance(values, 0, start, other);
    const ownDistance = to(segment);
    if (LEARNT_SEGMENTS.every((_, other) => other === segment || to(other) >= ownDistance)) return;
  }
}
