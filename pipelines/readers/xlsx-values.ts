/** How a cell's style shows a number. */
export type NumberKind = "number" | "date" | "time";

const NUMBER = /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?$/;

/** A spreadsheet's numbers have no more digits than this; what follows is noise of binary fractions. */
const SIGNIFICANT_DIGITS = 15;

/**
 * The canonical decimal text of a number as a sheet stores it: `1234.5600000000001` → `1234.56`, `1E-2` → `0.01`, never an
 * exponent. Undefined when the text is no number, or a whole number of more digits than a spreadsheet keeps.
 */
export function decimalText(stored: string): string | undefined {
  if (!NUMBER.test(stored)) return undefined;
  const number = Number(stored);
  if (!Number.isFinite(number)) return undefined;
  if (number === 0) return /[1-9]/.test(stored.replace(/[eE].*/, "")) ? undefined : "0";
  const significant = stored.replace(/^-?0*/, "").replace(/0+$/, "");
  if (/^[0-9]+$/.test(significant) && significant.length > SIGNIFICANT_DIGITS) return undefined;
  const [mantissa = "", exponent = "0"] = Math.abs(number)
    .toExponential(SIGNIFICANT_DIGITS - 1)
    .split("e");
  const digits = mantissa.replace(".", "").replace(/0+$/, "");
  const point = Number(exponent) + 1;
  const sign = number < 0 ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits.padEnd(point, "0")}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const SECONDS_A_DAY = 86_400;
/** Day numbers of 1900-01-01, of the 29 February that 1900 did not have, and of 9999-12-31. */
const FIRST_DAY = 1;
const NO_DAY = 60;
const LAST_DAY = 2_958_465;
/** What a day number of the system of 1904 lacks to that of 1900. */
const DAYS_1904 = 1462;

/**
 * The day, moment or time that a sheet stores as a number of days: `45322` → `2024-01-31`, `45322.5` → `2024-01-31 12:00:00`,
 * and as a `time` `0.5` → `12:00:00`; seconds are rounded. Undefined when the text is no number, or the number no day from
 * 1900-01-01 to 9999-12-31: spreadsheets show 0 as 1900-01-00 and 60 as 1900-02-29.
 */
export function dateText(stored: string, kind: "date" | "time", is1904: boolean): string | undefined {
  if (!NUMBER.test(stored)) return undefined;
  const seconds = Math.round(Number(stored) * SECONDS_A_DAY);
  const days = Math.floor(seconds / SECONDS_A_DAY);
  const time = new Date((seconds - days * SECONDS_A_DAY) * 1000);
  const timeText = Number.isNaN(time.getTime()) ? "" : time.toISOString().slice(11, 19);
  if (kind === "time" && days === 0) return timeText;
  const serial = is1904 ? days + DAYS_1904 : days;
  if (!(days >= 0 && serial >= FIRST_DAY && serial <= LAST_DAY) || serial === NO_DAY) return undefined;
  // 1 is 1900-01-01; after the day that was not, everything stands one further.
  const day = new Date(Date.UTC(1899, 11, serial < NO_DAY ? 31 : 30) + serial * SECONDS_A_DAY * 1000);
  const dayText = day.toISOString().slice(0, 10);
  return timeText === "00:00:00" ? dayText : `${dayText} ${timeText}`;
}

const ISO_MOMENT = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?Z?)?$/;

/** The day or moment of a cell that stores it as text of ISO 8601; undefined when it is none. */
export function isoDateText(stored: string): string | undefined {
  const [, day, time] = ISO_MOMENT.exec(stored) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(`${day}T${time ?? "00:00:00"}Z`))) return undefined;
  if (new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return undefined;
  return time === undefined || time === "00:00:00" ? day : `${day} ${time}`;
}

/** Text as a cell shows it: `_x000D_` stands for a carriage return, `_x005F_` for the underscore of such a code. */
export function unescapedText(stored: string): string {
  if (!stored.includes("_x")) return stored;
  const text = stored.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  // Half a character is none: better what was stored.
  return /\p{Surrogate}/u.test(text) ? stored : text;
}

const BUILT_IN: ReadonlyMap<number, NumberKind> = new Map([
  ...[14, 15, 16, 17, 22].map((id) => [id, "date"] as const),
  ...[18, 19, 20, 21, 45, 47].map((id) => [id, "time"] as const),
  // The dates of East Asian spreadsheets.
  ...[27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map((id) => [id, "date"] as const),
  ...[32, 33, 34, 35].map((id) => [id, "time"] as const),
]);

/** How a number format shows numbers: by its code when the workbook gives one, else by its number. */
export function numberKind(formatId: number, code: string | undefined): NumberKind {
  if (code === undefined) return BUILT_IN.get(formatId) ?? "number";
  const [section = ""] = code
    .replaceAll(/"[^"]*"?|\\.|[_*]./gs, "")
    .replaceAll(/AM\/PM|A\/P/gi, "h")
    .split(";");
  // Elapsed hours, [h]:mm, are an amount of days and no moment.
  if (/\[(h+|m+|s+)\]/i.test(section)) return "number";
  const letters = section.replaceAll(/\[[^\]]*\]/g, "").toLowerCase();
  if (/^general$/.test(letters.trim())) return "number";
  if (/[yd]/.test(letters) || (letters.includes("m") && !/[hs]/.test(letters))) return "date";
  return /[hs]/.test(letters) ? "time" : "number";
}
