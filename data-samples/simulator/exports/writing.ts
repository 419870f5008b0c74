import { type Day, isoDate, type Month } from "../calendar.ts";
import type { DelimitedShape } from "../delivery.ts";
import type { EntryKind, EntryRecord, LeaseRecord } from "../landlord-records.ts";
import type { LegacyAgency } from "../parameters.ts";
import type { Window } from "../window.ts";

/** One former landlord's (or the group's) way of writing its files; `write` is told of each of its dwellings. */
export interface Export<Told> {
  write(told: Told): void;
  /** Writes what can only be known at the end. */
  finish(): Promise<void>;
}

/** What a landlord calls each kind of entry: its code and the label it prints. */
export type Vocabulary = Readonly<Record<EntryKind, { readonly code: string; readonly label: string }>>;

// Full length from the start, as in calendar.ts.
const compactDates = new Array<string | undefined>(40_000).fill(undefined);

/** How the group itself writes its lists. */
export const GROUP_LISTING: DelimitedShape = { encoding: "utf-8", separator: ";", lineEnd: "\n" };

/** Whole cents with a decimal point: `-1234.50`. */
export function pointAmount(cents: number): string {
  const absolute = Math.abs(cents);
  return `${cents < 0 ? "-" : ""}${Math.floor(absolute / 100)}.${twoDigits(absolute % 100)}`;
}

/** Whole cents with a decimal comma and the given mark between thousands: `-1 234,50`. */
export function commaAmount(cents: number, thousandsMark: string): string {
  const absolute = Math.abs(cents);
  const euros = Math.floor(absolute / 100);
  const sign = cents < 0 ? "-" : "";
  const grouped = euros < 1000 ? `${euros}` : `${euros}`.replaceAll(/\B(?=(?:\d{3})+$)/g, thousandsMark);
  return `${sign}${grouped},${twoDigits(absolute % 100)}`;
}

/** A number with leading zeros. */
export function digits(number: number, width: number): string {
  return String(number).padStart(width, "0");
}

/** The sum of all that the lease's account shows, in cents. */
export function balanceOf(lease: LeaseRecord): number {
  let cents = 0;
  for (const entry of lease.entries) cents += entry.cents;
  return cents;
}

/** The tenant had left when the entry was booked. */
export function isDeparted(lease: LeaseRecord, entry: EntryRecord): boolean {
  return lease.end !== null && entry.bookedOn > lease.end;
}

/** The code that an agency goes by in a month: its own until the group took it over. */
export function agencyCodeIn(agency: LegacyAgency, month: Month, window: Window): string {
  let code = agency.code;
  for (const takeover of agency.takenOverBy) {
    if (month >= window.lastMonth - takeover.monthsBeforeEnd) code = takeover.agency;
  }
  return code;
}

/** `yyyymmdd`, as file names and accounting files carry it. */
export function compactDate(day: Day): string {
  const known = compactDates[day];
  if (known !== undefined) return known;
  const text = isoDate(day).replaceAll("-", "");
  compactDates[day] = text;
  return text;
}

/** The same keys, each with what `change` makes of its value. */
export function mapValues<Key extends string, From, To>(
  from: Readonly<Record<Key, From>>,
  change: (value: From) => To,
): Readonly<Record<Key, To>> {
  const entries = Object.entries<From>(from).map(([key, value]) => [key, change(value)]);
  return Object.fromEntries(entries) as Record<Key, To>;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}
