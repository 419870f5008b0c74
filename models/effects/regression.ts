import { factorRows } from "../linear-algebra/factor-rows.ts";
import { type DesignMatrix, rowTimes } from "./design-matrix.ts";

/** The pull of coefficients to 0, but the intercept's: mild with many cases, firmer the fewer there are per column. */
const RIDGE = { least: 1, perColumnAndCase: 10 } as const;
const MOST_STEPS = 25;
const TOLERANCE = 1e-5;

/**
 * Logistic regression with a ridge penalty, by Newton's method: the log-odds that `response` is 1.
 *
 * @returns the coefficients.
 */
export function logisticRegression(
  matrix: DesignMatrix,
  rows: ArrayLike<number>,
  response: ArrayLike<number>,
): Float64Array {
  const { columns } = matrix;
  let ones = 0;
  for (let i = 0; i < rows.length; i++) ones += response[rows[i] ?? 0] ?? 0;
  const fewer = Math.max(1, Math.min(ones, rows.length - ones));
  const ridge = RIDGE.least + (RIDGE.perColumnAndCase * columns) / fewer;
  let coefficients: Float64Array = new Float64Array(columns);
  coefficients[0] = Math.log((ones + 0.5) / (rows.length - ones + 0.5));
  const learnt = chosenRows(matrix, rows);
  const { starts, column, value } = learnt;
  const came = Float64Array.from(rows, (row) => response[row] ?? 0);
  /** The log-odds of each row by the coefficients whose loss was asked for last: those that the next step begins at. */
  const odds = new Float64Array(rows.length);
  let loss = lossOf(coefficients);
  const all = Array.from({ length: columns }, (_, at) => at);
  const factor = new Float64Array(columns * columns);
  for (let step = 0; step < MOST_STEPS; step++) {
    const hessian = new Float64Array(columns * columns);
    const gradient = new Float64Array(columns);
    for (let row = 0; row < came.length; row++) {
      const probability = 1 / (1 + Math.exp(-(odds[row] ?? 0)));
      const left = (came[row] ?? 0) - probability;
      addOuter(hessian, learnt, row, Math.max(probability * (1 - probability), 1e-10));
      for (let place = starts[row] ?? 0, end = starts[row + 1] ?? 0; place < end; place++) {
        const at = column[place] ?? 0;
        gradient[at] = (gradient[at] ?? 0) + (value[place] ?? 0) * left;
      }
    }
    for (let at = 1; at < columns; at++) {
      gradient[at] = (gradient[at] ?? 0) - ridge * (coefficients[at] ?? 0);
    }
    penalise(hessian, columns, ridge);
    factorRows({ matrix: hessian, size: columns, places: all }, factor, columns, 0);
    const change = solve(factor, columns, gradient);
    let size = 1;
    let next = moved(coefficients, change, size);
    let nextLoss = lossOf(next);
    while (nextLoss > loss && size > 1e-4) {
      size /= 2;
      next = moved(coefficients, change, size);
      nextLoss = lossOf(next);
    }
    const gained = loss - nextLoss;
    coefficients = next;
    loss = nextLoss;
    if (gained < TOLERANCE * (1 + Math.abs(loss))) break;
  }
  return coefficients;

  function lossOf(candidate: Float64Array): number {
    let sum = 0;
    for (let row = 0; row < came.length; row++) {
      const told = rowTimes(learnt, row, candidate);
      odds[row] = told;
      sum += Math.max(told, 0) + Math.log1p(Math.exp(-Math.abs(told))) - (came[row] ?? 0) * told;
    }
    for (let at = 1; at < columns; at++) sum += (ridge / 2) * (candidate[at] ?? 0) ** 2;
    return sum;
  }
}

/** Rows of a matrix, one after the other in memory: they are gone through some twenty times. */
function chosenRows({ columns, starts, column, value }: DesignMatrix, rows: ArrayLike<number>): DesignMatrix {
  const from = new Int32Array(rows.length + 1);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] ?? 0;
    from[place + 1] = (from[place] ?? 0) + (starts[row + 1] ?? 0) - (starts[row] ?? 0);
  }
  const held = from[rows.length] ?? 0;
  const chosen = {
    rows: rows.length,
    columns,
    starts: from,
    column: new Int32Array(held),
    value: new Float64Array(held),
  };
  for (let place = 0; place < rows.length; place++) {
    const [begin, end] = [starts[rows[place] ?? 0], starts[(rows[place] ?? 0) + 1]];
    chosen.column.set(column.subarray(begin, end), from[place]);
    chosen.value.set(value.subarray(begin, end), from[place]);
  }
  return chosen;
}

function moved(from: Float64Array, by: Float64Array, size: number): Float64Array {
  return from.map((value, at) => value + size * (by[at] ?? 0));
}

/**
 * Adds weight × (row ⊗ row) to the lower half of a square matrix. Columns rise within a row. Two lines of the square at a time:
 * what the row holds is read once for both, in half the time.
 */
function addOuter(square: Float64Array, matrix: DesignMatrix, row: number, weight: number): void {
  const { columns, starts, column, value } = matrix;
  const from = starts[row] ?? 0;
  const end = starts[row + 1] ?? 0;
  for (let one = from; one < end; one += 2) {
    const base = (column[one] ?? 0) * columns;
    const weighted = weight * (value[one] ?? 0);
    const isLast = one + 1 === end;
    const nextBase = isLast ? base : (column[one + 1] ?? 0) * columns;
    const nextWeighted = isLast ? 0 : weight * (value[one + 1] ?? 0);
    for (let other = from; other <= one; other++) {
      const at = column[other] ?? 0;
      const held = value[other] ?? 0;
      square[base + at] = (square[base + at] ?? 0) + weighted * held;
      square[nextBase + at] = (square[nextBase + at] ?? 0) + nextWeighted * held;
    }
    if (isLast) break;
    const corner = nextBase + (column[one + 1] ?? 0);
    square[corner] = (square[corner] ?? 0) + nextWeighted * (value[one + 1] ?? 0);
  }
}

function penalise(square: Float64Array, columns: number, ridge: number): void {
  for (let at = 1; at < columns; at++) {
    const place = at * columns + at;
    square[place] = (square[place] ?? 0) + ridge;
  }
}

function solve(lower: Float64Array, columns: number, right: Float64Array): Float64Array {
  const solution = new Float64Array(right);
  for (let row = 0; row < columns; row++) {
    let sum = solution[row] ?? 0;
    for (let at = 0; at < row; at++) sum -= (lower[row * columns + at] ?? 0) * (solution[at] ?? 0);
    solution[row] = sum / (lower[row * columns + row] ?? 1);
  }
  for (let row = columns - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0;
    for (let at = row + 1; at < columns; at++) sum -= (lower[at * columns + row] ?? 0) * (solution[at] ?? 0);
    solution[row] = sum / (lower[row * columns + row] ?? 1);
  }
  return solution;
}
