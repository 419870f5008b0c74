import { factorRows, LEAST_PIVOT } from "../linear-algebra/factor-rows.ts";

/**
 * The Cholesky factor of a symmetric positive definite matrix, row by row: the lower triangle L with L·Lᵀ = matrix.
 * Throws a RangeError where the matrix is not positive definite.
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  factorRows({ matrix, size, places: Array.from({ length: size }, (_, row) => row) }, factor, size, 0);
  for (let row = 0; row < size; row++) {
    if (!((factor[row * size + row] ?? 0) > Math.sqrt(LEAST_PIVOT)))
      throw new RangeError("the matrix is not positive definite");
  }
  return factor;
}

/** The solution x of matrix·x = right, from the matrix's Cholesky factor. */
export function solveByFactor(factor: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    let sum = solution[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= (factor[row * size + k] ?? 0) * (solution[k] ?? 0);
    solution[row] = sum / (factor[row * size + row] ?? Number.NaN);
  }
  for (let row = size - 1; row >= 0; row--) {
    const value = (solution[row] ?? 0) / (factor[row * size + row] ?? Number.NaN);
    solution[row] = value;
    for (let k = 0; k < row; k++) solution[k] = (solution[k] ?? 0) - (factor[row * size + k] ?? 0) * value;
  }
  return solution;
}
