import { type DesignMatrix, rowTimes } from "./design-matrix.ts";
import { logisticRegression } from "./regression.ts";

/** Households at risk of one treatment, each on a day, with what was known of them the evening before. */
export interface RiskSet {
  /** One row per household at risk: what may tell who is treated, and what becomes of whom. */
  readonly matrix: DesignMatrix;
  /** 1 where the treatment began that day, 0 where it did not (or the one compared with did); -1 leaves a row out. */
  readonly treated: ArrayLike<number>;
  /** Calendar month of the day, counted in months: households are compared within it where possible. */
  readonly month: ArrayLike<number>;
  /** What must be equal for two households to be compared: whole terms owed, kind of contact. */
  readonly exact: ArrayLike<number>;
  /** What is equal where possible: the length of the spell. */
  readonly preferred: ArrayLike<number>;
  /** One number per lease: a lease is no comparison for itself. */
  readonly lease: ArrayLike<number>;
  /** Share of the untreated like the row that was kept, over the share of the treated. */
  readonly sampledShare: ArrayLike<number>;
  /** Per outcome, its probability without the treatment (`expectedOutcomes`); the first one guides the matching. */
  readonly expected: readonly Float64Array[];
}

/** How alike two households must be. */
export interface MatchingSettings {
  /** Households matched at most with each treated one. */
  readonly matches: number;
  /** Largest difference in log-odds, in standard deviations of the treated's. */
  readonly caliper: number;
  /** Nobody likelier to be treated has a comparison. */
  readonly largestPropensity: number;
}

/** What matching found, one value per row of the risk set. */
export interface Matched {
  /** Probability of being treated that day, learnt from what was known. */
  readonly propensity: Float64Array;
  /** 1 for a treated row with a comparison; for an untreated one, how many treated ones it stands for; else 0. */
  readonly weight: Float64Array;
}

/** What is learnt is learnt from so many rows at most, spread evenly over the months. */
const MOST_TREATED_LEARNT = 2_000;
const MOST_OTHERS_LEARNT = 6_000;
/** Months within which a household is compared: its own, its quarter's where that has nobody alike, its year's. */
const PERIODS = [1, 3, 12];
/** Added to the distance, in standard deviations, where the length of the spell differs. */
const OTHER_SPELL = 1;

/**
 * The probability of each outcome (arrays of zeros and ones) for every row, as learnt from those whose `treated` is 0: the
 * prognosis without the treatment.
 */
export function expectedOutcomes(
  matrix: DesignMatrix,
  treated: ArrayLike<number>,
  outcomes: readonly ArrayLike<number>[],
): Float64Array[] {
  const learnt = thinned(
    rowsWhere(matrix.rows, (row) => treated[row] === 0),
    MOST_OTHERS_LEARNT,
  );
  return outcomes.map((outcome) => {
    if (learnt.length === 0) return new Float64Array(matrix.rows);
    const logarithms = predictions(matrix, logisticRegression(matrix, learnt, outcome));
    return logarithms.map((odds) => 1 / (1 + Math.exp(-odds)));
  });
}

/**
 * Sequential risk-set matching: each treated household with those at risk in the same month, owing as many whole terms
 * and not treated by the same day, nearest in the log-odds of being treated and in the outcome expected without it.
 * Controls may serve several treated households and, in other months, be treated themselves. Where a month has nobody
 * within the caliper its quarter is searched, then its year. Where rows are thinned or sampled, the intercept is put
 * right (King and Zeng 2001, Logistic regression in rare events data, Political Analysis 9).
 *
 * Li, Propert and Rosenbaum (2001), Balanced risk set matching, JASA 96; Lu (2005), Propensity score matching with
 * time-dependent covariates, Biometrics 61; matching on both scores: Hansen (2008), The prognostic analogue of the
 * propensity score, Biometrika 95; Antonelli et al. (2018), Doubly robust matching estimators, Biometrics 74; support:
 * Crump et al. (2009), Dealing with limited overlap, Biometrika 96; the caliper: Austin (2011), Pharmaceutical
 * Statistics 10.
 */
export function matchRiskSets(set: RiskSet, settings: MatchingSettings): Matched {
  const { matrix, treated } = set;
  const { rows } = matrix;
  const treatedRows = rowsWhere(rows, (row) => treated[row] === 1);
  const others = rowsWhere(rows, (row) => treated[row] === 0);
  const propensity = new Float64Array(rows);
  const weight = new Float64Array(rows);
  if (treatedRows.length === 0 || others.length === 0) {
    return { propensity, weight };
  }

  const learntTreated = thinned(treatedRows, MOST_TREATED_LEARNT);
  const learntOthers = thinned(others, MOST_OTHERS_LEARNT);
  const chances = logisticRegression(matrix, Int32Array.of(...learntTreated, ...learntOthers), treated);
  const odds = predictions(matrix, chances);
  const shift = Math.log((learntOthers.length * treatedRows.length) / (others.length * learntTreated.length));
  for (let row = 0; row < rows; row++) {
    const sampled = Math.log(set.sampledShare[row] ?? 1);
    propensity[row] = 1 / (1 + Math.exp(-(odds[row] ?? 0) - shift - sampled));
  }
  const [prognosis = odds] = set.expected;
  const oddsScale = standardDeviation(odds, treatedRows);
  const prognosisScale = standardDeviation(prognosis, treatedRows);
  const distance = (one: number, other: number): number => {
    if (set.lease[one] === set.lease[other]) return Number.POSITIVE_INFINITY;
    const chance = Math.abs((odds[one] ?? 0) - (odds[other] ?? 0)) / oddsScale;
    if (chance > settings.caliper) return Number.POSITIVE_INFINITY;
    const outcome = Math.abs((prognosis[one] ?? 0) - (prognosis[other] ?? 0)) / prognosisScale;
    return chance + outcome + (set.preferred[one] === set.preferred[other] ? 0 : OTHER_SPELL);
  };
  const periods = PERIODS.map((months) => {
    const keyOf = (row: number): string => `${Math.floor((set.month[row] ?? 0) / months)} ${set.exact[row]}`;
    return { keyOf, strata: groupBy(others, keyOf) };
  });
  for (const row of treatedRows) {
    if ((propensity[row] ?? 0) > settings.largestPropensity) continue;
    for (const { keyOf, strata } of periods) {
      const alike = nearest(row, strata.get(keyOf(row)) ?? [], distance, settings.matches);
      if (alike.length === 0) continue;
      weight[row] = 1;
      for (const control of alike) weight[control] = (weight[control] ?? 0) + 1 / alike.length;
      break;
    }
  }
  return { propensity, weight };
}

function rowsWhere(rows: number, holds: (row: number) => boolean): Int32Array {
  const found: number[] = [];
  for (let row = 0; row < rows; row++) if (holds(row)) found.push(row);
  return Int32Array.from(found);
}

function predictions(matrix: DesignMatrix, coefficients: Float64Array): Float64Array {
  const sums = new Float64Array(matrix.rows);
  for (let row = 0; row < matrix.rows; row++) sums[row] = rowTimes(matrix, row, coefficients);
  return sums;
}

/** Every so many-th row, so that at most `most` are left. */
function thinned(rows: Int32Array, most: number): Int32Array {
  const step = rows.length / most;
  return step <= 1
    ? rows
    : Int32Array.from({ length: most }, (_, place) => rows[Math.floor(place * step)] ?? 0);
}

function groupBy(rows: Iterable<number>, keyOf: (row: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The rows nearest to `row` at a finite distance, nearest first; of equals, those that come first. */
function nearest(
  row: number,
  candidates: Iterable<number>,
  distance: (one: number, other: number) => number,
  most: number,
): number[] {
  const found: { readonly row: number; readonly apart: number }[] = [];
  for (const candidate of candidates) {
    const apart = distance(row, candidate);
    if (apart === Number.POSITIVE_INFINITY) continue;
    const last = found.length < most ? Number.POSITIVE_INFINITY : (found.at(-1)?.apart ?? 0);
    if (apart >= last) continue;
    const place = found.findIndex((other) => other.apart > apart);
    found.splice(place === -1 ? found.length : place, 0, { row: candidate, apart });
    if (found.length > most) found.pop();
  }
  return found.map((match) => match.row);
}

function standardDeviation(values: Float64Array, rows: Int32Array): number {
  let sum = 0;
  let squares = 0;
  for (const row of rows) {
    const value = values[row] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / rows.length;
  return Math.sqrt(Math.max(squares / rows.length - mean * mean, 1e-12));
}
