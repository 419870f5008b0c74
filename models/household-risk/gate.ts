import { type Interval, relativeDifference } from "./bootstrap.ts";

/** Households at the past dates on which models compete; all arrays have one value a row. */
export interface PastRows {
  readonly rows: number;
  /** Number of the date. */
  readonly origin: ArrayLike<number>;
  readonly household: ArrayLike<number>;
  /** Number of the list that it could be on: one for each date and agency, a place of the capacities. */
  readonly list: ArrayLike<number>;
  /** 1 where the household fell. */
  readonly outcome: ArrayLike<number>;
  /** Breaks ties of scores, smallest first: never chance, nor the order of the rows. */
  readonly tie: ArrayLike<number>;
  /** How many households of its date each row stands for; 1 where absent. */
  readonly weight?: ArrayLike<number>;
}

/**
 * Whom the teams would have called: of every list the `capacity[list]` households of the highest scores. 1 for a row that is
 * on its list. A score that is no number is the lowest.
 */
export function onList(
  { rows, list, tie, weight }: PastRows,
  score: ArrayLike<number>,
  capacity: ArrayLike<number>,
): Uint8Array {
  const height = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = score[row] ?? Number.NaN;
    height[row] = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  }
  const compare = (one: number, other: number): number => {
    const [high, low] = [height[other] ?? 0, height[one] ?? 0];
    if (high !== low) return high > low ? 1 : -1;
    return (tie[one] ?? 0) - (tie[other] ?? 0);
  };
  const listed = new Uint8Array(rows);
  for (const [number, places] of rowsByList(rows, list)) {
    let left = capacity[number] ?? 0;
    for (const row of places.sort(compare)) {
      if (left <= 0) break;
      listed[row] = 1;
      left -= weight?.[row] ?? 1;
    }
  }
  return listed;
}

/** The rows of each list, in their order: lists are short, and sorted in half the time that all rows together take. */
function rowsByList(rows: number, list: ArrayLike<number>): Map<number, number[]> {
  const lists = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const number = list[row] ?? 0;
    const own = lists.get(number);
    if (own === undefined) lists.set(number, [row]);
    else own.push(row);
  }
  return lists;
}

/** Onsets among the listed rows, of the dates from `from` on. */
export function caught({ rows, origin, outcome }: PastRows, listed: Uint8Array, from = 0): number {
  let count = 0;
  for (let row = 0; row < rows; row++)
    if (listed[row] === 1 && outcome[row] === 1 && (origin[row] ?? 0) >= from) count += 1;
  return count;
}

/** One rival that a challenger must hold its own against, and from which lower bound on it does. */
export interface Rival {
  readonly role: "rule" | "champion" | "logistic";
  readonly name: string;
  readonly listed: Uint8Array;
  /** First date of the comparison: earlier ones are not purged of what the rival learnt from. */
  readonly from: number;
}

/** How the challenger did against one rival. */
export interface Duel {
  readonly role: Rival["role"];
  readonly rival: string;
  readonly caughtByChallenger: number;
  readonly caughtByRival: number;
  /** Relative: 0.05 is 5% more onsets caught than the rival. */
  readonly difference: Interval;
  readonly least: number;
  readonly passed: boolean;
}

/**
 * The gate: a challenger serves only if the lower bound of the 95% interval of its relative difference, in onsets caught
 * at the teams' capacity over all dates, is above 0 against the rule, and above `-margin` against the champion and the
 * logistic regression. One duel a rival.
 */
export function duels(
  rows: PastRows,
  challenger: Uint8Array,
  rivals: readonly Rival[],
  options: { readonly seed: number; readonly draws: number; readonly margin: number },
): Duel[] {
  return rivals.map((rival) => {
    const catches = pairCatches(rows, challenger, rival.listed, rival.from);
    const difference = relativeDifference(catches, options);
    const least = rival.role === "rule" ? 0 : -options.margin;
    return {
      role: rival.role,
      rival: rival.name,
      caughtByChallenger: caught(rows, challenger, rival.from),
      caughtByRival: caught(rows, rival.listed, rival.from),
      difference,
      least,
      passed: difference.low > least,
    };
  });
}

function pairCatches(
  { rows, origin, household, outcome }: PastRows,
  one: Uint8Array,
  other: Uint8Array,
  from: number,
): { one: Float64Array; other: Float64Array } {
  const places = new Map<number, number>();
  const caughtByOne: number[] = [];
  const caughtByOther: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (outcome[row] !== 1 || (origin[row] ?? 0) < from || (one[row] !== 1 && other[row] !== 1)) continue;
    const id = household[row] ?? 0;
    const place = places.get(id) ?? places.size;
    places.set(id, place);
    caughtByOne[place] = (caughtByOne[place] ?? 0) + (one[row] ?? 0);
    caughtByOther[place] = (caughtByOther[place] ?? 0) + (other[row] ?? 0);
  }
  return { one: Float64Array.from(caughtByOne), other: Float64Array.from(caughtByOther) };
}

/** How one competitor did over several dates, in the share of onsets caught. */
export interface TrackRecord {
  readonly name: string;
  /** Of each date, in its order; NaN where nobody fell. */
  readonly recall: readonly number[];
  readonly mean: number;
  readonly worst: number;
  /** Mean over the dates of what the best of all competitors caught more, as a share of the onsets. */
  readonly regret: number;
}

/** The share of each date's onsets that every competitor caught, with mean, worst and regret. */
export function records(
  rows: PastRows,
  lists: readonly { readonly name: string; readonly listed: Uint8Array }[],
): TrackRecord[] {
  const origins = [...new Set(Array.from({ length: rows.rows }, (_, row) => rows.origin[row] ?? 0))].sort(
    (one, other) => one - other,
  );
  const place = new Map(origins.map((origin, index) => [origin, index]));
  const onsets = new Float64Array(origins.length);
  const of = lists.map(() => new Float64Array(origins.length));
  for (let row = 0; row < rows.rows; row++) {
    if (rows.outcome[row] !== 1) continue;
    const at = place.get(rows.origin[row] ?? 0) ?? 0;
    onsets[at] = (onsets[at] ?? 0) + 1;
    for (const [index, { listed }] of lists.entries()) {
      const counts = of[index];
      if (counts !== undefined && listed[row] === 1) counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const recalls = of.map((counts) => Array.from(counts, (count, at) => count / (onsets[at] ?? 0)));
  const best = origins.map((_, at) => Math.max(...recalls.map((recall) => recall[at] ?? Number.NaN)));
  return lists.map(({ name }, index) => {
    const recall = recalls[index] ?? [];
    const told = recall.flatMap((value, at) =>
      Number.isNaN(value) ? [] : [{ value, best: best[at] ?? value }],
    );
    const count = told.length;
    return {
      name,
      recall,
      mean: told.reduce((total, { value }) => total + value, 0) / count,
      worst: count === 0 ? Number.NaN : Math.min(...told.map(({ value }) => value)),
      regret: told.reduce((total, { value, best }) => total + best - value, 0) / count,
    };
  });
}
