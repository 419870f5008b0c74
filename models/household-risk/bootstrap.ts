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
  const draws = new Float64Array(options.draws);
  drawHouseholds(one.length, options, (times, draw) => {
    let caught = 0;
    let caughtByOther = 0;
    for (let household = 0; household < one.length; household++) {
      const drawn = times[household] ?? 0;
      caught += drawn * (one[household] ?? 0);
      caughtByOther += drawn * (other[household] ?? 0);
    }
    draws[draw] = relative(caught, caughtByOther);
  });
  return { value: relative(sum(one), sum(other)), ...bounds(draws) };
}

/** A share of several households: Σ numerators / Σ denominators. Arrays of one length. */
export interface Share {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/**
 * Shares of the same households with their intervals, households drawn again as in `relativeDifference`, once for all shares. NaN
 * where the denominators add up to nothing.
 */
export function sharesOf(
  shares: readonly Share[],
  options: { readonly seed: number; readonly draws: number },
): Interval[] {
  const drawn = shares.map(() => new Float64Array(options.draws));
  drawHouseholds(shares[0]?.numerator.length ?? 0, options, (times, draw) => {
    for (const [place, share] of shares.entries()) {
      const draws = drawn[place];
      if (draws !== undefined) draws[draw] = shareDrawn(share, times);
    }
  });
  return shares.map(({ numerator, denominator }, place) => {
    const whole = sum(denominator);
    const known = drawn[place]?.filter((draw) => !Number.isNaN(draw)) ?? new Float64Array(0);
    return { value: whole === 0 ? Number.NaN : sum(numerator) / whole, ...bounds(known) };
  });
}

function shareDrawn({ numerator, denominator }: Share, times: Uint8Array): number {
  let above = 0;
  let below = 0;
  for (let household = 0; household < numerator.length; household++) {
    const drawn = times[household] ?? 0;
    above += drawn * (numerator[household] ?? 0);
    below += drawn * (denominator[household] ?? 0);
  }
  return below === 0 ? Number.NaN : above / below;
}

function drawHouseholds(
  households: number,
  { seed, draws }: { readonly seed: number; readonly draws: number },
  tell: (times: Uint8Array, draw: number) => void,
): void {
  const generator = xoroshiro128plus(seed);
  const times = new Uint8Array(households);
  for (let draw = 0; draw < draws; draw++) {
    for (let household = 0; household < households; household++) {
      const chance = (generator.next() >>> 0) / 2 ** 32;
      let drawn = 0;
      while (drawn < POISSON.length && chance >= (POISSON[drawn] ?? 1)) drawn++;
      times[household] = drawn;
    }
    tell(times, draw);
  }
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
