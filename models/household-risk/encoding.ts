import { type FeatureSpec, levelOf } from "./features.ts";

/** A column as the trainer reads it: each row lies between two slots, and belongs to the second by its share. */
export interface EncodedColumn {
  /** Knots in rising order; a category's are the places of its levels and one for levels never seen. */
  readonly knots: readonly number[];
  /** Slots: one a knot, and the last for missing. */
  readonly slots: number;
  readonly slot: Uint16Array;
  readonly share: Float32Array;
  /** Whether any share may be other than 0. */
  readonly between: boolean;
}

/**
 * Knots for a column of numbers, at most `most`: quantiles of its distinct values, in which rows and onsets weigh alike,
 * and no value weighs more than one knot, so that a spike at 0 leaves knots for the tail. The least and the greatest
 * value are knots. Empty when every value is missing.
 */
export function knotsOf(column: Float32Array, outcome: Uint8Array, most: number): number[] {
  const present = column.filter(Number.isFinite).sort();
  const cases = column.filter((value, row) => outcome[row] === 1 && Number.isFinite(value)).sort();
  const values: number[] = [];
  const masses: number[] = [];
  for (let from = 0, to = 0, atCase = 0; from < present.length; from = to) {
    const value = present[from] ?? 0;
    while (to < present.length && present[to] === value) to++;
    const fromCase = atCase;
    while (atCase < cases.length && cases[atCase] === value) atCase++;
    values.push(value);
    masses.push((to - from) / present.length + (atCase - fromCase) / Math.max(1, cases.length));
  }
  if (values.length <= most) return values;
  let cap = 2 / most;
  for (let round = 0; round < 8; round++) {
    const capped = masses.reduce((sum, mass) => sum + Math.min(mass, cap), 0);
    cap = capped / (most - 1);
  }
  const total = masses.reduce((sum, mass) => sum + Math.min(mass, cap), 0);
  const knots = new Set([0]);
  let passed = 0;
  for (const [place, mass] of masses.entries()) {
    const before = Math.floor((passed / total) * (most - 1));
    passed += Math.min(mass, cap);
    if (Math.floor((passed / total) * (most - 1) + 1e-9) > before) knots.add(place);
  }
  knots.add(values.length - 1);
  return [...knots].map((place) => values[place] ?? 0);
}

/** Fewer knots, the first and the last among them, as evenly spread over the given ones as can be. */
export function thinned(knots: readonly number[], most: number): number[] {
  if (knots.length <= most) return [...knots];
  return Array.from(
    { length: most },
    (_, i) => knots[Math.round((i * (knots.length - 1)) / (most - 1))] ?? 0,
  );
}

/** The knots of a category: the place of each level, then of levels never seen. */
export function levelKnots(feature: FeatureSpec): number[] {
  return Array.from({ length: (feature.levels?.length ?? 0) + 1 }, (_, level) => level);
}

/** Where each row of a column lies among these knots. */
export function encode(feature: FeatureSpec, column: Float32Array, knots: readonly number[]): EncodedColumn {
  const rows = column.length;
  const slot = new Uint16Array(rows);
  const share = new Float32Array(rows);
  const last = knots.length - 1;
  let between = false;
  for (let row = 0; row < rows; row++) {
    const value = column[row] ?? Number.NaN;
    if (last < 0 || !Number.isFinite(value)) {
      slot[row] = knots.length;
      continue;
    }
    if (feature.kind === "category") {
      slot[row] = levelOf(feature, value);
      continue;
    }
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((knots[middle] ?? 0) <= value) low = middle;
      else high = middle - 1;
    }
    slot[row] = low;
    const from = knots[low] ?? 0;
    if (low === last || value <= from) continue;
    share[row] = (value - from) / ((knots[low + 1] ?? from) - from);
    between = true;
  }
  return { knots, slots: knots.length + 1, slot, share, between };
}

/** The same column with only these rows, in this order. */
export function encodedRows(column: EncodedColumn, rows: Int32Array): EncodedColumn {
  const slot = new Uint16Array(rows.length);
  const share = new Float32Array(rows.length);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] ?? 0;
    slot[place] = column.slot[row] ?? 0;
    share[place] = column.share[row] ?? 0;
  }
  return { ...column, slot, share };
}

/** The least and the greatest value. */
export function endsOf(column: Float32Array): number[] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) return [];
  return least === greatest ? [least] : [least, greatest];
}
