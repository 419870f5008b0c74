import { factorRows } from "../linear-algebra/factor-rows.ts";

/** Solves the equations of some rows and columns of one symmetric, positive definite matrix. */
export interface Factor {
  /**
   * The solution of the equations of these rows and columns.
   *
   * @param places rows and columns; the sooner one is likely to be left out in a later call, the later it should stand.
   * @param right one number a place.
   */
  solve(places: readonly number[], right: readonly number[]): Float64Array;
  /** The diagonal of the inverse of these rows and columns. */
  inverseDiagonal(places: readonly number[]): Float64Array;
  /** The rows and columns of the last call, in its order. */
  readonly last: readonly number[];
}

/**
 * Factors a matrix by Cholesky's method, and keeps the factor: a call computes anew only what comes after the first place
 * that differs from the last call's.
 *
 * @param matrix size × size; it must not change as long as the factor is used.
 */
export function factorOf(matrix: Float64Array, size: number): Factor {
  let lower = new Float64Array();
  let stride = 0;
  let last: readonly number[] = [];
  return {
    get last() {
      return last;
    },
    solve(places, right) {
      prepare(places);
      return substituted(lower, stride, right);
    },
    inverseDiagonal(places) {
      prepare(places);
      return diagonalOfInverse(lower, stride, places.length);
    },
  };

  function prepare(places: readonly number[]): void {
    let same = 0;
    while (same < places.length && same < last.length && places[same] === last[same]) same++;
    if (places.length > stride) {
      // Some room beyond, for places that join later.
      const wider = Math.min(size, places.length + 16);
      const moved = new Float64Array(wider * wider);
      for (let row = 0; row < same; row++) {
        moved.set(lower.subarray(row * stride, row * stride + row + 1), row * wider);
      }
      lower = moved;
      stride = wider;
    }
    factorRows({ matrix, size, places }, lower, stride, same);
    last = [...places];
  }
}

/** Solves L·Lᵀ·x = right. */
function substituted(lower: Float64Array, stride: number, right: readonly number[]): Float64Array {
  const count = right.length;
  const solution = Float64Array.from(right);
  for (let row = 0; row < count; row++) {
    const base = row * stride;
    let sum = solution[row] ?? 0;
    for (let at = 0; at < row; at++) sum -= (lower[base + at] ?? 0) * (solution[at] ?? 0);
    solution[row] = sum / (lower[base + row] ?? 1);
  }
  for (let row = count - 1; row >= 0; row--) {
    const base = row * stride;
    const value = (solution[row] ?? 0) / (lower[base + row] ?? 1);
    solution[row] = value;
    for (let at = 0; at < row; at++) solution[at] = (solution[at] ?? 0) - value * (lower[base + at] ?? 0);
  }
  return solution;
}

function diagonalOfInverse(lower: Float64Array, stride: number, count: number): Float64Array {
  const diagonal = new Float64Array(count);
  const column = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    let squares = 0;
    for (let row = at; row < count; row++) {
      let sum = row === at ? 1 : 0;
      const base = row * stride;
      for (let inner = at; inner < row; inner++) sum -= (lower[base + inner] ?? 0) * (column[inner] ?? 0);
      const value = sum / (lower[base + row] ?? 1);
      column[row] = value;
      squares += value * value;
    }
    diagonal[at] = squares;
  }
  return diagonal;
}
