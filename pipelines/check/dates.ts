/** First day of a date's month. Dates are texts, yyyy-mm-dd. */
export function monthOf(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

/** So many days later, or earlier. */
export function addDays(date: string, days: number): string {
  const key = `${date}${days}`;
  const known = later.get(key);
  if (known !== undefined) return known;
  const day = new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
  later.set(key, day);
  return day;
}

/** A ledger has a few thousand days, each asked for thousands of times. */
const later = new Map<string, string>();

/** Days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** The same day of a later month; its last day where it has no such day. */
export function addMonths(date: string, months: number): string {
  const number = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const month = `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
  const day = `${month}-${date.slice(8)}`;
  const last = lastDayOf(month);
  return day < last ? day : last;
}

/** The last day of a date's month. */
export function lastDayOf(date: string): string {
  const month = date.slice(0, 7);
  const known = lastDays.get(month);
  if (known !== undefined) return known;
  const day = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0))
    .toISOString()
    .slice(0, 10);
  lastDays.set(month, day);
  return day;
}

const lastDays = new Map<string, string>();

/** Whole months that have passed from one day to a later one. */
export function monthsBetween(from: string, to: string): number {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7));
  return addMonths(from, months) <= to ? months : months - 1;
}

const DAY = 86_400_000;
