import { arrangements } from "./arrangements.ts";
import {
  type AgencyPanel,
  groupTimeEffects,
  type MergerWindow,
  meanAfter,
  ownChanges,
  together,
} from "./group-time.ts";

/** One month of a path, counted from the merger's month, 0. */
export interface PathPoint {
  readonly relativeMonth: number;
  readonly estimate: number;
  /** 95%; null where the arrangements are too few, or nothing can be said. */
  readonly low: number | null;
  readonly high: number | null;
}

/** The effect of being merged on one agency, or on all that were, in the panel's unit. */
export interface MergerEffect {
  /** Mean over the closings after the merger. */
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Share of the arrangements of merger dates with an effect as large. */
  readonly pValue: number;
  /** Share of the arrangements in which the months before stray as far: small means that agencies did not evolve alike before. */
  readonly pValueBefore: number;
  /** Agencies not yet merged that it was compared with. */
  readonly controls: number;
  readonly path: readonly PathPoint[];
}

/** A change that nothing is held against. */
export interface OwnChange {
  readonly estimate: number;
  readonly path: readonly Pick<PathPoint, "relativeMonth" | "estimate">[];
}

/** Arrangements looked at where all of them would be more. */
const MOST_ARRANGEMENTS = 1_000;
const LEVEL = 0.05;
/** Figures nearer than this are the same, whatever the order in which they were summed. */
const EQUAL = 1e-12;
/** Steps in the search of an interval's ends, for shares. */
const SMALLEST_STEP = 1e-5;
const LARGEST_STEP = 10;

/**
 * Effects of mergers by staggered difference-in-differences (`groupTimeEffects`), for all merged agencies together (`null`) and for each,
 * with randomisation inference over agencies: merger dates are handed round among agencies, and an effect is held against what other
 * arrangements of the same dates give (Fisher; MacKinnon and Webb, Randomization inference for difference-in-differences with few treated
 * clusters, Journal of Econometrics 218, 2020). Exact when the arrangements are few. Intervals by inversion: the constant effects that
 * the test does not reject at 5%. Nothing is said of an agency that was never merged, or that no agency can be held against.
 *
 * @param subjects whom to tell of; everybody when not said.
 */
export function mergerEffects(
  panel: AgencyPanel,
  mergedIn: readonly (number | null)[],
  window: MergerWindow,
  subjects: readonly (number | null)[] = [null, ...mergedIn.keys()],
): Map<number | null, MergerEffect> {
  const { before } = window;
  const self = groupTimeEffects(panel, mergedIn, window);
  const merged: AgencyPanel = { weights: panel.weights, values: panel.values.map(afterMerger(mergedIn)) };
  // What an arrangement gives, and what a constant effect of 1 at the true dates would give in it.
  const runs = arrangements(mergedIn, MOST_ARRANGEMENTS).map((dates) => ({
    dates,
    seen: groupTimeEffects(panel, dates, window).byMonth,
    unit: groupTimeEffects(merged, dates, window).byMonth,
  }));
  // In another arrangement, an agency's place is taken by whoever holds its date: agencies merged together have the same draws.
  const drawsAt = (date: number | null) =>
    runs
      .flatMap(({ dates, seen, unit }) =>
        placesOf(dates, date).map((place) => ({
          seen: chosen(seen, panel.weights, place),
          unit: chosen(unit, panel.weights, place),
        })),
      )
      .map(({ seen, unit }) => ({
        mean: meanAfter(seen.rows, seen.weights, before),
        meanOfUnit: meanAfter(unit.rows, unit.weights, before),
        path: together(seen.rows, seen.weights),
        pathOfUnit: together(unit.rows, unit.weights),
      }))
      .filter(({ mean, meanOfUnit }) => !Number.isNaN(mean) && !Number.isNaN(meanOfUnit));
  const drawsOf = new Map<number | null, ReturnType<typeof drawsAt>>();
  const effects = new Map<number | null, MergerEffect>();
  for (const subject of subjects) {
    const own = chosen(self.byMonth, panel.weights, subject === null ? null : [subject]);
    const estimate = meanAfter(own.rows, own.weights, before);
    if (Number.isNaN(estimate)) continue;
    const date = subject === null ? null : (mergedIn[subject] ?? null);
    const draws = drawsOf.get(date) ?? drawsAt(date);
    drawsOf.set(date, draws);
    const pValueAt = (effect: number): number => {
      const size = Math.abs(estimate - effect) - EQUAL;
      let asLarge = 0;
      for (const { mean, meanOfUnit } of draws)
        if (Math.abs(mean - effect * meanOfUnit) >= size) asLarge += 1;
      return asLarge / draws.length;
    };
    const path = together(own.rows, own.weights);
    const noise = draws.map((draw) =>
      draw.path.map((value, place) => value - estimate * (draw.pathOfUnit[place] ?? Number.NaN)),
    );
    const strayed = strayBefore(path, before) - EQUAL;
    const controls = new Set(
      subject === null ? self.controls.flatMap((some) => [...some]) : self.controls[subject],
    );
    effects.set(subject, {
      estimate,
      low: lastAccepted(pValueAt, estimate, -1),
      high: lastAccepted(pValueAt, estimate, 1),
      pValue: pValueAt(0),
      pValueBefore: noise.filter((row) => strayBefore(row, before) >= strayed).length / noise.length,
      controls: controls.size,
      path: pointsOf(path, before).map((point) => {
        const half = halfWidth(known(noise.map((row) => row[point.relativeMonth + before] ?? Number.NaN)));
        return {
          ...point,
          low: half === null ? null : point.estimate - half,
          high: half === null ? null : point.estimate + half,
        };
      }),
    });
  }
  return effects;
}

/** What changed at each merged agency, and at all of them (`null`), with nothing to hold it against. */
export function changesAround(
  panel: AgencyPanel,
  mergedIn: readonly (number | null)[],
  window: MergerWindow,
): Map<number | null, OwnChange> {
  const rows = ownChanges(panel, mergedIn, window);
  const changes = new Map<number | null, OwnChange>();
  for (const subject of [null, ...rows.keys()]) {
    const own = chosen(rows, panel.weights, subject === null ? null : [subject]);
    const estimate = meanAfter(own.rows, own.weights, window.before);
    if (Number.isNaN(estimate)) continue;
    changes.set(subject, { estimate, path: pointsOf(together(own.rows, own.weights), window.before) });
  }
  return changes;
}

/** 1 from the month of an agency's merger on, 0 before; NaN where the panel has no figure. */
function afterMerger(
  mergedIn: readonly (number | null)[],
): (series: Float64Array, agency: number) => Float64Array {
  return (series, agency) => {
    const date = mergedIn[agency] ?? Number.POSITIVE_INFINITY;
    return series.map((value, month) => (Number.isNaN(value) ? Number.NaN : Number(month >= date)));
  };
}

/** The agencies that stand for a subject: all for none, else each that holds its date. */
function placesOf(dates: readonly (number | null)[], date: number | null): (readonly number[] | null)[] {
  if (date === null) return [null];
  return dates.flatMap((other, agency) => (other === date ? [[agency]] : []));
}

function chosen(
  rows: readonly Float64Array[],
  weights: readonly number[],
  places: readonly number[] | null,
): { readonly rows: readonly Float64Array[]; readonly weights: readonly number[] } {
  if (places === null) return { rows, weights };
  return { rows: places.flatMap((place) => rows[place] ?? []), weights: places.map(() => 1) };
}

function pointsOf(path: Float64Array, before: number): { relativeMonth: number; estimate: number }[] {
  return [...path].flatMap((estimate, place) =>
    Number.isNaN(estimate) ? [] : [{ relativeMonth: place - before, estimate }],
  );
}

function strayBefore(path: Float64Array, before: number): number {
  let most = 0;
  for (let place = 0; place < before; place++) {
    const value = Math.abs(path[place] ?? Number.NaN);
    if (value > most) most = value;
  }
  return most;
}

/** Half of the band that 95% of the draws lie in; null where too few draws could lie outside. */
function halfWidth(draws: readonly number[]): number | null {
  if (draws.length * LEVEL < 1) return null;
  const sizes = Float64Array.from(draws, Math.abs).sort();
  return sizes[Math.ceil(sizes.length * (1 - LEVEL)) - 1] ?? null;
}

/**
 * The effect furthest from the estimate, on one side, that the test does not reject, to a thousandth of the way there; null where it
 * rejects nothing on that side.
 */
function lastAccepted(pValueAt: (effect: number) => number, estimate: number, side: 1 | -1): number | null {
  let inside = 0;
  let outside = SMALLEST_STEP;
  while (pValueAt(estimate + side * outside) >= LEVEL) {
    inside = outside;
    outside *= 2;
    if (outside > LARGEST_STEP) return null;
  }
  while (outside - inside > outside / 1_000) {
    const middle = (inside + outside) / 2;
    if (pValueAt(estimate + side * middle) >= LEVEL) inside = middle;
    else outside = middle;
  }
  return estimate + side * inside;
}

function known(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value));
}
