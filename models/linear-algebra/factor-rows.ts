/** The square of the least number on the diagonal of a factor. */
export const LEAST_PIVOT = 1e-12;

/**
 * Writes rows of the lower triangle L with L·Lᵀ = these rows and columns of a symmetric matrix, from row `from` on; those
 * before it stand already. Four columns are computed at a time: their sums do not wait for each other, and each is added up
 * in the same order as if it were computed alone, so that the numbers are the same.
 * A pivot that rounding has left below `LEAST_PIVOT` stands at that.
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
      line[column] =
        column === row ? Math.sqrt(Math.max(sum, LEAST_PIVOT)) : sum / (lower[across + column] ?? 1);
    }
    lower.set(line.subarray(0, row + 1), row * stride);
  }
}
