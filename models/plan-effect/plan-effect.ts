/** A figure at two closings. */
export interface Change {
  readonly before: number;
  readonly after: number;
}

/** The effect of a plan, in the unit of the figures. */
export type PlanEffect =
  | {
      readonly basis: "difference_in_differences";
      readonly effect: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly basis: "before_after"; readonly effect: number };

/**
 * The effect of a plan on one slice: its change less the mean change of slices that had no plan. The 95% interval takes
 * the spread of their changes for what chance does to one slice, the slice in question included: Student's t with one
 * degree of freedom less than there are others, times s √(1 + 1/n). With fewer than `minimumOthers` (at least 2) the
 * plain change is all there is, without an interval and without a claim.
 */
export function planEffect(own: Change, others: readonly Change[], minimumOthers: number): PlanEffect {
  const change = own.after - own.before;
  const count = others.length;
  if (count < Math.max(minimumOthers, 2)) return { basis: "before_after", effect: change };
  const changes = others.map(({ before, after }) => after - before);
  const mean = changes.reduce((sum, each) => sum + each, 0) / count;
  const squares = changes.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const half = studentQuantile(count - 1) * Math.sqrt((squares / (count - 1)) * (1 + 1 / count));
  const effect = change - mean;
  return { basis: "difference_in_differences", effect, low: effect - half, high: effect + half };
}

/**
 * The 97.5% quantile of Student's t. Up to ten degrees of freedom from the table, above by the expansion in 1/degrees of
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5, right to four decimals there.
 */
export function studentQuantile(degrees: number): number {
  const listed = TABLE[degrees - 1];
  if (listed !== undefined) return listed;
  const z = 1.959963985;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}

const TABLE = [
  12.7062, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
];
