import type { ReasonCode } from "./reasons.ts";

/**
 * The one strict grammar of each kind of cell. The same pattern is run by JavaScript (the zod schemas) and by
 * DuckDB (the compiled SQL); it is written in the part of the two languages that agrees: explicit classes and
 * code points as `\u{…}`, no `\d`, no `\s`, no anchors. Both sides match the whole cell.
 */
export type Pattern = string;

/** The longest identifier and short text that the contract takes, in code points. */
export const LONGEST_TEXT = 64;

/** The first and last day that the contract takes. */
export const FIRST_DAY = "1900-01-01";
export const LAST_DAY = "2199-12-31";

const CONTROL = "\\u{0}-\\u{1f}\\u{7f}-\\u{9f}";
const SPACE = " \\u{a0}\\u{1680}\\u{2000}-\\u{200b}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}\\u{feff}";

/** Text without a control character and with no space, no-break space or invisible character at either end. */
export const TEXT: Pattern = `[^${CONTROL}${SPACE}](?:[^${CONTROL}]*[^${CONTROL}${SPACE}])?`;

const MONTH_OF_YEAR = "(?:0[1-9]|1[0-2])";
const DAY_OF_MONTH = "(?:0[1-9]|[12][0-9]|3[01])";
const YEAR_IN_RANGE = "(?:19|20|21)[0-9]{2}";

/** A day of any year as yyyy-mm-dd, perhaps one that its month does not have. */
export const ANY_DATE: Pattern = `[0-9]{4}-${MONTH_OF_YEAR}-${DAY_OF_MONTH}`;
/** The same within the years that the contract takes. */
export const DATE: Pattern = `${YEAR_IN_RANGE}-${MONTH_OF_YEAR}-${DAY_OF_MONTH}`;

/** A month of any year as yyyy-mm. */
export const ANY_MONTH: Pattern = `[0-9]{4}-${MONTH_OF_YEAR}`;
/** The same within the years that the contract takes. */
export const MONTH: Pattern = `${YEAR_IN_RANGE}-${MONTH_OF_YEAR}`;

/** A whole number of any length, without leading zeros, plus sign or exponent. */
export const ANY_INTEGER: Pattern = "-?(?:0|[1-9][0-9]*)";
/** The same with at most nine digits. */
export const INTEGER: Pattern = "-?(?:0|[1-9][0-9]{0,8})";

/** A decimal number with any number of digits before and after its point. */
export const ANY_DECIMAL: Pattern = `${ANY_INTEGER}(?:\\.[0-9]+)?`;

/** A decimal number with any number of digits before its point and at most `scale` after it. */
export function decimalOfScale(scale: number): Pattern {
  return `${ANY_INTEGER}(?:\\.[0-9]{1,${scale}})?`;
}

/** A decimal number of at most `digits` digits, of which at most `scale` stand after the point. */
export function decimal(digits: number, scale: number): Pattern {
  return `-?(?:0|[1-9][0-9]{0,${digits - scale - 1}})(?:\\.[0-9]{1,${scale}})?`;
}

const compiled = new Map<Pattern, RegExp>();

/** Whether the whole text matches the pattern. */
function matches(pattern: Pattern, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${pattern})$`, "u");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/** The SQL condition that the whole text matches the pattern. `text` is a SQL expression of type VARCHAR. */
export function matchesSql(pattern: Pattern, text: string): string {
  return `regexp_full_match(${text}, '${pattern.replaceAll("\\u{", "\\x{").replaceAll("'", "''")}')`;
}

/** What reading one delivered cell gives: its value, or the reason why it is refused. */
export type Reading<T> = { value: T } | { reason: ReasonCode };

/** Reads a text or an identifier of at most `longest` code points. */
export function readText(cell: string, longest: number): Reading<string> {
  if ([...cell].length > longest) return { reason: "too_long" };
  return matches(TEXT, cell) ? { value: cell } : { reason: "not_text" };
}

/** Reads a day; the value is the same yyyy-mm-dd. */
export function readDate(cell: string): Reading<string> {
  if (!matches(ANY_DATE, cell)) return { reason: "not_a_date" };
  if (!matches(DATE, cell)) return { reason: "out_of_range" };
  const day = new Date(`${cell}T00:00:00Z`);
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(cell);
  return exists ? { value: cell } : { reason: "not_a_date" };
}

/** Reads a month; the value is its first day as yyyy-mm-dd. */
export function readMonth(cell: string): Reading<string> {
  if (!matches(ANY_MONTH, cell)) return { reason: "not_a_month" };
  return matches(MONTH, cell) ? { value: `${cell}-01` } : { reason: "out_of_range" };
}

/** The bounds of a number, both included; none where absent. */
export interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Reads a decimal number of at most `digits` digits, of which at most `scale` stand after the point. */
export function readDecimal(cell: string, digits: number, scale: number, bounds: Bounds): Reading<number> {
  if (!matches(ANY_DECIMAL, cell)) return { reason: "not_a_decimal" };
  if (!matches(decimalOfScale(scale), cell)) return { reason: "too_many_decimals" };
  return matches(decimal(digits, scale), cell) ? within(cell, bounds) : { reason: "out_of_range" };
}

/** Reads a whole number. */
export function readInteger(cell: string, bounds: Bounds): Reading<number> {
  if (!matches(ANY_INTEGER, cell)) return { reason: "not_an_integer" };
  return matches(INTEGER, cell) ? within(cell, bounds) : { reason: "out_of_range" };
}

function within(cell: string, { minimum = -Infinity, maximum = Infinity }: Bounds): Reading<number> {
  // Adding zero turns JavaScript's -0 into 0, the only zero that DuckDB stores.
  const value = Number(cell) + 0;
  return value >= minimum && value <= maximum ? { value } : { reason: "out_of_range" };
}

/** Reads a flag: true or false, in lower case. */
export function readFlag(cell: string): Reading<boolean> {
  return cell === "true" || cell === "false" ? { value: cell === "true" } : { reason: "not_a_flag" };
}

/** Reads one of the listed words, exactly as listed. */
export function readOneOf<const Word extends string>(cell: string, words: readonly Word[]): Reading<Word> {
  const value = words.find((word) => word === cell);
  return value === undefined ? { reason: "not_in_list" } : { value };
}
