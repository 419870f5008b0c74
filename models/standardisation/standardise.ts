import { type Expectation, fitExpectation, type MixDesign } from "./expectation.ts";
import { chiSquared95, Z_95, Z_998 } from "./normal.ts";
import { type RankInterval, rankIntervals } from "./ranks.ts";
import { solveByFactor } from "./symmetric.ts";

/** Lease-months of one window, one entry each; arrays of one length. */
export interface ComparedMonths {
  /** Place of the household, from 0. */
  readonly household: Int32Array;
  /** Place of the agency, from 0. */
  readonly agency: Int32Array;
  /** Place of the pattern of bands in the design. */
  readonly pattern: Int32Array;
  /** 1 where the lease-month has the outcome, else 0. */
  readonly outcome: Uint8Array;
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
  /** To begin with for a neighbouring window. */
  readonly expectation: Expectation;
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
 * @param agencies number of agencies; those without a lease-month are left out of the answer.
 * @param minimum households, and expected cases, that an agency needs to be judged.
 * @throws RangeError when nothing, or everything, has the outcome.
 */
export function standardise(
  design: MixDesign,
  months: ComparedMonths,
  agencies: number,
  minimum: { readonly households: number; readonly expected: number },
  start?: Expectation,
): Standardised {
  const patterns = design.terms.length;
  const counted = new Float64Array(patterns);
  const cases = new Float64Array(patterns);
  const byAgency = new Float64Array(agencies * patterns);
  const observed = new Float64Array(agencies);
  const leaseMonths = new Float64Array(agencies);
  const { length } = months.outcome;
  for (let i = 0; i < length; i++) {
    const pattern = months.pattern[i] ?? 0;
    const agency = months.agency[i] ?? 0;
    const outcome = months.outcome[i] ?? 0;
    counted[pattern] = (counted[pattern] ?? 0) + 1;
    cases[pattern] = (cases[pattern] ?? 0) + outcome;
    observed[agency] = (observed[agency] ?? 0) + outcome;
    leaseMonths[agency] = (leaseMonths[agency] ?? 0) + 1;
    const cell = agency * patterns + pattern;
    byAgency[cell] = (byAgency[cell] ?? 0) + 1;
  }
  const expectation = fitExpectation(design, counted, cases, start);
  const { probability, information } = expectation;
  const expected = new Float64Array(agencies);
  const carried = new Float64Array(patterns * agencies);
  for (let agency = 0; agency < agencies; agency++) {
    const slope = new Float64Array(design.size);
    for (let pattern = 0; pattern < patterns; pattern++) {
      const count = byAgency[agency * patterns + pattern] ?? 0;
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
  const clusters = gather(months, agencies, probability, carried);
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
    expectation,
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

function gather(
  months: ComparedMonths,
  agencies: number,
  probability: Float64Array,
  carriedByPattern: Float64Array,
): Clusters {
  let last = -1;
  for (const household of months.household) if (household > last) last = household;
  const size = (last + 1) * agencies;
  const observed = new Float64Array(size);
  const own = new Float64Array(size);
  const carried = new Float64Array(size);
  const { length } = months.outcome;
  for (let i = 0; i < length; i++) {
    const at = (months.household[i] ?? 0) * agencies;
    const pattern = months.pattern[i] ?? 0;
    const p = probability[pattern] ?? 0;
    const outcome = months.outcome[i] ?? 0;
    const place = at + (months.agency[i] ?? 0);
    observed[place] = (observed[place] ?? 0) + outcome;
    own[place] = (own[place] ?? 0) + p;
    const residual = outcome - p;
    const from = pattern * agencies;
    for (let agency = 0; agency < agencies; agency++) {
      carried[at + agency] = (carried[at + agency] ?? 0) + residual * (carriedByPattern[from + agency] ?? 0);
    }
  }
  const square = agencies * agencies;
  const clusters = {
    households: new Float64Array(agencies),
    householdsObserved: new Float64Array(agencies),
    observedObserved: new Float64Array(square),
    observedExpected: new Float64Array(square),
    expectedExpected: new Float64Array(square),
  };
  for (let at = 0; at < size; at += agencies) {
    for (let one = 0; one < agencies; one++) {
      const expected = own[at + one] ?? 0;
      const cases = observed[at + one] ?? 0;
      const value = expected + (carried[at + one] ?? 0);
      if (expected > 0) clusters.households[one] = (clusters.households[one] ?? 0) + 1;
      if (cases > 0) clusters.householdsObserved[one] = (clusters.householdsObserved[one] ?? 0) + 1;
      for (let other = 0; other < agencies; other++) {
        const place = one * agencies + other;
        const otherValue = (own[at + other] ?? 0) + (carried[at + other] ?? 0);
        clusters.expectedExpected[place] = (clusters.expectedExpected[place] ?? 0) + value * otherValue;
        if (cases === 0) continue;
        clusters.observedExpected[place] = (clusters.observedExpected[place] ?? 0) + cases * otherValue;
        clusters.observedObserved[place] =
          (clusters.observedObserved[place] ?? 0) + cases * (observed[at + other] ?? 0);
      }
    }
  }
  return clusters;
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
