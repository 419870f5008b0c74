import {
  add,
  clipByValue,
  matMul,
  mul,
  ones,
  sub,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { type FeatureMatrix, levelOf } from "./features.ts";
import type { FeatureTerm, HouseholdRiskModel, PairTerm } from "./model.ts";

/** Rows whose tensors are held at once. */
const BATCH = 16_384;

/** One feature of one batch: present values, and where there is none. */
interface BatchColumn {
  /** Shape [rows, 1]; 0 where missing. */
  readonly values: Tensor2D;
  /** Shape [rows, 1]: 1 where missing; null where nothing is. */
  readonly missing: Tensor2D | null;
}

/**
 * Probability of the outcome for every row: 1 / (1 + e^−(base + contributions)), the very sum that `explain` takes apart.
 * `openBackend` must have been awaited.
 */
export function score(model: HouseholdRiskModel, matrix: FeatureMatrix): Float64Array {
  const probabilities = new Float64Array(matrix.rows);
  const terms = model.terms.length;
  eachBatch(model, matrix, null, (from, rows, contributions) => {
    for (let row = 0; row < rows; row++) {
      let logit = model.base;
      for (let term = 0; term < terms; term++) logit += contributions[row * terms + term] ?? Number.NaN;
      probabilities[from + row] = 1 / (1 + Math.exp(-logit));
    }
  });
  return probabilities;
}

/**
 * Hands over what each term adds to the log-odds of these rows (all when null), some thousands of rows at a time: row
 * after row, a number a term; the array is used again for the next rows.
 */
export function eachBatch(
  model: HouseholdRiskModel,
  matrix: FeatureMatrix,
  rows: ArrayLike<number> | null,
  take: (from: number, rows: number, contributions: Float64Array) => void,
): void {
  const count = rows?.length ?? matrix.rows;
  const terms = model.terms.length;
  const contributions = new Float64Array(Math.min(BATCH, count) * terms);
  const used = new Set(model.terms.flatMap((term) => (term.kind === "pair" ? term.pair : term.feature)));
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    tidy(() => {
      const columns = new Map<number, BatchColumn>();
      for (const feature of used) columns.set(feature, batchColumn(model, matrix, feature, rows, from, size));
      for (const [place, term] of model.terms.entries()) {
        const told = tidy(() =>
          term.kind === "feature"
            ? ofFeature(term, columnOf(columns, term.feature))
            : ofPair(term, columnOf(columns, term.pair[0]), columnOf(columns, term.pair[1])),
        );
        const numbers = told.dataSync();
        for (let row = 0; row < size; row++) contributions[row * terms + place] = numbers[row] ?? Number.NaN;
      }
    });
    take(from, size, contributions);
  }
}

function columnOf(columns: ReadonlyMap<number, BatchColumn>, feature: number): BatchColumn {
  const column = columns.get(feature);
  if (column === undefined) throw new Error(`no column for feature ${feature}`);
  return column;
}

function batchColumn(
  model: HouseholdRiskModel,
  matrix: FeatureMatrix,
  feature: number,
  rows: ArrayLike<number> | null,
  from: number,
  size: number,
): BatchColumn {
  const spec = model.features[feature];
  const column = matrix.columns[feature];
  if (spec === undefined || column === undefined) throw new Error(`the matrix has no column ${feature}`);
  const values = new Float32Array(size);
  const missing = new Float32Array(size);
  let anyMissing = false;
  for (let row = 0; row < size; row++) {
    const value = column[rows === null ? from + row : (rows[from + row] ?? -1)] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      missing[row] = 1;
      anyMissing = true;
    } else values[row] = spec.kind === "category" ? levelOf(spec, value) : value;
  }
  return {
    values: tensor2d(values, [size, 1]),
    missing: anyMissing ? tensor2d(missing, [size, 1]) : null,
  };
}

/** Piecewise-linear encoding (Gorishniy et al. 2022): how far between each knot and the next, 0 before and 1 beyond. */
function encoded(values: Tensor2D, knots: readonly number[]): Tensor2D {
  const gaps = knots.slice(1).map((knot, place) => 1 / (knot - (knots[place] ?? knot)));
  const starts = tensor2d(knots.slice(0, -1), [1, gaps.length]);
  return clipByValue(mul(sub(values, starts), tensor2d(gaps, [1, gaps.length])), 0, 1) as Tensor2D;
}

/** Each row's share in each knot, and in the missing level, the last: these add up to 1. */
function shares(column: BatchColumn, knots: readonly number[]): Tensor2D {
  const identity = Array.from({ length: knots.length + 1 }, (_, slot) =>
    Array.from({ length: knots.length + 1 }, (_, other) => Number(slot === other)),
  );
  return between(column, knots, identity);
}

/** A vector for each row, in a straight line between those of the knots on either side of it; the last where missing. */
function between(
  { values, missing }: BatchColumn,
  knots: readonly number[],
  vectors: readonly (readonly number[])[],
): Tensor2D {
  const width = vectors[0]?.length ?? 0;
  const first = tensor2d([...(vectors[0] ?? [])], [1, width]);
  const steps = knots
    .slice(1)
    .map((_, step) => (vectors[step + 1] ?? []).map((value, at) => value - (vectors[step]?.[at] ?? 0)));
  const present =
    steps.length === 0
      ? first
      : add(matMul(encoded(values, knots), tensor2d(steps, [steps.length, width])), first);
  if (missing === null) {
    return (steps.length === 0 ? mul(ones([values.shape[0], 1]), present) : present) as Tensor2D;
  }
  const last = tensor2d([...(vectors.at(-1) ?? [])], [1, width]);
  return add(mul(present, sub(1, missing)), mul(last, missing)) as Tensor2D;
}

function ofFeature({ knots, values, missing }: FeatureTerm, column: BatchColumn): Tensor2D {
  return between(
    column,
    knots,
    [...values, missing].map((value) => [value]),
  );
}

function ofPair({ knots, values }: PairTerm, one: BatchColumn, other: BatchColumn): Tensor2D {
  return sum(mul(between(one, knots[0], values), shares(other, knots[1])), 1) as unknown as Tensor2D;
}
