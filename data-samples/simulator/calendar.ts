/** A date as a number of days since 1970-01-01. */
export type Day = number;
/** A calendar month as year × 12 + (0 for January … 11 for December). */
export type Month = number;

const MILLISECONDS_A_DAY = 86_400_000;
// Full length from the start: V8 keeps an array that grows from a far index as a slow dictionary.
const DAYS_KEPT = 40_000;
const MONTHS_KEPT = 2_100 * 12;
const isoDates = new Array<string | undefined>(DAYS_KEPT).fill(undefined);
const frenchDates = new Array<string | undefined>(DAYS_KEPT).fill(undefined);
const months = new Array<Month | undefined>(DAYS_KEPT).fill(undefined);
const isoMonths = new Array<string | undefined>(MONTHS_KEPT).fill(undefined);
const frenchMonths = new Array<string | undefined>(MONTHS_KEPT).fill(undefined);
const firstDays = new Array<Day | undefined>(MONTHS_KEPT).fill(undefined);

/** The month of `yyyy-mm`, or undefined when the text is no month. */
export function parseMonth(text: string): Month | undefined {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  return match ? Number(match[1]) * 12 + Number(match[2]) - 1 : undefined;
}

/** The first day of a month. */
export function firstDay(month: Month): Day {
  const known = firstDays[month];
  if (known !== undefined) return known;
  const day = Date.UTC(yearOf(month), month % 12, 1) / MILLISECONDS_A_DAY;
  firstDays[month] = day;
  return day;
}

/** The last day of a month. */
export function lastDay(month: Month): Day {
  return firstDay(month + 1) - 1;
}

/** How many days a month has. */
export function daysIn(month: Month): number {
  return firstDay(month + 1) - firstDay(month);
}

/** The given day of a month (1 is the first), held back to the month's last day. */
export function dayOf(month: Month, dayOfMonth: number): Day {
  return Math.min(firstDay(month) + dayOfMonth - 1, lastDay(month));
}

/** The month that a day belongs to. */
export function monthOf(day: Day): Month {
  const known = months[day];
  if (known !== undefined) return known;
  const date = new Date(day * MILLISECONDS_A_DAY);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  months[day] = month;
  return month;
}

/** The year that a month belongs to. */
export function yearOf(month: Month): number {
  return Math.floor(month / 12);
}

/** `yyyy-mm-dd`. */
export function isoDate(day: Day): string {
  const known = isoDates[day];
  if (known !== undefined) return known;
  const text = new Date(day * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
  isoDates[day] = text;
  return text;
}

/** `dd/mm/yyyy`. */
export function frenchDate(day: Day): string {
  const known = frenchDates[day];
  if (known !== undefined) return known;
  const [year, month, date] = isoDate(day).split("-");
  const text = `${date}/${month}/${year}`;
  frenchDates[day] = text;
  return text;
}

/** `yyyy-mm`. */
export function isoMonth(month: Month): string {
  const known = isoMonths[month];
  if (known !== undefined) return known;
  const text = isoDate(firstDay(month)).slice(0, 7);
  isoMonths[month] = text;
  return text;
}

/** `mm/yyyy`. */
export function frenchMonth(month: Month): string {
  const known = frenchMonths[month];
  if (known !== undefined) return known;
  const text = frenchDate(firstDay(month)).slice(3);
  frenchMonths[month] = text;
  return text;
}
