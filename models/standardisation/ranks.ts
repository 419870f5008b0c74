import { normalQuantile } from "./normal.ts";

/** A place in an order, and the places that cannot be told from it. */
export interface RankInterval {
  readonly rank: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Places from the smallest value, with 95% intervals. A place's interval counts who is surely before and who is surely after:
 * pairwise differences, all comparisons of one value held together, after Mogstad, Romano, Shaikh and Wilhelm, Inference for ranks
 * with applications to mobility across neighbourhoods and academic achievement across countries, Review of Economic
 * Studies 91 (2024). The critical value is Šidák's bound (JASA 62, 1967), which needs no simulation and is at most a little wide.
 * Equal values share the better place.
 *
 * @param covariance of two values, by their places in the list.
 */
export function rankIntervals(
  values: readonly number[],
  covariance: (one: number, other: number) => number,
): RankInterval[] {
  const others = values.length - 1;
  const critical = others < 1 ? 0 : normalQuantile((1 + 0.95 ** (1 / others)) / 2);
  return values.map((value, one) => {
    let before = 0;
    let surelyBefore = 0;
    let surelyAfter = 0;
    for (const [other, against] of values.entries()) {
      if (other === one) continue;
      const variance = covariance(one, one) + covariance(other, other) - 2 * covariance(one, other);
      const margin = critical * Math.sqrt(Math.max(0, variance));
      if (against < value) before += 1;
      if (against < value - margin) surelyBefore += 1;
      if (against > value + margin) surelyAfter += 1;
    }
    return { rank: 1 + before, low: 1 + surelyBefore, high: values.length - surelyAfter };
  });
}
