/** Where a flow's noise comes from: cases out of cases (binomial), or amounts whose noise falls with the volume behind them. */
export type FlowKind = "share" | "ratio";

/** One slice of a flow, month after month. A month without a figure is NaN in all three. */
export interface FlowSeries {
  readonly id: string;
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
  /** Households behind the figure. */
  readonly volume: Float64Array;
}

/** A monthly flow, its slices in pools of alike ones: agencies are as noisy as agencies. */
export interface Flow {
  readonly kind: FlowKind;
  /** Month of the year of the first month, 0 for January. */
  readonly firstMonth: number;
  /** What all slices make together: it teaches the season. */
  readonly whole: FlowSeries;
  readonly pools: readonly (readonly FlowSeries[])[];
}

/** What is remembered of the months already judged: those whose shift is not believed yet, and those that begin a new level. */
export interface Judged {
  readonly held: Uint8Array;
  readonly restarts: Set<number>;
}

/** A slice's months before some month as rates relative to their own mean, without the months held back. */
export interface RelativeRates {
  readonly series: FlowSeries;
  readonly judged: Judged;
  /** Rate of the months used; one relative unit. */
  readonly mean: number;
  readonly months: number;
}

export function nothingJudged(months: number): Judged {
  return { held: new Uint8Array(months), restarts: new Set() };
}

/** The slice's rates relative to the mean of the months before `until`; null where they are none, or all zero. */
export function relativeRates(series: FlowSeries, judged: Judged, until: number): RelativeRates | null {
  let numerator = 0;
  let denominator = 0;
  let months = 0;
  for (let month = 0; month < until; month += 1) {
    if (!isTold(series, month) || judged.held[month] === 1) continue;
    numerator += series.numerator[month] ?? 0;
    denominator += series.denominator[month] ?? 0;
    months += 1;
  }
  return numerator > 0 ? { series, judged, mean: numerator / denominator, months } : null;
}

export function isTold({ numerator, denominator, volume }: FlowSeries, month: number): boolean {
  return Number.isFinite(numerator[month]) && (denominator[month] ?? 0) > 0 && (volume[month] ?? 0) > 0;
}

export function relativeRate({ series, mean }: RelativeRates, month: number): number {
  return (series.numerator[month] ?? 0) / (series.denominator[month] ?? 1) / mean;
}

/**
 * Variance of a month's relative rate that volume alone explains, before any scale: binomial for a share, one over the
 * households for a ratio. `expected` is the relative rate expected of the month; a share's variance follows it.
 */
export function samplingVariance(
  kind: FlowKind,
  { series, mean }: RelativeRates,
  month: number,
  expected: number,
): number {
  if (kind === "ratio") return 1 / (series.volume[month] ?? 1);
  const share = shareOf(mean, expected);
  return (share * (1 - share)) / (series.denominator[month] ?? 1) / (mean * mean);
}

/** The share that a relative rate stands for, kept away from 0 and 1. */
export function shareOf(mean: number, expected: number): number {
  const least = mean / 4;
  const most = Math.min(4 * mean, 1 - Math.max(1 - mean, 0.001) / 4);
  return Math.min(Math.max(mean * expected, least), most);
}
