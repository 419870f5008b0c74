/** What is told of how a household pays, from 0, the most regular, to 1; by_debit is the share that direct debit collects. */
export const HABIT_FIGURES = ["by_debit", "late", "unsteady", "skipped", "in_part", "falling"] as const;

/** The types that are learnt. Their words stand in `risk.segment_meaning`, with those that need no learning. */
export const LEARNT_SEGMENTS = ["direct_debit", "prompt", "late", "uneven", "partial", "falling"] as const;

export type LearntSegment = (typeof LEARNT_SEGMENTS)[number];

/** NaN where the figure is no part of what the name means. */
const ANY = Number.NaN;

/**
 * What each name means, figure by figure in the order of `HABIT_FIGURES`: where learning starts, what holds a type in place where
 * a landlord has few such households, and what a learnt type may not move away from. How a household pays in instalments, by
 * fits and starts or less and less says nothing of the means by which it does.
 */
export const ARCHETYPES: Readonly<Record<LearntSegment, readonly number[]>> = {
  direct_debit: [1, 0, 0, 0, 0, 0],
  prompt: [0, 0.25, 0.2, 0, 0, 0],
  late: [0, 0.75, 0.4, 0.1, 0.05, 0],
  uneven: [ANY, 0.6, 0.9, 0.6, 0.1, 0.1],
  partial: [ANY, 0.9, 0.5, 0.3, 0.9, 0.1],
  falling: [ANY, 0.4, 0.7, 0.5, 0.1, 1],
};

/** Habits of households, row after row: so many rows of one value for each of `HABIT_FIGURES`. */
export interface Habits {
  readonly rows: number;
  readonly values: Float64Array;
}
