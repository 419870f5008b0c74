import { DataType, type Table, type Vector } from "apache-arrow";

/** The little of a danfo DataFrame that vigie itself relies on; an analyst has all of it. */
export interface DataFrame {
  shape: [number, number];
  columns: string[];
  dtypes: string[];
  values: unknown[][];
  /** The first rows, drawn as a table. */
  toString(): string;
  print(): void;
}

/** Makes a danfo DataFrame of an Arrow table. */
export type MakeDataFrame = (table: Table) => DataFrame;

/** The line that tells how to get DataFrames. */
export const howToInstallDataFrames =
  "DataFrames need danfojs-node, which is optional: npm install --no-save --save-optional danfojs-node@1.2.0";

/**
 * Loads the optional `danfojs-node` and returns what makes its DataFrames, or `undefined` when it is not
 * installed or does not load. It takes about a second.
 */
export async function loadDataFrames(packageName = "danfojs-node"): Promise<MakeDataFrame | undefined> {
  try {
    const danfo: unknown = await import(packageName);
    return hasDataFrame(danfo) ? (table) => makeDataFrame(danfo, table) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The values of an Arrow column as danfo reads them: numbers (64-bit integers too), text, and dates as
 * `yyyy-mm-dd` or ISO 8601. What is missing is NaN among numbers and flags, `null` among texts.
 */
export function frameValues(column: Vector): unknown[] {
  const { type } = column;
  if (DataType.isDate(type)) return valuesOf(column, null, (time) => isoTime(time).slice(0, 10));
  if (DataType.isTimestamp(type)) return valuesOf(column, null, isoTime);
  if (DataType.isDictionary(type)) return valuesOf(column, null, (word) => word);
  if (DataType.isBool(type)) {
    return column.nullCount === 0
      ? valuesOf(column, null, (flag) => flag)
      : valuesOf(column, Number.NaN, (flag) => Number(flag));
  }
  return valuesOf(column, Number.NaN, Number);
}

/** Whether a value is one of danfo's DataFrames or Series, which draw themselves as tables. */
export function isDataFrame(value: unknown): value is { toString(): string } {
  return typeof value === "object" && value !== null && "dtypes" in value && "print" in value;
}

interface Danfo {
  DataFrame: new (data: Record<string, unknown[]> | [], options?: { columns: string[] }) => DataFrame;
}

function hasDataFrame(danfo: unknown): danfo is Danfo {
  return (
    typeof danfo === "object" &&
    danfo !== null &&
    "DataFrame" in danfo &&
    typeof danfo.DataFrame === "function"
  );
}

function makeDataFrame(danfo: Danfo, table: Table): DataFrame {
  const columns = table.schema.names.map(String);
  // danfo refuses empty columns, but takes the absence of rows.
  if (table.numRows === 0) return new danfo.DataFrame([], { columns });
  const data = columns.map((name, index): [string, unknown[]] => {
    const column = table.getChildAt(index);
    return [name, column === null ? [] : frameValues(column)];
  });
  return new danfo.DataFrame(Object.fromEntries(data));
}

function valuesOf(column: Vector, missing: unknown, read: (value: unknown) => unknown): unknown[] {
  const values = new Array<unknown>(column.length);
  for (let row = 0; row < column.length; row += 1) {
    const value: unknown = column.get(row);
    values[row] = value === null ? missing : read(value);
  }
  return values;
}

function isoTime(time: unknown): string {
  return new Date(Number(time)).toISOString();
}
