/** What one column of a matrix is. */
export interface FeatureSpec {
  readonly name: string;
  readonly kind: "number" | "category";
  /** Whether more of it may only raise the risk, only lower it, or either; of no effect on categories. */
  readonly direction: "increasing" | "decreasing" | "none";
  /** Names of a category's levels, in the order of their codes. */
  readonly levels?: readonly string[];
}

/**
 * A table of numbers, a column a feature. Missing is NaN; so is, here, whatever else is not finite. A category holds the
 * place of its level; a place beyond the levels, or not whole, is a level never seen.
 */
export interface FeatureMatrix {
  readonly features: readonly FeatureSpec[];
  readonly rows: number;
  readonly columns: readonly Float32Array[];
}

/** The features' names, kinds, directions and levels as one string: equal only for the same set in the same order. */
export function featureSet(features: readonly FeatureSpec[]): string {
  return JSON.stringify(
    features.map(({ name, kind, direction, levels = [] }) =>
      kind === "number" ? [name, kind, direction] : [name, kind, levels],
    ),
  );
}

/** The same matrix with only these rows, in this order. */
export function rowsOf(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  return {
    features: matrix.features,
    rows: rows.length,
    columns: matrix.columns.map((column) => {
      const taken = new Float32Array(rows.length);
      for (let row = 0; row < rows.length; row++) taken[row] = column[rows[row] ?? 0] ?? Number.NaN;
      return taken;
    }),
  };
}

/** Place of a category's value among its knots: its level, or the one after the last for levels never seen. */
export function levelOf(feature: FeatureSpec, value: number): number {
  const levels = feature.levels?.length ?? 0;
  return Number.isInteger(value) && value >= 0 && value < levels ? value : levels;
}
