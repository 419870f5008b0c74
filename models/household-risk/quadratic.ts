/** Rounds of descent and exact solution; each leaves fewer coordinates undecided. */
const MOST_ROUNDS = 60;
const SWEEPS = 2;
/** What is not negative and less than this is 0. */
const LEAST = 1e-12;

/**
 * The point that makes gradient·(point − from) + ½ (point − from)ᵀ · curvature · (point − from) least, with none of the
 * marked coordinates negative. Some sweeps of coordinate descent guess which coordinates end at 0; the others are solved
 * for at once, as far as none of them turns negative; and again, until no slope calls for more (an active-set method, as
 * in Nocedal and Wright 2006, Numerical Optimization, chapter 16).
 *
 * @param curvature symmetric and positive definite, size × size.
 */
export function leastWithin(
  curvature: Float64Array,
  gradient: Float64Array,
  from: Float64Array,
  notNegative: Uint8Array,
): Float64Array {
  const size = gradient.length;
  const point = Float64Array.from(from);
  const slope = Float64Array.from(gradient);
  const move = (at: number, change: number): void => {
    point[at] = (point[at] ?? 0) + change;
    const row = at * size;
    for (let other = 0; other < size; other++) {
      slope[other] = (slope[other] ?? 0) + change * (curvature[row + other] ?? 0);
    }
  };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      for (let at = 0; at < size; at++) {
        if (notNegative[at] === 0) continue;
        const here = point[at] ?? 0;
        const wanted = here - (slope[at] ?? 0) / (curvature[at * size + at] ?? 1);
        const change = (wanted < LEAST ? 0 : wanted) - here;
        if (change !== 0) move(at, change);
      }
    }
    const free: number[] = [];
    for (let at = 0; at < size; at++) {
      if (notNegative[at] === 0 || (point[at] ?? 0) > 0) free.push(at);
    }
    const steps = solved(
      curvature,
      size,
      free,
      free.map((at) => -(slope[at] ?? 0)),
    );
    let share = 1;
    let stopped = -1;
    for (const [place, at] of free.entries()) {
      const step = steps[place] ?? 0;
      if (notNegative[at] === 0 || (point[at] ?? 0) + share * step >= 0) continue;
      share = (point[at] ?? 0) / -step;
      stopped = at;
    }
    for (const [place, at] of free.entries()) {
      const next = (point[at] ?? 0) + share * (steps[place] ?? 0);
      point[at] = notNegative[at] === 1 ? Math.max(0, next) : next;
    }
    if (stopped >= 0) point[stopped] = 0;
    slope.set(gradient);
    for (let at = 0; at < size; at++) {
      const change = (point[at] ?? 0) - (from[at] ?? 0);
      if (change === 0) continue;
      const row = at * size;
      for (let other = 0; other < size; other++) {
        slope[other] = (slope[other] ?? 0) + change * (curvature[row + other] ?? 0);
      }
    }
    if (stopped < 0 && settled()) break;
  }
  return point;

  /** Whether no coordinate at 0 would gain by rising. */
  function settled(): boolean {
    for (let at = 0; at < size; at++) {
      const steep = curvature[at * size + at] ?? 1;
      if (notNegative[at] === 1 && point[at] === 0 && (slope[at] ?? 0) < -1e-6 * Math.sqrt(steep))
        return false;
    }
    return true;
  }
}

/** The solution of the equations of these rows and columns of a symmetric matrix, by Cholesky's method. */
function solved(
  matrix: Float64Array,
  size: number,
  places: readonly number[],
  right: readonly number[],
): Float64Array {
  const count = places.length;
  const lower = cholesky(matrix, size, places);
  const solution = Float64Array.from(right);
  for (let row = 0; row < count; row++) {
    let sum = solution[row] ?? 0;
    for (let at = 0; at < row; at++) sum -= (lower[row * count + at] ?? 0) * (solution[at] ?? 0);
    solution[row] = sum / (lower[row * count + row] ?? 1);
  }
  for (let row = count - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0;
    for (let at = row + 1; at < count; at++) sum -= (lower[at * count + row] ?? 0) * (solution[at] ?? 0);
    solution[row] = sum / (lower[row * count + row] ?? 1);
  }
  return solution;
}

/** The diagonal of the inverse of these rows and columns of a symmetric, positive definite matrix. */
export function inverseDiagonal(matrix: Float64Array, size: number, places: readonly number[]): Float64Array {
  const count = places.length;
  const lower = cholesky(matrix, size, places);
  const diagonal = new Float64Array(count);
  const column = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    let squares = 0;
    for (let row = at; row < count; row++) {
      let sum = row === at ? 1 : 0;
      const base = row * count;
      for (let inner = at; inner < row; inner++) sum -= (lower[base + inner] ?? 0) * (column[inner] ?? 0);
      const value = sum / (lower[base + row] ?? 1);
      column[row] = value;
      squares += value * value;
    }
    diagonal[at] = squares;
  }
  return diagonal;
}

/** The lower triangle L with L·Lᵀ = these rows and columns of a symmetric matrix. */
function cholesky(matrix: Float64Array, size: number, places: readonly number[]): Float64Array {
  const count = places.length;
  const lower = new Float64Array(count * count);
  for (const [row, at] of places.entries()) {
    const base = row * count;
    for (let column = 0; column <= row; column++) {
      let sum = matrix[at * size + (places[column] ?? 0)] ?? 0;
      const across = column * count;
      for (let inner = 0; inner < column; inner++) {
        sum -= (lower[base + inner] ?? 0) * (lower[across + inner] ?? 0);
      }
      lower[base + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (lower[across + column] ?? 1);
    }
  }
  return lower;
}
