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

/**
 * Writes rows of the lower triangle L with L·Lᵀ = these rows and columns of a symmetric matrix, from row `from` on; those
 * before it stand already. Four columns are computed at a time: their sums do not wait for each other, and each is added up
 * in the same order as if it were computed alone, so that the numbers are the same.
 *
 * @param stride numbers from one row of `lower` to the next.
 */
export function factorRows(
  of: { readonly matrix: Float64Array; readonly size: number; readonly places: readonly number[] },
  lower: Float64Array,
  stride: number,
  from: number,
): void {
  const { matrix, size, places } = of;
  const count = places.length;
  const line = new Float64Array(count);
  for (let row = from; row < count; row++) {
    const at = (places[row] ?? 0) * size;
    for (let column = 0; column <= row; column++) line[column] = matrix[at + (places[column] ?? 0)] ?? 0;
    let column = 0;
    for (; column + 4 <= row; column += 4) {
      const [a, b, c, d] = [
        column * stride,
        (column + 1) * stride,
        (column + 2) * stride,
        (column + 3) * stride,
      ];
      let first = line[column] ?? 0;
      let second = line[column + 1] ?? 0;
      let third = line[column + 2] ?? 0;
      let fourth = line[column + 3] ?? 0;
      for (let inner = 0; inner < column; inner++) {
        const own = line[inner] ?? 0;
        first -= own * (lower[a + inner] ?? 0);
        second -= own * (lower[b + inner] ?? 0);
        third -= own * (lower[c + inner] ?? 0);
        fourth -= own * (lower[d + inner] ?? 0);
      }
      first /= lower[a + column] ?? 1;
      second = (second - first * (lower[b + column] ?? 0)) / (lower[b + column + 1] ?? 1);
      third -= first * (lower[c + column] ?? 0);
      third = (third - second * (lower[c + column + 1] ?? 0)) / (lower[c + column + 2] ?? 1);
      fourth -= first * (lower[d + column] ?? 0);
      fourth -= second * (lower[d + column + 1] ?? 0);
      fourth = (fourth - third * (lower[d + column + 2] ?? 0)) / (lower[d + column + 3] ?? 1);
      line[column] = first;
      line[column + 1] = second;
      line[column + 2] = third;
      line[column + 3] = fourth;
    }
    for (; column <= row; column++) {
      let sum = line[column] ?? 0;
      const across = column * stride;
      for (let inner = 0; inner < column; inner++) {
        sum -= (line[inner] ?? 0) * (column === row ? (line[inner] ?? 0) : (lower[across + inner] ?? 0));
      }
      line[column] = column === row ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (lower[across + column] ?? 1);
    }
    lower.set(line.subarray(0, row + 1), row * stride);
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
