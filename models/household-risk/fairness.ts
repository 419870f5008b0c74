/** Households that fell into arrears, once a past list each, and whether that list had them. */
export interface FallenHouseholds {
  readonly rows: number;
  /** One number per household: its rows stand and fall together. */
  readonly household: ArrayLike<number>;
  /** Place of the group, from 0; below 0 where it is not known: such a row is compared with no group and in none. */
  readonly group: ArrayLike<number>;
  /** Rows are compared within one stratum only, such as an agency: its list is so long for all of its households alike. */
  readonly stratum: ArrayLike<number>;
  /** 1 where the household was on the list. */
  readonly caught: ArrayLike<number>;
}

/** What a list can be said to be, for a group of households, beside all others. */
export type Verdict = "fair" | "unfair" | "too_few";

/** How much likelier a group's households were on the list before they fell than the others in the same strata. */
export interface RecallGap {
  readonly group: number;
  /** Rows of the group, and the households behind them. */
  readonly fallen: number;
  readonly households: number;
  /** Share of the group's rows that were caught; null without any. */
  readonly recall: number | null;
  /** Recall of the group less that of the others, over the strata where both are; null where there is none. */
  readonly gap: number | null;
  /** 95% interval of the gap. */
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: Verdict;
}

/** 97.5% of a standard normal distribution lies below. */
const TWO_SIDED_95 = 1.959964;

/**
 * For each group, its recall less that of all other households, with a 95% interval, and what that allows to say: the whole
 * interval within ± `margin` is fair, wholly beyond it unfair, anything else too few to tell.
 *
 * The gap is Mantel and Haenszel's risk difference: strata weigh n₁n₀ / (n₁ + n₀), so that agencies with long and with short
 * lists do not pass for a difference between groups (Greenland and Robins, Biometrics 41, 1985). The interval is Newcombe's
 * hybrid of two Wilson intervals (Statistics in Medicine 17, 1998), at the number of rows that would tell as much if all were
 * independent and weighed alike: that of Kish (Survey Sampling, 1965) for unequal weights, less what households that return
 * from month to month repeat (Liang and Zeger, Biometrika 73, 1986), and never less than if each household's rows said the
 * same. So few households, or none caught, never pass for certainty.
 *
 * @param groups number of groups.
 */
export function recallGaps(fallen: FallenHouseholds, groups: number, margin: number): RecallGap[] {
  return Array.from({ length: groups }, (_, group): RecallGap => {
    const own = rowsOf(fallen, (row) => fallen.group[row] === group);
    const others = rowsOf(fallen, (row) => fallen.group[row] !== group && (fallen.group[row] ?? -1) >= 0);
    const households = new Set(own.map((row) => fallen.household[row])).size;
    const caught = own.reduce((sum, row) => sum + (fallen.caught[row] ?? 0), 0);
    const counted = {
      group,
      fallen: own.length,
      households,
      recall: own.length === 0 ? null : caught / own.length,
    };
    const weights = stratumWeights(fallen, own, others);
    if (weights === null) return { ...counted, gap: null, low: null, high: null, verdict: "too_few" };
    const here = weightedShare(fallen, own, weights.own);
    const there = weightedShare(fallen, others, weights.others);
    const gap = here.share - there.share;
    const low = gap - Math.hypot(here.share - here.low, there.high - there.share);
    const high = gap + Math.hypot(here.high - here.share, there.share - there.low);
    return { ...counted, gap, low, high, verdict: verdictOf(low, high, margin) };
  });
}

function verdictOf(low: number, high: number, margin: number): Verdict {
  if (low >= -margin && high <= margin) return "fair";
  return low > margin || high < -margin ? "unfair" : "too_few";
}

function rowsOf({ rows }: FallenHouseholds, isOf: (row: number) => boolean): number[] {
  const found: number[] = [];
  for (let row = 0; row < rows; row++) if (isOf(row)) found.push(row);
  return found;
}

/** By stratum, the weight of one row on each side; null where no stratum has both sides. */
function stratumWeights(
  fallen: FallenHouseholds,
  own: readonly number[],
  others: readonly number[],
): { readonly own: ReadonlyMap<number, number>; readonly others: ReadonlyMap<number, number> } | null {
  const ownCounts = countByStratum(fallen, own);
  const otherCounts = countByStratum(fallen, others);
  const both = [...ownCounts].flatMap(([stratum, one]) => {
    const other = otherCounts.get(stratum);
    return other === undefined ? [] : [{ stratum, one, other, weight: (one * other) / (one + other) }];
  });
  const total = both.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return null;
  return {
    own: new Map(both.map(({ stratum, one, weight }) => [stratum, weight / one / total])),
    others: new Map(both.map(({ stratum, other, weight }) => [stratum, weight / other / total])),
  };
}

function countByStratum({ stratum }: FallenHouseholds, rows: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const place = stratum[row] ?? 0;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** The weighted share caught of some rows, with its Wilson interval. The weights of the rows sum to 1. */
function weightedShare(
  { stratum, household, caught }: FallenHouseholds,
  rows: readonly number[],
  weightOf: ReadonlyMap<number, number>,
): Share {
  let share = 0;
  for (const row of rows) share += (weightOf.get(stratum[row] ?? 0) ?? 0) * (caught[row] ?? 0);
  const weights = new Map<number, number>();
  const residuals = new Map<number, number>();
  let squares = 0;
  for (const row of rows) {
    const weight = weightOf.get(stratum[row] ?? 0) ?? 0;
    const one = household[row] ?? 0;
    squares += weight * weight;
    weights.set(one, (weights.get(one) ?? 0) + weight);
    residuals.set(one, (residuals.get(one) ?? 0) + weight * ((caught[row] ?? 0) - share));
  }
  const asIfAlone = 1 / squares;
  const asIfTheSame = 1 / sumOfSquares(weights.values());
  const variance = sumOfSquares(residuals.values());
  const asObserved = variance === 0 ? asIfTheSame : (share * (1 - share)) / variance;
  return wilson(share, Math.min(asIfAlone, Math.max(asIfTheSame, asObserved)));
}

function sumOfSquares(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** Wilson's interval of a share of `count` independent cases (JASA 22, 1927). */
function wilson(share: number, count: number): Share {
  const squared = (TWO_SIDED_95 * TWO_SIDED_95) / count;
  const middle = (share + squared / 2) / (1 + squared);
  const half =
    (TWO_SIDED_95 / (1 + squared)) * Math.sqrt((share * (1 - share)) / count + squared / (4 * count));
  return { share, low: Math.min(share, middle - half), high: Math.max(share, middle + half) };
}
