import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** What two rivals caught, household by household: the same places of both arrays are the same household. */
export interface PairedCatches {
  readonly one: Float64Array;
  readonly other: Float64Array;
}

/** A figure with its 95% interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 2.5% and 97.5% points of an interval. */
const TAIL = 0.025;

/**
 * How much more the one caught than the other, relative to what the other caught: 0.05 is 5% more. Households are drawn
 * again, with all that they brought about at whatever date: the months of one household stand and fall together. Lists
 * stay as they were made. Where the other caught nothing, the difference is counted against one catch.
 *
 * Each household is drawn Poisson(1) times, which many multinomial draws come to: Hanley and MacGibbon (2006), Creating
 * non-parametric bootstrap samples using Poisson frequencies, Computer Methods and Programs in Biomedicine 83. Households
 * that nobody caught change nothing and may be left out. The same seed gives the same interval.
 */
export function relativeDifference(
  { one, other }: PairedCatches,
  options: { readonly seed: number; readonly draws: number },
): Interval {
  const relative = (caught: number, caughtByOther: number): number =>
    (caught - caughtByOther) / Math.max(caughtByOther, 1);
  const draws = drawHouseholds(one.length, options, (times) => {
    let caught = 0;
    let caughtByOther = 0;
    for (let household = 0; household < one.length; household++) {
      const drawn = times[household] ?? 0;
      caught += drawn * (one[household] ?? 0);
      caughtByOther += drawn * (other[household] ?? 0);
    }
    return relative(caught, caughtByOther);
  });
  return { value: relative(sum(one), sum(other)), ...bounds(draws) };
}

/**
 * A share with its interval, households drawn again as in `relativeDifference`: Σ numerators / Σ denominators. NaN where
 * the denominators add up to nothing.
 */
export function shareOf(
  { numerator, denominator }: { readonly numerator: Float64Array; readonly denominator: Float64Array },
  options: { readonly seed: number; readonly draws: number },
): Interval {
  const draws = drawHouseholds(numerator.length, options, (times) => {
    let above = 0;
    let below = 0;
    for (let household = 0; household < numerator.length; household++) {
      const drawn = times[household] ?? 0;
      above += drawn * (numerator[household] ?? 0);
      below += drawn * (denominator[household] ?? 0);
    }
    return below === 0 ? Number.NaN : above / below;
  }).filter((draw) => !Number.isNaN(draw));
  const whole = sum(denominator);
  return { value: whole === 0 ? Number.NaN : sum(numerator) / whole, ...bounds(draws) };
}

function drawHouseholds(
  households: number,
  { seed, draws }: { readonly seed: number; readonly draws: number },
  statistic: (times: Uint8Array) => number,
): Float64Array {
  const generator = xoroshiro128plus(seed);
  const times = new Uint8Array(households);
  return Float64Array.from({ length: draws }, () => {
    for (let household = 0; household < households; household++) {
      const chance = (generator.next() >>> 0) / 2 ** 32;
      let drawn = 0;
      while (drawn < POISSON.length && chance >= (POISSON[drawn] ?? 1)) drawn++;
      times[household] = drawn;
    }
    return statistic(times);
  });
}

/** Probability of at most 0, 1, 2 … draws of a Poisson law of mean 1. */
const POISSON = cumulativePoisson(12);

function cumulativePoisson(most: number): Float64Array {
  const cumulative = new Float64Array(most);
  let term = Math.exp(-1);
  let total = 0;
  for (let times = 0; times < most; times++) {
    if (times > 0) term /= times;
    total += term;
    cumulative[times] = total;
  }
  return cumulative;
}

function bounds(draws: Float64Array): { low: number; high: number } {
  const sorted = draws.toSorted();
  return { low: quantile(sorted, TAIL), high: quantile(sorted, 1 - TAIL) };
}

/** Linear between the two nearest of sorted values; NaN of none. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
