import { type Expectation, fitExpectation, type MixDesign } from "./expectation.ts";
import { chiSquared95, Z_95, Z_998 } from "./normal.ts";
import { type RankInterval, rankIntervals } from "./ranks.ts";
import { solveByFactor } from "./symmetric.ts";

/** A value that an outcome holds where the lease-month does not count. */
export const NOT_COUNTED = 255;

/** Lease-months, one entry each; arrays of one length. Those of a household follow one another, closing after closing. */
export interface ComparedMonths {
  /** Place of the household. */
  readonly household: Int32Array;
  /** Place of the closing. */
  readonly month: Int32Array;
  /** Place of the agency, from 0. */
  readonly agency: Int32Array;
  /** Place of the pattern of bands in the design. */
  readonly pattern: Int32Array;
  /** 1 where the lease-month has the outcome, else 0; `NOT_COUNTED` where it does not count. */
  readonly outcome: Uint8Array;
}

/** The lease-months that count of one window, agency by agency, one number a pattern of the design. */
export interface ComparedCounts {
  readonly counted: Float64Array;
  /** Of these, those with the outcome. */
  readonly observed: Float64Array;
}

/** Closings of a window, by their places; the last one belongs to it. */
export interface ComparedWindow {
  readonly first: number;
  readonly last: number;
}

/** From a ratio below to a ratio above. */
export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** One agency beside what its households' mix lets expect. */
export interface StandardisedAgency {
  readonly agency: number;
  readonly households: number;
  /** Of these, those with the outcome at least once. */
  readonly householdsObserved: number;
  readonly leaseMonths: number;
  /** Lease-months with the outcome, and what all agencies together would have had with this mix. */
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number;
  readonly interval: Limits;
  /** Within them, an agency of this volume that behaves like the others lies in 95 and 99.8 cases of 100. */
  readonly funnel95: Limits;
  readonly funnel998: Limits;
  /** Place from the smallest ratio, 1, with its interval; null for an agency below the minimum volume. */
  readonly rank: RankInterval | null;
  /** Whether the agency has the minimum volume: others are shown, and not judged. */
  readonly judged: boolean;
}

/** All agencies of one window. */
export interface Standardised {
  readonly agencies: readonly StandardisedAgency[];
  /** Standard deviation between agencies of the logarithm of the ratio, beyond chance. */
  readonly betweenAgencies: number;
  /** Whether the agencies judged differ more than chance explains (Cochran's Q beyond its 95% quantile). */
  readonly overdispersed: boolean;
}

/** Agencies under comparison over one window: what is expected of them is known, how sure it is follows from households. */
export interface Comparison {
  /** To begin with for a neighbouring window. */
  readonly expectation: Expectation;
  /**
   * Takes lease-months, of which those outside the window are passed over. Called any number of times: a household may go on where
   * the call before ended.
   */
  take(months: ComparedMonths): void;
  /**
   * All that is told once every lease-month of the window is taken.
   *
   * @param minimum households, and expected cases, that an agency needs to be judged.
   */
  tell(minimum: { readonly households: number; readonly expected: number }): Standardised;
}

/**
 * Indirect standardisation: what each agency shows, over what its households' mix lets expect.
 *
 * The expectation is fitted on all agencies together (`fitExpectation`), so that a ratio above 1 means: more than households of
 * the same bands have on average in the company. The interval is the delta method's on the logarithm of the ratio. It knows
 * that a household returns month after month: one sum a household, as in Liang and Zeger, Biometrika 73 (1986). And it
 * knows that the expectation is estimated from the same households: with R = O / E(β), β solving the pooled score, household h adds
 * (o − R·e) − R·Gᵀ·H⁻¹·s to O − R·E, where o and e are its observed and expected in the agency, s its score, G the slope of E and
 * H the penalised information. Funnel: Spiegelhalter, Statistics in Medicine 24 (2005), on the logarithm, with the variance
 * a case expected has over all agencies, households clustered, when none differs; an agency that makes a share of the expectation
 * can stray from it by so much less.
 *
 * Counts come first and households after them, one by one: what is kept grows with agencies and patterns, never with households.
 *
 * @param agencies number of agencies; those without a lease-month are left out of the answer.
 * @throws RangeError when nothing, or everything, has the outcome.
 */
export function compareAgencies(
  design: MixDesign,
  counts: ComparedCounts,
  window: ComparedWindow,
  agencies: number,
  start?: Expectation,
): Comparison {
  const patterns = design.terms.length;
  const counted = new Float64Array(patterns);
  const cases = new Float64Array(patterns);
  const observed = new Float64Array(agencies);
  const leaseMonths = new Float64Array(agencies);
  for (let agency = 0; agency < agencies; agency++) {
    for (let pattern = 0; pattern < patterns; pattern++) {
      const count = counts.counted[agency * patterns + pattern] ?? 0;
      const seen = counts.observed[agency * patterns + pattern] ?? 0;
      counted[pattern] = (counted[pattern] ?? 0) + count;
      cases[pattern] = (cases[pattern] ?? 0) + seen;
      observed[agency] = (observed[agency] ?? 0) + seen;
      leaseMonths[agency] = (leaseMonths[agency] ?? 0) + count;
    }
  }
  const expectation = fitExpectation(design, counted, cases, start);
  const { probability, information } = expectation;
  const expected = new Float64Array(agencies);
  const carried = new Float64Array(patterns * agencies);
  for (let agency = 0; agency < agencies; agency++) {
    const slope = new Float64Array(design.size);
    for (let pattern = 0; pattern < patterns; pattern++) {
      const count = counts.counted[agency * patterns + pattern] ?? 0;
      if (count === 0) continue;
      const p = probability[pattern] ?? 0;
      expected[agency] = (expected[agency] ?? 0) + count * p;
      for (const place of design.terms[pattern] ?? [])
        slope[place] = (slope[place] ?? 0) + count * p * (1 - p);
    }
    const back = solveByFactor(information, slope);
    for (const [pattern, terms] of design.terms.entries()) {
      let sum = 0;
      for (const place of terms) sum += back[place] ?? 0;
      carried[pattern * agencies + agency] = sum;
    }
  }
  const sums = noHouseholds(agencies);
  return {
    expectation,
    take: (months) => addMonths(sums, months, window, probability, carried),
    tell: (minimum) => tellOf({ observed, expected, leaseMonths, clusters: clustersOf(sums) }, minimum),
  };
}

/** What agencies showed, what was expected of them, and what households tell of both. */
interface Found {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly leaseMonths: Float64Array;
  readonly clusters: Clusters;
}

function tellOf(
  { observed, expected, leaseMonths, clusters }: Found,
  minimum: { readonly households: number; readonly expected: number },
): Standardised {
  const agencies = observed.length;
  const ratio = observed.map((cases, agency) => cases / (expected[agency] ?? Number.NaN));
  const covariance = covarianceOf(clusters, agencies, ratio);
  const underNull = covarianceOf(clusters, agencies, new Float64Array(agencies).fill(1));
  const present = [...leaseMonths.keys()].filter((agency) => (leaseMonths[agency] ?? 0) > 0);
  const variance = (matrix: Float64Array, agency: number) => matrix[agency * agencies + agency] ?? 0;
  const allExpected = sum(present.map((agency) => expected[agency] ?? 0));
  const ofOthers = (agency: number) => 1 - (expected[agency] ?? 0) / allExpected;
  const clustering =
    sum(present.map((agency) => variance(underNull, agency))) /
    Math.max(Number.MIN_VALUE, sum(present.map((agency) => (expected[agency] ?? 0) * ofOthers(agency))));
  const isJudged = (agency: number) =>
    (clusters.households[agency] ?? 0) >= minimum.households && (expected[agency] ?? 0) >= minimum.expected;
  const logCovariance = (one: number, other: number): number => {
    const scale = (observed[one] ?? 0) * (observed[other] ?? 0);
    return scale > 0 ? (covariance[one * agencies + other] ?? 0) / scale : 0;
  };
  const ranked = present.filter((agency) => isJudged(agency) && (observed[agency] ?? 0) > 0);
  const ranks = rankIntervals(
    ranked.map((agency) => Math.log(ratio[agency] ?? 1)),
    (i, j) => logCovariance(ranked[i] ?? 0, ranked[j] ?? 0),
  );
  const spread = dispersion(
    ranked.map((agency) => Math.log(ratio[agency] ?? 1)),
    ranked.map((agency) => logCovariance(agency, agency)),
  );
  return {
    agencies: present.map((agency): StandardisedAgency => {
      const e = expected[agency] ?? 0;
      const r = ratio[agency] ?? 0;
      const width = Math.sqrt((clustering * ofOthers(agency)) / e);
      const place = ranked.indexOf(agency);
      return {
        agency,
        households: clusters.households[agency] ?? 0,
        householdsObserved: clusters.householdsObserved[agency] ?? 0,
        leaseMonths: leaseMonths[agency] ?? 0,
        observed: observed[agency] ?? 0,
        expected: e,
        ratio: r,
        interval: intervalOf(r, Math.sqrt(logCovariance(agency, agency)), clustering / e),
        funnel95: around(1, Z_95 * width),
        funnel998: around(1, Z_998 * width),
        rank: ranks[place] ?? null,
        judged: isJudged(agency),
      };
    }),
    ...spread,
  };
}

/** −ln 0.025: the upper limit of a Poisson mean of which nothing was seen. */
const NOTHING_SEEN = 3.689;

function intervalOf(ratio: number, deviation: number, varianceOfOne: number): Limits {
  if (ratio > 0) return around(ratio, Z_95 * deviation);
  return { low: 0, high: NOTHING_SEEN * varianceOfOne };
}

function around(ratio: number, width: number): Limits {
  return { low: ratio * Math.exp(-width), high: ratio * Math.exp(width) };
}

/** Households' own sums and what they tell of the expectation, summed in products over households, agency by agency. */
interface Clusters {
  /** Households of each agency, and those of them with the outcome. */
  readonly households: Float64Array;
  readonly householdsObserved: Float64Array;
  /** Σ o·o', Σ o·v' and Σ v·v' over households, where o is observed in an agency and v expected there and carried. */
  readonly observedObserved: Float64Array;
  readonly observedExpected: Float64Array;
  readonly expectedExpected: Float64Array;
}

/** What is summed up household by household, each once its lease-months have ended. */
interface HouseholdSums extends Clusters {
  /** The household under way; -1 before the first. */
  current: number;
  /** Its lease-months with the outcome, and the expected ones, in each agency; and what its residuals carry to each. */
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly carried: Float64Array;
}

function noHouseholds(agencies: number): HouseholdSums {
  const square = agencies * agencies;
  return {
    current: -1,
    observed: new Float64Array(agencies),
    expected: new Float64Array(agencies),
    carried: new Float64Array(agencies),
    households: new Float64Array(agencies),
    householdsObserved: new Float64Array(agencies),
    observedObserved: new Float64Array(square),
    observedExpected: new Float64Array(square),
    expectedExpected: new Float64Array(square),
  };
}

/** Adds lease-months to their households' sums. The innermost loops of a comparison: arrays stand in variables of their own. */
function addMonths(
  sums: HouseholdSums,
  { household, month, agency, pattern, outcome }: ComparedMonths,
  { first, last }: ComparedWindow,
  probability: Float64Array,
  carriedByPattern: Float64Array,
): void {
  const { observed, expected, carried } = sums;
  const agencies = carried.length;
  for (let row = 0; row < outcome.length; row++) {
    const closing = month[row] ?? -1;
    const had = outcome[row] ?? NOT_COUNTED;
    if (closing < first || closing > last || had === NOT_COUNTED) continue;
    const whose = household[row] ?? -1;
    if (whose !== sums.current) {
      endHousehold(sums);
      sums.current = whose;
    }
    const where = agency[row] ?? 0;
    const lived = pattern[row] ?? 0;
    const p = probability[lived] ?? 0;
    const residual = had - p;
    observed[where] = (observed[where] ?? 0) + had;
    expected[where] = (expected[where] ?? 0) + p;
    const from = lived * agencies;
    for (let other = 0; other < agencies; other++)
      carried[other] = (carried[other] ?? 0) + residual * (carriedByPattern[from + other] ?? 0);
  }
}

/**
 * Adds the products of a household's sums, and begins anew. Of a product that is the same both ways round only the half above
 * the diagonal is kept.
 */
function endHousehold(sums: HouseholdSums): void {
  if (sums.current === -1) return;
  const { observed, expected, carried, households, householdsObserved } = sums;
  const { observedObserved, observedExpected, expectedExpected } = sums;
  const agencies = carried.length;
  for (let one = 0; one < agencies; one++) carried[one] = (expected[one] ?? 0) + (carried[one] ?? 0);
  for (let one = 0; one < agencies; one++) {
    const value = carried[one] ?? 0;
    const cases = observed[one] ?? 0;
    const row = one * agencies;
    if ((expected[one] ?? 0) > 0) households[one] = (households[one] ?? 0) + 1;
    for (let other = one; other < agencies; other++)
      expectedExpected[row + other] = (expectedExpected[row + other] ?? 0) + value * (carried[other] ?? 0);
    if (cases === 0) continue;
    householdsObserved[one] = (householdsObserved[one] ?? 0) + 1;
    for (let other = 0; other < agencies; other++) {
      const place = row + other;
      observedExpected[place] = (observedExpected[place] ?? 0) + cases * (carried[other] ?? 0);
      observedObserved[place] = (observedObserved[place] ?? 0) + cases * (observed[other] ?? 0);
    }
  }
  observed.fill(0);
  expected.fill(0);
  carried.fill(0);
}

/** What the households told, the last one included. */
function clustersOf(sums: HouseholdSums): Clusters {
  endHousehold(sums);
  sums.current = -1;
  const { expectedExpected } = sums;
  const agencies = sums.carried.length;
  for (let one = 0; one < agencies; one++) {
    for (let other = 0; other < one; other++)
      expectedExpected[one * agencies + other] = expectedExpected[other * agencies + one] ?? 0;
  }
  return sums;
}

/** Covariance of O − R·E between agencies, one sum a household. */
function covarianceOf(clusters: Clusters, agencies: number, ratio: Float64Array): Float64Array {
  const { observedObserved, observedExpected, expectedExpected } = clusters;
  return observedObserved.map((product, place) => {
    const other = place % agencies;
    const one = (place - other) / agencies;
    const [r, q] = [ratio[one] || 0, ratio[other] || 0];
    const crossed = q * (observedExpected[place] ?? 0) + r * (observedExpected[other * agencies + one] ?? 0);
    return product - crossed + r * q * (expectedExpected[place] ?? 0);
  });
}

/** Over-dispersion between agencies: DerSimonian and Laird, Controlled Clinical Trials 7 (1986). */
function dispersion(
  values: readonly number[],
  variances: readonly number[],
): Pick<Standardised, "betweenAgencies" | "overdispersed"> {
  const degrees = values.length - 1;
  if (degrees < 1) return { betweenAgencies: 0, overdispersed: false };
  const weights = variances.map((variance) => 1 / variance);
  const total = sum(weights);
  const mean = sum(weights.map((weight, i) => weight * (values[i] ?? 0))) / total;
  const q = sum(weights.map((weight, i) => weight * ((values[i] ?? 0) - mean) ** 2));
  const scale = total - sum(weights.map((weight) => weight * weight)) / total;
  return {
    betweenAgencies: Math.sqrt(Math.max(0, (q - degrees) / scale)),
    overdispersed: q > chiSquared95(degrees),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
