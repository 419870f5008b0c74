import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

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

/** A share of several households: Σ numerators / Σ denominators. Arrays of one length, of whole numbers. */
export interface Share {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/**
 * Shares with their intervals, households drawn again as in `relativeDifference`: every share's from the seed on, as if it were
 * drawn alone, and all in one pass, so that as many shares as one likes cost no more chance than the longest. NaN where the
 * denominators add up to nothing.
 */
export function sharesOf(
  shares: readonly Share[],
  { seed, draws }: { readonly seed: number; readonly draws: number },
): Interval[] {
  const drawn = shares.map((share) => drawnShare(share, draws));
  const households = shares.reduce((most, { numerator }) => Math.max(most, numerator.length), 0);
  const generator = xoroshiro128plus(seed);
  const times = new Uint8Array(TIMES_AT_ONCE);
  for (let left = households * draws; left > 0; left -= times.length) {
    drawTimes(generator, times);
    for (const share of drawn) share.take(times);
  }
  return shares.map(({ numerator, denominator }, place) => {
    const whole = sum(denominator);
    const known = drawn[place]?.told.filter((draw) => !Number.isNaN(draw)) ?? new Float64Array(0);
    return { value: whole === 0 ? Number.NaN : sum(numerator) / whole, ...bounds(known) };
  });
}

/** How many times households are drawn, so many at once. */
const TIMES_AT_ONCE = 16_384;

/** A share that is drawn bit by bit: it takes what belongs to its own households and draws, and leaves the rest. */
function drawnShare(
  share: Share,
  draws: number,
): { readonly told: Float64Array; take(times: Uint8Array): void } {
  const told = new Float64Array(draws).fill(Number.NaN);
  const households = share.numerator.length;
  /** What the draw under way adds up to so far, above and below; and the household that the next of the times belongs to. */
  const sums = new Float64Array(2);
  let [draw, household] = [0, 0];
  return {
    told,
    take(times) {
      for (let at = 0; at < times.length && draw < draws && households > 0; ) {
        const end = Math.min(times.length, at + households - household);
        addDrawn(sums, share, times, at, end, household);
        household += end - at;
        at = end;
        if (household < households) return;
        const [above = 0, below = 0] = sums;
        told[draw++] = below === 0 ? Number.NaN : above / below;
        sums.fill(0);
        household = 0;
      }
    },
  };
}

/** Adds what households add to a share, from one on, drawn as often as the times from one place to before another say. */
function addDrawn(
  sums: Float64Array,
  { numerator, denominator }: Share,
  times: Uint8Array,
  from: number,
  end: number,
  first: number,
): void {
  let above = 0;
  let below = 0;
  for (let at = from, household = first; at < end; at++, household++) {
    const drawn = times[at] ?? 0;
    above += drawn * (numerator[household] ?? 0);
    below += drawn * (denominator[household] ?? 0);
  }
  sums[0] = (sums[0] ?? 0) + above;
  sums[1] = (sums[1] ?? 0) + below;
}

function drawHouseholds(
  households: number,
  { seed, draws }: { readonly seed: number; readonly draws: number },
  tell: (times: Uint8Array, draw: number) => void,
): void {
  const generator = xoroshiro128plus(seed);
  const times = new Uint8Array(households);
  for (let draw = 0; draw < draws; draw++) {
    drawTimes(generator, times);
    tell(times, draw);
  }
}

/** How many times each of the next households is drawn. */
function drawTimes(generator: RandomGenerator, times: Uint8Array): void {
  for (let place = 0; place < times.length; place++) {
    const chance = (generator.next() >>> 0) / 2 ** 32;
    let drawn = 0;
    while (drawn < POISSON.length && chance >= (POISSON[drawn] ?? 1)) drawn++;
    times[place] = drawn;
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
