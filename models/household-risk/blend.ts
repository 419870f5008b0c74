import type { EncodedColumn } from "./encoding.ts";
import type { Fitted } from "./fit.ts";
import type { LearningRows } from "./learning-rows.ts";
import { lossOfRows, standardErrorsGained } from "./loss.ts";

/** Shares that the straight terms may have, the greatest first. */
const SHARES = [0.5, 0.25, 0] as const;

/**
 * The greatest share of the straight terms with which the loss of rows that neither has learnt from is within one standard
 * error of the least (the rule of Breiman et al. 1984, Classification and Regression Trees): few onsets tell little of a
 * bent term's ends, and a straight one bears better that times change. Log-odds are averaged, so that terms add up as
 * before (a logarithmic opinion pool: Genest and Zidek 1986, Combining probability distributions, Statistical Science 1).
 */
export function bestShare(
  windows: readonly LearningRows[],
  bent: readonly Float64Array[],
  straight: readonly Float64Array[],
): number {
  const tried = SHARES.map((share) => {
    const logits = bent.map((of, place) => pooled(of, straight[place] ?? of, share));
    const losses = logits.map((of, place) => {
      const rows = windows[place];
      return rows === undefined ? 0 : lossOfRows(rows, of);
    });
    return { share, logits, loss: losses.reduce((sum, loss) => sum + loss, 0) };
  });
  const least = tried.reduce((best, one) => (one.loss < best.loss ? one : best));
  const close = tried.find(({ logits }) => standardErrorsGained(windows, least.logits, logits) >= -1);
  return (close ?? least).share;
}

/** Log-odds of which this share is the straight terms'. */
export function pooled(bent: Float64Array, straight: Float64Array, share: number): Float64Array {
  return bent.map((logit, row) => (1 - share) * logit + share * (straight[row] ?? 0));
}

/**
 * What was learnt, with this share of the straight terms of the same rows: each lies on the knots of the bent term of its
 * feature. Blocks beyond the features (pairs) have no straight term.
 */
export function blended(
  bent: Fitted,
  columns: readonly EncodedColumn[],
  straight: Fitted,
  straightColumns: readonly EncodedColumn[],
  share: number,
): Fitted {
  const values = bent.values.map((of, place) => {
    const own = of.map((value) => (1 - share) * value);
    const few = straightColumns[place]?.knots;
    const added = straight.values[place]?.map((value) => share * value);
    if (few !== undefined && added !== undefined) addAt(own, columns[place]?.knots, few, added);
    return own;
  });
  return {
    ...bent,
    intercept: (1 - share) * bent.intercept + share * straight.intercept,
    values,
    logits: pooled(bent.logits, straight.logits, share),
  };
}

/** Adds to values at many knots those at few of them, in straight lines between; missing is last in both. */
export function addAt(
  values: Float64Array | undefined,
  knots: readonly number[] | undefined,
  few: readonly number[],
  added: Float64Array,
): void {
  if (values === undefined || knots === undefined) return;
  let at = 0;
  for (const [place, knot] of knots.entries()) {
    while (at < few.length - 1 && (few[at + 1] ?? 0) <= knot) at++;
    const from = few[at] ?? knot;
    const to = few[at + 1];
    const far = to === undefined ? 0 : (knot - from) / (to - from);
    const near = added[at] ?? 0;
    const told = far === 0 ? near : near + far * ((added[at + 1] ?? 0) - near);
    values[place] = (values[place] ?? 0) + told;
  }
  values[knots.length] = (values[knots.length] ?? 0) + (added[few.length] ?? 0);
}
