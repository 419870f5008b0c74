import type { Table, Vector } from "apache-arrow";
import type { FeatureMatrix, FeatureSpec } from "../../models/household-risk/features.ts";

/**
 * The feature matrix of an Arrow table that has a column for each feature, numbers as 32-bit floats and words as a dictionary:
 * its columns stand in memory that worker threads share, and no row object is made of them. The levels of a category are the
 * words of the table in their alphabetical order; a missing value is NaN.
 */
export function featureMatrix(table: Table, features: readonly FeatureSpec[]): FeatureMatrix {
  const columns: Float32Array[] = [];
  const found: FeatureSpec[] = [];
  for (const { name, kind, direction } of features) {
    const column = shared(table.numRows);
    if (kind === "number") {
      column.set(numbers(table, name));
      found.push({ name, kind, direction });
    } else {
      const { codes, names } = words(table, name);
      const levels = [...new Set(names)].sort();
      const place = names.map((word) => levels.indexOf(word));
      for (let row = 0; row < column.length; row++) {
        const code = codes[row] ?? -1;
        column[row] = code < 0 ? Number.NaN : (place[code] ?? Number.NaN);
      }
      found.push({ name, kind, direction, levels });
    }
    columns.push(column);
  }
  return { features: found, rows: table.numRows, columns };
}

/**
 * The same matrix as a model reads it: its features in its order, words as the places that it knows them by. A word that it
 * never saw stands as one place beyond.
 */
export function asReadBy(features: readonly FeatureSpec[], matrix: FeatureMatrix): FeatureMatrix {
  const columns = features.map((feature) => {
    const at = matrix.features.findIndex(({ name }) => name === feature.name);
    const [own, column] = [matrix.features[at], matrix.columns[at]];
    if (own === undefined || column === undefined)
      throw new Error(`no column for the feature ${feature.name}`);
    if (feature.kind === "number") return column;
    const known = feature.levels ?? [];
    const place = (own.levels ?? []).map((level) => {
      const found = known.indexOf(level);
      return found === -1 ? known.length : found;
    });
    return column.map((code) => (Number.isNaN(code) ? code : (place[code] ?? known.length)));
  });
  return { features, rows: matrix.rows, columns };
}

/** What makes two sets of features the same to a model: names, kinds and directions, whatever the words of a category. */
export function sameFeatures(one: readonly FeatureSpec[], other: readonly FeatureSpec[]): boolean {
  return signatureOf(one) === signatureOf(other);
}

/** A set of features as a text. */
export function signatureOf(features: readonly FeatureSpec[]): string {
  return features.map(({ name, kind, direction }) => `${name} ${kind} ${direction}`).join("\n");
}

/** A column's values, as the array that holds them; those of nulls are neutral. */
export function numbers(table: Table, name: string): ArrayLike<number> {
  return child(table, name).data[0]?.values ?? [];
}

/** The words of a column: the place of each row's among the names, -1 for a null. */
export function words(table: Table, name: string): { codes: Int32Array; names: readonly string[] } {
  const vector = child(table, name);
  const dictionary: Vector | undefined = vector.data[0]?.dictionary;
  const codes = Int32Array.from(numbers(table, name));
  if (vector.nullCount > 0)
    for (let row = 0; row < codes.length; row++) if (!vector.isValid(row)) codes[row] = -1;
  return { codes, names: [...(dictionary ?? [])].map(String) };
}

function child(table: Table, name: string): Vector {
  const found = table.getChild(name);
  if (found === null) throw new Error(`the table has no column ${name}`);
  return found;
}

function shared(rows: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(rows * Float32Array.BYTES_PER_ELEMENT));
}
