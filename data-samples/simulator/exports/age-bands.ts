import { type Day, firstDay, monthOf, yearOf } from "../calendar.ts";

/** The bands, youngest first, with the age from which each holds. */
const BANDS = [
  { band: "under_25", from: 0 },
  { band: "25_34", from: 25 },
  { band: "35_49", from: 35 },
  { band: "50_64", from: 50 },
  { band: "65_74", from: 65 },
  { band: "75_plus", from: 75 },
] as const;

export type AgeBand = (typeof BANDS)[number]["band"];

/**
 * The age bands of a person from one day to another, each with the day since which it holds: the first day, then each
 * 1 January on which the year of birth leads into the next band.
 */
export function ageBandsOf(
  birthYear: number,
  first: Day,
  last: Day,
): readonly { readonly band: AgeBand; readonly from: Day }[] {
  const age = yearOf(monthOf(first)) - birthYear;
  const held = BANDS.findLastIndex(({ from }) => from <= age);
  return BANDS.slice(Math.max(held, 0))
    .map(({ band, from }, index) => ({ band, from: index === 0 ? first : firstDay((birthYear + from) * 12) }))
    .filter(({ from }) => from <= last);
}
