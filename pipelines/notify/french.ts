import { numberFr } from "../french-number.ts";

/** How figures of each unit are said in mails: what the unit is called, and how many decimals it has. */
const UNITS: Readonly<
  Record<string, { readonly scale: number; readonly decimals: number; readonly word: string }>
> = {
  ratio: { scale: 100, decimals: 1, word: " %" },
  days: { scale: 1, decimals: 1, word: " j" },
  euros: { scale: 1, decimals: 2, word: " €" },
  count: { scale: 1, decimals: 0, word: "" },
};
const PLAIN = { scale: 1, decimals: 2, word: "" };

/** A figure in its unit: « 8,4 % », « 12,5 j », « 1 234,56 € »; « non publié » where it is withheld. */
export function figureFr(unit: string, value: number | null): string {
  if (value === null) return "non publié";
  const { scale, decimals, word } = UNITS[unit] ?? PLAIN;
  return `${numberFr(value * scale, decimals)}${word}`;
}

/** A change in the unit of the figure, with its sign; that of a ratio is told in points: « +0,3 point ». */
export function changeFr(unit: string, change: number): string {
  const { scale, decimals, word } = UNITS[unit] ?? PLAIN;
  const digits = unit === "ratio" ? 2 : decimals;
  const size = numberFr(Math.abs(change * scale), digits);
  const points = Math.abs(change * scale) >= 2 ? " points" : " point";
  return `${change < 0 ? "−" : "+"}${size}${unit === "ratio" ? points : word}`;
}

/** « 15 novembre 2026 » */
export function dateFr(day: string): string {
  return dayMonthYear.format(new Date(`${day}T00:00:00Z`)).replace(/^1 /, "1er ");
}

/** « octobre 2026 » */
export function monthFr(month: string): string {
  return monthYear.format(new Date(`${month}T00:00:00Z`));
}

/** « d’octobre 2026 », « de mai 2026 » */
export function ofMonthFr(month: string): string {
  const words = monthFr(month);
  return /^[aeiouh]/.test(words) ? `d’${words}` : `de ${words}`;
}

const dayMonthYear = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeZone: "UTC" });
const monthYear = new Intl.DateTimeFormat("fr-FR", { month: "long", year: "numeric", timeZone: "UTC" });
