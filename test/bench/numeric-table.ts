import { readFileSync } from "node:fs";
import type { FeatureMatrix, FeatureSpec } from "../../models/household-risk/features.ts";

export interface NumericTable {
  readonly matrix: FeatureMatrix;
  readonly outcome: Uint8Array;
  /** Columns that are no features. */
  readonly aside: ReadonlyMap<string, Float32Array>;
}

/** Reads a CSV file of a header and numbers (empty is missing), the 0/1 label in the last column. */
export function readNumericTable(
  path: string,
  options: { readonly aside: readonly string[]; readonly directions: unknown },
): NumericTable {
  const bytes = readFileSync(path);
  let at = bytes.indexOf("\n");
  const names = bytes.toString("latin1", 0, at).trim().split(",");
  let rows = 0;
  for (let line = at; line >= 0 && line < bytes.length - 1; line = bytes.indexOf("\n", line + 1)) rows++;
  const columns = names.map(() => new Float32Array(rows));
  for (let row = 0; row < rows; row++) {
    for (const column of columns) {
      const from = at + 1;
      at = from;
      while (at < bytes.length && bytes[at] !== 44 && bytes[at] !== 10) at++;
      const text = bytes.toString("latin1", from, at).trim();
      column[row] = text === "" ? Number.NaN : Number(text);
    }
  }
  const label = columns.at(-1) ?? new Float32Array();
  const kept = names.slice(0, -1).flatMap((name, place) => {
    const column = columns[place];
    return column === undefined || options.aside.includes(name) ? [] : [{ name, column }];
  });
  const directions = new Map(Object.entries(options.directions ?? {}));
  return {
    matrix: {
      features: kept.map(({ name }): FeatureSpec => {
        const direction: unknown = directions.get(name);
        const known = direction === "increasing" || direction === "decreasing" ? direction : "none";
        return { name, kind: "number", direction: known };
      }),
      rows,
      columns: kept.map(({ column }) => column),
    },
    outcome: Uint8Array.from(label),
    aside: new Map(
      options.aside.map((name) => [name, columns[names.indexOf(name)] ?? new Float32Array()] as const),
    ),
  };
}
