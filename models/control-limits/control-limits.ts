import {
  expectation,
  type Filtered,
  noTrace,
  roomFor,
  type Season,
  seasonOf,
  shownBy,
  traceAfter,
  unknownSeason,
} from "./filter.ts";
import {
  type Flow,
  type FlowSeries,
  isTold,
  type Judged,
  nothingJudged,
  type RelativeRates,
  relativeRates,
  samplingVariance,
  shareOf,
} from "./flow.ts";
import { filterPast, type Learnt, learnNoise, standardised } from "./noise.ts";

export type { Flow, FlowKind, FlowSeries } from "./flow.ts";

/** How a chart is read. All of it is the landlord's to set. */
export interface ChartRules {
  /** Months that a slice must have told before one is judged. */
  readonly minimumMonths: number;
  /** Households behind a month below which it is not judged. */
  readonly minimumVolume: number;
  /** Cases expected, and cases expected not to be, below which a share's month is not judged. */
  readonly minimumExpected: number;
  /** Share of what was expected by which a month must differ at least to lie outside, however narrow the limits. */
  readonly leastChange: number;
  /** Width of the limits, in standard deviations of the one-step-ahead error. */
  readonly limit: number;
  /** Months, the judged one included, over which a lasting step is looked for. */
  readonly stepMonths: number;
  /** After a shift, a month is back when it lies within so many standard deviations of what was expected. */
  readonly back: number;
  /** Months after which a lasting shift is accepted as the new level. */
  readonly acceptMonths: number;
}

/** One month of one slice against what the months before it led to expect. Rates are numerator over denominator. */
export interface ControlLimit {
  readonly month: number;
  readonly observed: number;
  /** NaN, as are the limits, where too few months came before. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly volume: number;
  readonly verdict: "none" | "above" | "below";
  /** False where history, volume or expected cases do not allow a verdict. */
  readonly judged: boolean;
}

/** Months for which the noise learnt is kept before it is learnt again. */
const LEARN_EVERY = 6;
/** Own season of a slice, as a share of the variance of the whole's month effects. */
const OWN_SEASON = 0.05;
/** What the season's uncertainty grows by where its noise was learnt from few months, over the months to spare. */
const LEARNT_FROM_FEW = 6;
/** Months that a slice's own scale is shrunk to its pool's by; it is never below its pool's. */
const PRIOR_MONTHS = 24;
/** A month that itself lies closer than so many standard deviations to what was expected is never out of control. */
const LEAST_DEVIATION = 1;

interface Chart {
  readonly series: FlowSeries;
  /** It is there to teach the season: a shift that is over counts after all, or an unusual month would be one every year. */
  readonly teaches: boolean;
  readonly judged: Judged;
  /** The shift under way, if any: its side, its first month, and the month in which it was seen. */
  shift: { readonly side: 1 | -1; readonly from: number; readonly seen: number } | null;
  rates: RelativeRates | null;
}

/**
 * Control limits of a flow, month by month, each from the months before it alone. One list per series, in the order of
 * `flow.pools`, with one item per month told.
 *
 * A slice's rate, relative to its own mean, is the sum of a level that may drift, of the effect of the month of the year,
 * of a residual of autocorrelation one (extra dispersion and persistence) and of the noise that volume explains, and is
 * followed by a Kalman filter (Harvey 1989). The season is learnt from the whole and lent to its slices, each shrunk to it.
 * Noise is pooled over alike slices, its scale then shrunk from each slice to its pool (Laney 2002 and Spiegelhalter 2005
 * on dispersion beyond the binomial). The chart is one of one-step-ahead errors (Alwan and Roberts 1988); a step is
 * looked for over the last months by the likelihood ratio of its signature in them (Willsky and Jones 1976, Apley and Shi
 * 1999), which is turned into limits for the month to come: a month lies outside them exactly if one of those ratios
 * passes the limit. Skewness moves the limits (Cornish and Fisher 1938): a share's is known and moves both; that of amounts
 * is learnt, and only ever widens.
 *
 * A shift is not absorbed: from its first month on, months outside are kept from the filter, and the months after are held
 * against what was expected before it, within narrower limits (`back`), until one is back. A shift that
 * lasts `acceptMonths` becomes the level: the filter learns anew from its first month, with the noise and the season it knew.
 */
export function controlLimits(flow: Flow, rules: ChartRules): ControlLimit[][] {
  const months = flow.whole.numerator.length;
  const whole = chartOf(flow.whole, months, true);
  const pools = flow.pools.map((pool) => pool.map((series) => chartOf(series, months, false)));
  const sorted = pools.map((pool) => [...pool].sort((a, b) => (a.series.id < b.series.id ? -1 : 1)));
  const room = roomFor(months);
  const told = new Map<Chart, ControlLimit[]>(pools.flat().map((chart) => [chart, []]));
  let ofWhole: Learnt | null = null;
  let ofPools: (Learnt | null)[] = [];
  for (let month = 0; month < months; month += 1) {
    const since = month - rules.minimumMonths;
    if (since >= 0 && since % LEARN_EVERY === 0) {
      for (const chart of [whole, ...pools.flat()]) {
        chart.rates = relativeRates(chart.series, chart.judged, month);
      }
      ofWhole = learn(flow, [whole], month, null, ofWhole, room);
      const lent = ofWhole && lendSeason(flow, whole, ofWhole, month, room);
      ofPools = sorted.map((pool, index) => {
        const alone = pool.length === 1 && pool[0]?.series.id === flow.whole.id;
        return alone ? ofWhole : lent && learn(flow, pool, month, lent, ofPools[index] ?? null, room);
      });
    }
    const season = ofWhole && lendSeason(flow, whole, ofWhole, month, room);
    for (const [index, pool] of pools.entries()) {
      const learnt = ofPools[index] ?? null;
      for (const chart of pool) {
        if (!isTold(chart.series, month)) continue;
        const own = learnt !== null && learnt === ofWhole ? unknownSeason(learnt.seasonVariance) : season;
        told.get(chart)?.push(judge(flow, rules, chart, month, learnt, own, room));
      }
    }
    if (ofWhole !== null && isTold(flow.whole, month)) {
      judge(flow, rules, whole, month, ofWhole, unknownSeason(ofWhole.seasonVariance), room);
    }
  }
  return pools.flat().map((chart) => told.get(chart) ?? []);
}

function chartOf(series: FlowSeries, months: number, teaches: boolean): Chart {
  return { series, teaches, judged: nothingJudged(months), shift: null, rates: null };
}

function learn(
  flow: Flow,
  charts: readonly Chart[],
  month: number,
  season: Season | null,
  before: Learnt | null,
  room: Filtered,
): Learnt | null {
  const pool = charts.flatMap(({ rates }) => (rates === null ? [] : [rates]));
  return pool.length === 0 ? null : learnNoise(flow.kind, flow.firstMonth, pool, month, season, before, room);
}

/** What the whole's months before this one teach of the season, each effect free to differ somewhat in a slice. */
function lendSeason(flow: Flow, whole: Chart, learnt: Learnt, month: number, room: Filtered): Season | null {
  if (whole.rates === null) return null;
  const unknown = unknownSeason(learnt.seasonVariance);
  filterPast(flow.kind, flow.firstMonth, whole.rates, month, unknown, learnt, room);
  const freedom = freedomOf(standardised(room, month, whole.judged).length, true);
  return seasonOf(room.belief, 1 + LEARNT_FROM_FEW / freedom, OWN_SEASON * learnt.seasonVariance);
}

/** Judges one month of one slice, and remembers what it changes for the months after. */
function judge(
  flow: Flow,
  rules: ChartRules,
  chart: Chart,
  month: number,
  learnt: Learnt | null,
  season: Season | null,
  room: Filtered,
): ControlLimit {
  const { series, rates } = chart;
  const volume = series.volume[month] ?? 0;
  const observed = (series.numerator[month] ?? 0) / (series.denominator[month] ?? 1);
  const untold = { month, observed, expected: Number.NaN, low: Number.NaN, high: Number.NaN, volume };
  if (learnt === null || season === null || rates === null || rates.months < rules.minimumMonths)
    return { ...untold, verdict: "none", judged: false };
  filterPast(flow.kind, flow.firstMonth, rates, month, season, learnt, room);
  const ofYear = (flow.firstMonth + month) % 12;
  const ahead = expectation(room.belief, ofYear);
  const expected = Math.max(ahead.mean, 0);
  const sampling = learnt.scale * samplingVariance(flow.kind, rates, month, expected);
  const errors = standardised(room, month, chart.judged);
  const squares = errors.reduce((sum, error) => sum + error ** 2, 0);
  const ownScale = Math.max(1, (PRIOR_MONTHS + squares) / (PRIOR_MONTHS + errors.length));
  const variance = ahead.variance + sampling;
  const deviation = Math.sqrt(variance * ownScale);
  const freedom = freedomOf(errors.length, season.isUnknown);
  const width = studentised(rules.limit, freedom);
  const skewness =
    flow.kind === "ratio" ? learnt.skewness : skewnessOf(rates, month, expected, sampling, variance);
  const lean = (side: 1 | -1): number =>
    chart.shift?.side === side
      ? studentised(rules.back, freedom)
      : boundary(flow, rules, room, month, variance, ownScale, learnt, width, side).width;
  const up = skewed(lean(1), flow.kind === "ratio" ? Math.max(skewness, 0) : skewness);
  const down = skewed(lean(-1), flow.kind === "ratio" ? Math.max(-skewness, 0) : -skewness);
  const least = rules.leastChange * expected;
  const high = (expected + Math.max(up * deviation, least)) * rates.mean;
  const low = Math.max(0, expected - Math.max(down * deviation, least)) * rates.mean;
  const judged = isEnough(flow, rules, series, month, rates, expected);
  const verdict = !judged ? "none" : observed > high ? "above" : observed < low ? "below" : "none";
  if (judged) {
    const side = verdict === "above" ? 1 : -1;
    const from = () => boundary(flow, rules, room, month, variance, ownScale, learnt, width, side).from;
    remember(chart, rules, month, verdict === "none" ? null : side, from);
  } else if (chart.shift !== null) {
    chart.judged.held[month] = 1;
  }
  return { month, observed, expected: expected * rates.mean, low, high, volume, verdict, judged };
}

/** Keeps months outside from the filter, ends a shift that is back, accepts one that lasts. */
function remember(
  chart: Chart,
  rules: ChartRules,
  month: number,
  side: 1 | -1 | null,
  from: () => number,
): void {
  const { judged } = chart;
  if (side === null) {
    if (chart.shift !== null && chart.teaches) judged.held.fill(0, chart.shift.from, month);
    chart.shift = null;
    return;
  }
  if (chart.shift?.side !== side) chart.shift = { side, from: from(), seen: month };
  judged.held.fill(1, chart.shift.from, month + 1);
  if (month - chart.shift.seen + 1 < rules.acceptMonths) return;
  judged.held.fill(0, chart.shift.from, month + 1);
  judged.restarts.add(chart.shift.from);
  chart.shift = null;
}

/**
 * How far from what was expected the month may lie on one side, in standard deviations, before a lasting step that began in it
 * or in one of the months just before it becomes likely; and the month in which that step would have begun.
 */
function boundary(
  { firstMonth }: Flow,
  rules: ChartRules,
  { errors, variances, gains }: Filtered,
  month: number,
  variance: number,
  ownScale: number,
  { noise }: Learnt,
  width: number,
  side: 1 | -1,
): { readonly width: number; readonly from: number } {
  let best = { width, from: month };
  for (let from = month - 1; from > month - rules.stepMonths && from >= 0; from -= 1) {
    let trace = noTrace();
    let signed = 0;
    let weight = 0;
    let whole = true;
    for (let earlier = from; earlier < month; earlier += 1) {
      const told = variances[earlier] ?? Number.NaN;
      if (Number.isNaN(told)) {
        whole = false;
        break;
      }
      const shown = shownBy(trace, (firstMonth + earlier) % 12);
      const scaled = told * ownScale;
      signed += (side * shown * (errors[earlier] ?? 0)) / scaled;
      weight += shown ** 2 / scaled;
      trace = traceAfter(trace, shown, gains, earlier, noise);
    }
    if (!whole) break;
    const shown = shownBy(trace, (firstMonth + month) % 12);
    const deviation = Math.sqrt(variance * ownScale);
    if (shown <= 0) continue;
    const allowed = ((width * Math.sqrt(weight + (shown / deviation) ** 2) - signed) * deviation) / shown;
    if (allowed < best.width) best = { width: Math.max(allowed, LEAST_DEVIATION), from };
  }
  return best;
}

function isEnough(
  flow: Flow,
  rules: ChartRules,
  series: FlowSeries,
  month: number,
  rates: RelativeRates,
  expected: number,
): boolean {
  if ((series.volume[month] ?? 0) < rules.minimumVolume) return false;
  if (flow.kind === "ratio") return true;
  const cases = (series.denominator[month] ?? 0) * rates.mean * expected;
  return Math.min(cases, (series.denominator[month] ?? 0) - cases) >= rules.minimumExpected;
}

/**
 * Skewness of a share's one-step-ahead error: the binomial's, and that of what it is mixed with, whose variance grows with
 * the square of the rate.
 */
function skewnessOf(
  rates: RelativeRates,
  month: number,
  expected: number,
  sampling: number,
  variance: number,
): number {
  const share = shareOf(rates.mean, expected);
  const cases = rates.mean * (rates.series.denominator[month] ?? 1);
  const mixed = Math.max(variance - sampling, 0);
  const third = (1 - 2 * share) * (sampling / cases + 3 * (mixed / cases));
  return Math.min(Math.max(third / variance ** 1.5, -1), 1);
}

/**
 * A width in standard deviations, moved by the skewness of what it bounds: the first term of Cornish and Fisher, which is
 * not followed to where it would leave less than half the width.
 */
function skewed(width: number, skewness: number): number {
  return Math.max(width + (skewness * (width * width - 1)) / 6, width / 2);
}

/** Months that the scale was learnt from: those of the slice and its pool, or those that its own season leaves to spare. */
function freedomOf(errors: number, learnsSeason: boolean): number {
  return learnsSeason ? Math.max(errors - 11, 4) : PRIOR_MONTHS + errors;
}

/** A normal deviate's place under Student's distribution: what a standard deviation learnt from few months asks for. */
function studentised(deviate: number, freedom: number): number {
  return deviate + (deviate ** 3 + deviate) / (4 * freedom);
}
