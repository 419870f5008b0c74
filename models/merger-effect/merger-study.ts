import { arrangements } from "./arrangements.ts";
import {
  type AgencyPanel,
  changesSince,
  effectsByMonth,
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
  const changes = changesSince(panel, mergedIn, window);
  const changesOfUnit = changesSince(merged, mergedIn, window);
  // What an arrangement gives, and what a constant effect of 1 at the true dates would give in it.
  const runs = arrangements(mergedIn, MOST_ARRANGEMENTS).map((dates) => ({
    dates,
    seen: effectsByMonth(changes, panel.weights, dates, window),
    unit: effectsByMonth(changesOfUnit, panel.weights, dates, window),
  }));
  const length = window.before + window.after;
  // In another arrangement, an agency's place is taken by whoever holds its date: agencies merged together have the same draws.
  const drawsAt = (date: number | null): Draws => {
    const most = runs.length * placesOf(mergedIn, date).length;
    const [means, meansOfUnit] = [new Float64Array(most), new Float64Array(most)];
    const [paths, pathsOfUnit] = [new Float64Array(most * length), new Float64Array(most * length)];
    let count = 0;
    for (const { dates, seen, unit } of runs) {
      for (const place of placesOf(dates, date)) {
        const drawn = chosen(seen, panel.weights, place);
        const drawnOfUnit = chosen(unit, panel.weights, place);
        const mean = meanAfter(drawn.rows, drawn.weights, before);
        const meanOfUnit = meanAfter(drawnOfUnit.rows, drawnOfUnit.weights, before);
        if (Number.isNaN(mean) || Number.isNaN(meanOfUnit)) continue;
        means[count] = mean;
        meansOfUnit[count] = meanOfUnit;
        paths.set(together(drawn.rows, drawn.weights), count * length);
        pathsOfUnit.set(together(drawnOfUnit.rows, drawnOfUnit.weights), count * length);
        count += 1;
      }
    }
    return { count, length, means, meansOfUnit, paths, pathsOfUnit };
  };
  const drawsOf = new Map<number | null, Draws>();
  const effects = new Map<number | null, MergerEffect>();
  for (const subject of subjects) {
    const own = chosen(self.byMonth, panel.weights, subject === null ? null : [subject]);
    const estimate = meanAfter(own.rows, own.weights, before);
    if (Number.isNaN(estimate)) continue;
    const date = subject === null ? null : (mergedIn[subject] ?? null);
    const draws = drawsOf.get(date) ?? drawsAt(date);
    drawsOf.set(date, draws);
    const pValueAt = (effect: number): number => shareAsLarge(draws, estimate, effect);
    const path = together(own.rows, own.weights);
    const strayed = strayBefore(path, before) - EQUAL;
    const controls = new Set(
      subject === null ? self.controls.flatMap((some) => [...some]) : self.controls[subject],
    );
    effects.set(subject, {
      estimate,
      low: lastAccepted(pValueAt, estimate, -1),
      high: lastAccepted(pValueAt, estimate, 1),
      pValue: pValueAt(0),
      pValueBefore: shareStraying(draws, estimate, before, strayed),
      controls: controls.size,
      path: pointsOf(path, before).map((point) => {
        const half = halfWidth(draws, estimate, point.relativeMonth + before);
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

/** What other arrangements give, one draw each, and what they would give of a constant effect of 1 at the true dates. */
interface Draws {
  readonly count: number;
  /** Months of a path. */
  readonly length: number;
  readonly means: Float64Array;
  readonly meansOfUnit: Float64Array;
  /** One path after the other. */
  readonly paths: Float64Array;
  readonly pathsOfUnit: Float64Array;
}

/** Share of the draws that lie as far from a constant effect as the estimate does. */
function shareAsLarge({ count, means, meansOfUnit }: Draws, estimate: number, effect: number): number {
  const size = Math.abs(estimate - effect) - EQUAL;
  let asLarge = 0;
  for (let draw = 0; draw < count; draw++)
    if (Math.abs((means[draw] ?? 0) - effect * (meansOfUnit[draw] ?? 0)) >= size) asLarge += 1;
  return asLarge / count;
}

/** What a draw shows at a place of its path that a constant effect does not explain. */
function noiseAt({ length, paths, pathsOfUnit }: Draws, effect: number, draw: number, place: number): number {
  const at = draw * length + place;
  return (paths[at] ?? Number.NaN) - effect * (pathsOfUnit[at] ?? Number.NaN);
}

/** Share of the draws whose months before the merger stray at least so far. */
function shareStraying(draws: Draws, effect: number, before: number, far: number): number {
  let straying = 0;
  for (let draw = 0; draw < draws.count; draw++) {
    let most = 0;
    for (let place = 0; place < before; place++) {
      const size = Math.abs(noiseAt(draws, effect, draw, place));
      if (size > most) most = size;
    }
    if (most >= far) straying += 1;
  }
  return straying / draws.count;
}

/** Half of the band that 95% of the draws with a figure at this place lie in; null where too few draws could lie outside. */
function halfWidth(draws: Draws, effect: number, place: number): number | null {
  const sizes = new Float64Array(draws.count);
  let known = 0;
  for (let draw = 0; draw < draws.count; draw++) {
    const size = Math.abs(noiseAt(draws, effect, draw, place));
    if (!Number.isNaN(size)) sizes[known++] = size;
  }
  if (known * LEVEL < 1) return null;
  return nthSmallest(sizes.subarray(0, known), Math.ceil(known * (1 - LEVEL)) - 1);
}

/** The value that would stand at a place if the values were sorted; moves them about (Hoare, Algorithm 65: Find, CACM 4, 1961). */
export function nthSmallest(values: Float64Array, place: number): number {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const pivot = values[(from + to) >> 1] ?? Number.NaN;
    let [left, right] = [from, to];
    while (left <= right) {
      while ((values[left] ?? Number.NaN) < pivot) left += 1;
      while ((values[right] ?? Number.NaN) > pivot) right -= 1;
      if (left > right) break;
      const moved = values[left] ?? Number.NaN;
      values[left] = values[right] ?? Number.NaN;
      values[right] = moved;
      left += 1;
      right -= 1;
    }
    if (place <= right) to = right;
    else if (place >= left) from = left;
    else break;
  }
  return values[place] ?? Number.NaN;
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
