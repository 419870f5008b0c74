/** How the values of one column were spread when a model learnt: bounds of the bins, and the share of each. */
export interface Spread {
  /** Ascending, without the two ends; null for a category, whose bins are its codes. */
  readonly bounds: readonly number[] | null;
  /** One share a bin, then that of missing values; they add up to 1. */
  readonly shares: readonly number[];
  /** Rows that it was learnt from. */
  readonly rows: number;
}

/** How far a column has drifted. */
export interface Drift {
  readonly psi: number;
  /** What drawing so few rows alone would give in one case out of twenty. */
  readonly byChance: number;
  readonly level: "green" | "amber" | "red";
}

const BINS = 10;
/** Rows that an empty bin is taken to hold, so that its share has a logarithm. */
const LEAST_IN_BIN = 0.5;

/**
 * How a column is spread: of numbers, bins at its weighted deciles, equal ones merged; of a category, one bin a code below
 * `codes`. Missing, infinite and unknown values have a bin of their own.
 */
export function spread(
  column: ArrayLike<number>,
  options: { readonly weight?: ArrayLike<number> | undefined; readonly codes?: number | undefined } = {},
): Spread {
  const { weight, codes } = options;
  const bounds = codes === undefined ? deciles(column, weight) : null;
  return { bounds, shares: sharesOf(column, bounds, codes ?? 0, weight), rows: column.length };
}

/**
 * Population stability index of a column against its spread when the model learnt: Σ (now − then) · ln(now / then) over the
 * bins. It is about (1/n + 1/m) times a chi-squared variable when nothing has changed (Yurdakul and Naranjo 2020, Statistical
 * properties of the population stability index, Journal of Risk Model Validation 14), so that a level is given only
 * beyond its 95% point: few households drift by chance.
 */
export function drift(
  then: Spread,
  column: ArrayLike<number>,
  thresholds: { readonly amber: number; readonly red: number },
): Drift {
  const rows = column.length;
  const now = sharesOf(column, then.bounds, then.shares.length - 1);
  if (rows === 0 || then.rows === 0) return { psi: 0, byChance: 0, level: "green" };
  let psi = 0;
  for (const [bin, share] of then.shares.entries()) {
    const before = Math.max(share, LEAST_IN_BIN / then.rows);
    const after = Math.max(now[bin] ?? 0, LEAST_IN_BIN / rows);
    if (share === 0 && (now[bin] ?? 0) === 0) continue;
    psi += (after - before) * Math.log(after / before);
  }
  const filled = then.shares.filter((share, bin) => share > 0 || (now[bin] ?? 0) > 0).length;
  const byChance = (1 / rows + 1 / then.rows) * chiSquared95(Math.max(filled - 1, 1));
  const beyond = psi > byChance;
  const level = beyond && psi > thresholds.red ? "red" : beyond && psi > thresholds.amber ? "amber" : "green";
  return { psi, byChance, level };
}

function deciles(column: ArrayLike<number>, weight: ArrayLike<number> | undefined): number[] {
  const places: number[] = [];
  for (let row = 0; row < column.length; row++) if (Number.isFinite(column[row])) places.push(row);
  places.sort((one, other) => (column[one] ?? 0) - (column[other] ?? 0));
  const whole = places.reduce((total, row) => total + (weight?.[row] ?? 1), 0);
  const bounds: number[] = [];
  let before = 0;
  let next = 1;
  for (const row of places) {
    before += weight?.[row] ?? 1;
    while (next < BINS && before >= (whole * next) / BINS) {
      const bound = column[row] ?? 0;
      if (bound !== bounds.at(-1)) bounds.push(bound);
      next += 1;
    }
  }
  return bounds;
}

/** A value is of the first bin whose upper bound is not below it. */
function sharesOf(
  column: ArrayLike<number>,
  bounds: readonly number[] | null,
  codes: number,
  weight?: ArrayLike<number>,
): number[] {
  const bins = bounds === null ? codes : bounds.length + 1;
  const counts = new Float64Array(bins + 1);
  let whole = 0;
  for (let row = 0; row < column.length; row++) {
    const value = column[row] ?? Number.NaN;
    const counted = weight?.[row] ?? 1;
    let bin = bins;
    if (Number.isFinite(value)) {
      if (bounds !== null) bin = binOf(value, bounds);
      else if (value >= 0 && value < codes) bin = value;
    }
    counts[bin] = (counts[bin] ?? 0) + counted;
    whole += counted;
  }
  return Array.from(counts, (count) => (whole === 0 ? 0 : count / whole));
}

function binOf(value: number, bounds: readonly number[]): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Wilson and Hilferty (1931), The distribution of chi-square, PNAS 17: within 1% of the 95% point. */
function chiSquared95(freedom: number): number {
  const spreadOf = 2 / (9 * freedom);
  return freedom * (1 - spreadOf + 1.644854 * Math.sqrt(spreadOf)) ** 3;
}
