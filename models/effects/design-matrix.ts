/** One covariate of every row: numbers, or the group that each row belongs to. */
export type Covariate =
  | { readonly name: string; readonly numbers: ArrayLike<number> }
  | { readonly name: string; readonly groups: readonly string[]; readonly codes: ArrayLike<number> };

/** A matrix of which only what is not zero is kept, row after row, columns rising. The first column is 1 everywhere. */
export interface DesignMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Where each row starts in `column` and `value`; one more than there are rows. */
  readonly starts: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

/** A group of fewer rows than this share has no column of its own. */
const LEAST_GROUP_SHARE = 0.002;
const LEAST_DEVIATION = 1e-9;

/**
 * Makes the matrix that regressions read: an intercept; each numeric covariate divided by its standard deviation; each
 * group but the most frequent one as a column of zeros and ones. Constant covariates and the rarest groups are left out.
 */
export function designMatrix(covariates: readonly Covariate[], rows: number): DesignMatrix {
  const scales: { readonly numbers: Float64Array; readonly factor: number; readonly column: number }[] = [];
  const factors: { readonly codes: Int32Array; readonly columnOf: Int32Array }[] = [];
  let columns = 1;
  for (const covariate of covariates) {
    if (!("numbers" in covariate)) continue;
    // Of one type, whatever the database holds: a loop that meets several reads each number by itself.
    const numbers = Float64Array.from(covariate.numbers);
    const deviation = standardDeviation(numbers, rows);
    if (deviation > LEAST_DEVIATION) {
      scales.push({ numbers, factor: 1 / deviation, column: columns++ });
    }
  }
  for (const covariate of covariates) {
    if ("numbers" in covariate) continue;
    const { groups } = covariate;
    const codes = Int32Array.from(covariate.codes);
    const counts = new Int32Array(groups.length);
    for (let row = 0; row < rows; row++) {
      const code = codes[row] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    const named = [...groups.keys()].sort((one, other) =>
      (groups[one] ?? "") < (groups[other] ?? "") ? -1 : 1,
    );
    const usual = named.reduce(
      (most, code) => ((counts[code] ?? 0) > (counts[most] ?? 0) ? code : most),
      named[0] ?? 0,
    );
    const columnOf = new Int32Array(groups.length).fill(-1);
    for (const code of named) {
      if (code !== usual && (counts[code] ?? 0) >= LEAST_GROUP_SHARE * rows) columnOf[code] = columns++;
    }
    factors.push({ codes, columnOf });
  }
  const most = rows * (1 + scales.length + factors.length);
  const starts = new Int32Array(rows + 1);
  const column = new Int32Array(most);
  const value = new Float64Array(most);
  let place = 0;
  for (let row = 0; row < rows; row++) {
    starts[row] = place;
    column[place] = 0;
    value[place++] = 1;
    for (const scale of scales) {
      const number = scale.numbers[row] ?? 0;
      if (number === 0) continue;
      column[place] = scale.column;
      value[place++] = number * scale.factor;
    }
    for (const { codes, columnOf } of factors) {
      const at = columnOf[codes[row] ?? 0] ?? -1;
      if (at < 0) continue;
      column[place] = at;
      value[place++] = 1;
    }
  }
  starts[rows] = place;
  return { rows, columns, starts, column: column.slice(0, place), value: value.slice(0, place) };
}

/** The scalar product of one row with a vector of coefficients. */
export function rowTimes(matrix: DesignMatrix, row: number, coefficients: ArrayLike<number>): number {
  const { starts, column, value } = matrix;
  let sum = 0;
  for (let place = starts[row] ?? 0, end = starts[row + 1] ?? 0; place < end; place++) {
    sum += (value[place] ?? 0) * (coefficients[column[place] ?? 0] ?? 0);
  }
  return sum;
}

function standardDeviation(numbers: Float64Array, rows: number): number {
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const number = numbers[row] ?? 0;
    sum += number;
    squares += number * number;
  }
  const mean = sum / rows;
  return Math.sqrt(Math.max(0, squares / rows - mean * mean));
}
