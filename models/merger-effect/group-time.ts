/** One figure a month for each agency; NaN where there is none. Arrays of one length. */
export interface AgencyPanel {
  /** Months, agency by agency. */
  readonly values: readonly Float64Array[];
  /** How much each agency counts: its homes. */
  readonly weights: readonly number[];
}

/** The stretch of time that a merger is looked at over, in closings. */
export interface MergerWindow {
  /** Closings before the merger: their mean is what the closings after are held against. */
  readonly before: number;
  /** Closings after, that of the merger's month included. */
  readonly after: number;
}

/** Effects of being merged, in the panel's unit: one row an agency, one column a month from `before` before to `after` after. */
export interface AgencyEffects {
  /** NaN where there is nothing to compare with. */
  readonly byMonth: readonly Float64Array[];
  /** Agencies that each was compared with at least once. */
  readonly controls: readonly ReadonlySet<number>[];
}

/** An agency needs so many closings before its merger. */
const LEAST_BEFORE = 3;

/** By date of a merger: what each month of its window is less the mean before it, month after month, agency by agency. */
export type ChangesSince = ReadonlyMap<number, Float64Array>;

/**
 * Effect of a merger on each agency, month by month before and after it, held against the agencies not yet merged.
 *
 * Group-time effects in the manner of Callaway and Sant'Anna, Difference-in-differences with multiple time periods, Journal of
 * Econometrics 225 (2021): agencies merged earlier are never controls for later ones, as they silently are with two-way
 * fixed effects. For an agency merged in month g, seen in month t: its change since before g, less the mean change, weighted
 * by homes, of the agencies merged after both g and t. "Before" is the mean of the `before` closings until g − 1, not g − 1
 * alone: monthly shares are noisy, and parallel trends are assumed for the whole stretch.
 *
 * @param mergedIn place of the month of each agency's merger; null for one not merged.
 */
export function groupTimeEffects(
  panel: AgencyPanel,
  mergedIn: readonly (number | null)[],
  window: MergerWindow,
): AgencyEffects {
  const changes = changesSince(panel, mergedIn, window);
  const byMonth = effectsByMonth(changes, panel.weights, mergedIn, window);
  const controls = byMonth.map((effects, agency) => {
    const date = mergedIn[agency] ?? Number.POSITIVE_INFINITY;
    const told = [...effects.keys()].filter((place) => !Number.isNaN(effects[place]));
    return new Set(
      [...mergedIn.keys()].filter((other) =>
        told.some((place) =>
          isControl(
            mergedIn[other],
            Math.max(date - window.before + place, date),
            changes.get(date)?.[place * mergedIn.length + other] ?? Number.NaN,
          ),
        ),
      ),
    );
  });
  return { byMonth, controls };
}

/** The changes that effects are made of, whoever holds these dates. */
export function changesSince(
  { values }: AgencyPanel,
  dates: Iterable<number | null>,
  { before, after }: MergerWindow,
): ChangesSince {
  const changes = new Map<number, Float64Array>();
  for (const date of new Set(dates)) {
    if (date === null) continue;
    const since = new Float64Array((before + after) * values.length);
    for (const [agency, series] of values.entries()) {
      const base = meanBetween(series, date - before, date);
      for (let place = 0; place < before + after; place++)
        since[place * values.length + agency] = (series[date - before + place] ?? Number.NaN) - base;
    }
    changes.set(date, since);
  }
  return changes;
}

/**
 * The effects of `groupTimeEffects`, one row an agency, where the agencies hold these of the dates that the changes are known for.
 */
export function effectsByMonth(
  changes: ChangesSince,
  weights: readonly number[],
  mergedIn: readonly (number | null)[],
  { before, after }: MergerWindow,
): Float64Array[] {
  const length = before + after;
  const agencies = weights.length;
  const byMonth = weights.map(() => new Float64Array(length).fill(Number.NaN));
  for (const [date, since] of changes) {
    for (let place = 0; place < length; place++) {
      const latest = Math.max(date - before + place, date);
      const row = place * agencies;
      let change = 0;
      let weight = 0;
      for (let agency = 0; agency < agencies; agency++) {
        const value = since[row + agency] ?? Number.NaN;
        if (!isControl(mergedIn[agency], latest, value)) continue;
        const counts = weights[agency] ?? 0;
        change += counts * value;
        weight += counts;
      }
      if (weight === 0) continue;
      for (let agency = 0; agency < agencies; agency++) {
        if (mergedIn[agency] !== date) continue;
        const effect = (since[row + agency] ?? Number.NaN) - change / weight;
        const effects = byMonth[agency];
        if (effects !== undefined) effects[place] = effect;
      }
    }
  }
  return byMonth;
}

/** Whether an agency is merged after both months that it is to be held against, and has a figure. */
function isControl(mergedIn: number | null | undefined, latest: number, change: number): boolean {
  return (mergedIn ?? Number.POSITIVE_INFINITY) > latest && !Number.isNaN(change);
}

/** Each agency's own change since the closings before its merger, held against nothing: same shape as `groupTimeEffects`. */
export function ownChanges(
  { values }: AgencyPanel,
  mergedIn: readonly (number | null)[],
  { before, after }: MergerWindow,
): Float64Array[] {
  return values.map((series, agency) => {
    const date = mergedIn[agency] ?? null;
    if (date === null) return new Float64Array(before + after).fill(Number.NaN);
    const base = meanBetween(series, date - before, date);
    return Float64Array.from(
      { length: before + after },
      (_, place) => (series[date - before + place] ?? Number.NaN) - base,
    );
  });
}

/** Mean of the figures of the months from `from` to before `to`; NaN where fewer than three are known. */
function meanBetween(series: Float64Array, from: number, to: number): number {
  let sum = 0;
  let known = 0;
  for (let month = Math.max(0, from); month < to; month++) {
    const value = series[month] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known < LEAST_BEFORE ? Number.NaN : sum / known;
}

/** Agencies' rows together, weighted by their homes, month by month; NaN where no agency has a figure. */
export function together(rows: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const path = new Float64Array(rows[0]?.length ?? 0);
  for (let place = 0; place < path.length; place++) {
    let sum = 0;
    let weight = 0;
    for (let agency = 0; agency < rows.length; agency++) {
      const value = rows[agency]?.[place] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const counts = weights[agency] ?? 0;
      sum += counts * value;
      weight += counts;
    }
    path[place] = weight === 0 ? Number.NaN : sum / weight;
  }
  return path;
}

/** Mean over the months after the merger, weighted by the homes of whoever has a figure; NaN where nobody has one. */
export function meanAfter(rows: readonly Float64Array[], weights: readonly number[], before: number): number {
  let sum = 0;
  let weight = 0;
  for (let agency = 0; agency < rows.length; agency++) {
    const row = rows[agency] ?? new Float64Array(0);
    const counts = weights[agency] ?? 0;
    for (let place = before; place < row.length; place++) {
      const value = row[place] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += counts * value;
      weight += counts;
    }
  }
  return weight === 0 ? Number.NaN : sum / weight;
}
