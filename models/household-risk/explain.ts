import type { FeatureMatrix } from "./features.ts";
import type { HouseholdRiskModel, Term } from "./model.ts";
import { eachBatch } from "./score.ts";

/** What each term adds to the log-odds of some rows. */
export interface Explanation {
  readonly base: number;
  readonly terms: readonly Term[];
  /** Row after row, a number a term: base + their sum, in this order, is the logit of the row's probability. */
  readonly contributions: Float64Array;
}

/** Takes the probability of these rows apart, exactly. `openBackend` must have been awaited. */
export function explain(
  model: HouseholdRiskModel,
  matrix: FeatureMatrix,
  rows: ArrayLike<number>,
): Explanation {
  const terms = model.terms.length;
  const contributions = new Float64Array(rows.length * terms);
  eachBatch(model, matrix, rows, (from, count, batch) => {
    contributions.set(batch.subarray(0, count * terms), from * terms);
  });
  return { base: model.base, terms: model.terms, contributions };
}

/** The probability whose logit is `base` + these contributions, added in their order: as `score` gives it. */
export function probabilityOf(base: number, contributions: ArrayLike<number>): number {
  let logit = base;
  for (let term = 0; term < contributions.length; term++) logit += contributions[term] ?? Number.NaN;
  return 1 / (1 + Math.exp(-logit));
}
