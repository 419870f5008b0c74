const MILLISECONDS = 86_400_000;

/** A day counted since 1970 as a date: 20454 is 2026-01-01. */
export function dayOf(day: number): string {
  return new Date(day * MILLISECONDS).toISOString().slice(0, 10);
}

/** A date as a day counted since 1970. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / MILLISECONDS;
}

/** The month in which a day counted since 1970 lies, counted since January 1970. */
export function monthNumber(day: number): number {
  const date = new Date(day * MILLISECONDS);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The same day so many months later; the last day of a shorter month. */
export function monthsLater(date: string, months: number): string {
  const first = new Date(`${date.slice(0, 8)}01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + months + 1, 0);
  const day = Math.min(Number(date.slice(8)), first.getUTCDate());
  return `${first.toISOString().slice(0, 8)}${String(day).padStart(2, "0")}`;
}
