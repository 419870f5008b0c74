import { lossOfRow } from "./fit.ts";
import type { LearningRows } from "./learning-rows.ts";

/** Negative log-likelihood of these rows' outcomes, by their weights, in nats. */
export function lossOfRows({ outcome, weight }: LearningRows, logits: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < outcome.length; row++) {
    sum += (weight[row] ?? 0) * lossOfRow(logits[row] ?? 0, outcome[row] ?? 0);
  }
  return sum;
}

/** How much lower the loss is with the second log-odds than with the first, in standard errors, households as clusters. */
export function standardErrorsGained(
  windows: readonly LearningRows[],
  before: readonly Float64Array[],
  after: readonly Float64Array[],
): number {
  let sum = 0;
  const gained = new Map<number, number>();
  for (const [place, { outcome, weight, household }] of windows.entries()) {
    for (let row = 0; row < outcome.length; row++) {
      const was = lossOfRow(before[place]?.[row] ?? 0, outcome[row] ?? 0);
      const is = lossOfRow(after[place]?.[row] ?? 0, outcome[row] ?? 0);
      const gain = (weight[row] ?? 0) * (was - is);
      const cluster = household[row] ?? 0;
      gained.set(cluster, (gained.get(cluster) ?? 0) + gain);
      sum += gain;
    }
  }
  let squares = 0;
  for (const gain of gained.values()) squares += (gain - sum / gained.size) ** 2;
  return squares === 0 ? 0 : sum / Math.sqrt(squares);
}
