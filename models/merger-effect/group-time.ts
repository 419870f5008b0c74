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
  { values, weights }: AgencyPanel,
  mergedIn: readonly (number | null)[],
  window: MergerWindow,
): AgencyEffects {
  const length = window.before + window.after;
  const byMonth = values.map(() => new Float64Array(length).fill(Number.NaN));
  const controls = values.map(() => new Set<number>());
  for (const date of new Set(mergedIn)) {
    if (date === null) continue;
    const base = values.map((series) => meanBetween(series, date - window.before, date));
    const group = mergedIn.flatMap((other, agency) => (other === date ? [agency] : []));
    for (let place = 0; place < length; place++) {
      const month = date - window.before + place;
      let change = 0;
      let weight = 0;
      const against: number[] = [];
      for (const [agency, series] of values.entries()) {
        const other = mergedIn[agency] ?? Number.POSITIVE_INFINITY;
        const value = (series[month] ?? Number.NaN) - (base[agency] ?? Number.NaN);
        if (other <= Math.max(month, date) || Number.isNaN(value)) continue;
        const counts = weights[agency] ?? 0;
        change += counts * value;
        weight += counts;
        against.push(agency);
      }
      if (weight === 0) continue;
      for (const agency of group) {
        const effect =
          (values[agency]?.[month] ?? Number.NaN) - (base[agency] ?? Number.NaN) - change / weight;
        const row = byMonth[agency];
        if (row === undefined || Number.isNaN(effect)) continue;
        row[place] = effect;
        for (const control of against) controls[agency]?.add(control);
      }
    }
  }
  return { byMonth, controls };
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
  return Float64Array.from({ length: rows[0]?.length ?? 0 }, (_, place) => {
    let sum = 0;
    let weight = 0;
    for (const [agency, row] of rows.entries()) {
      const value = row[place] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const counts = weights[agency] ?? 0;
      sum += counts * value;
      weight += counts;
    }
    return weight === 0 ? Number.NaN : sum / weight;
  });
}

/** Mean over the months after the merger, weighted by the homes of whoever has a figure; NaN where nobody has one. */
export function meanAfter(rows: readonly Float64Array[], weights: readonly number[], before: number): number {
  let sum = 0;
  let weight = 0;
  for (const [agency, row] of rows.entries()) {
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
