import { inspect } from "node:util";

const rowsShown = 40;
const widthShown = 60;

/**
 * Rows as lines of text under their column names, numbers to the right: the first 40 rows, each value cut at
 * 60 characters, then how many rows there are.
 */
export function textTable(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const shown = rows.slice(0, rowsShown);
  const cells = columns.map((column) => {
    const texts = shown.map((row) => cut(textOf(row[column])));
    const width = Math.max(column.length, ...texts.map((text) => text.length));
    const isNumber =
      shown.some((row) => row[column] !== null) && shown.every((row) => isNumeric(row[column]));
    const pad = (text: string): string => (isNumber ? text.padStart(width) : text.padEnd(width));
    return [pad(column), "─".repeat(width), ...texts.map(pad)];
  });
  const lines = Array.from({ length: shown.length + 2 }, (_, line) =>
    cells
      .map((column) => column[line])
      .join("  ")
      .trimEnd(),
  );
  return [...(columns.length === 0 ? [] : lines), rowCount(rows.length, shown.length)].join("\n");
}

function rowCount(rows: number, shown: number): string {
  const count = `${rows} ${rows === 1 ? "row" : "rows"}`;
  return rows > shown ? `(${count}, the first ${shown} shown)` : `(${count})`;
}

function isNumeric(value: unknown): boolean {
  return value === null || typeof value === "number" || typeof value === "bigint";
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (value instanceof Date) return value.toISOString().replace("T00:00:00.000Z", "");
  if (typeof value === "object") return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  return String(value);
}

function cut(text: string): string {
  const line = text.replaceAll(/\s/g, " ");
  return line.length > widthShown ? `${line.slice(0, widthShown - 1)}…` : line;
}
