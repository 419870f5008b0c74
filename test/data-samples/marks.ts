import { lastDay, monthOf } from "../../data-samples/simulator/calendar.ts";
import type { DwellingRecord, LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { type LeaseMonth, monthsOf } from "../../data-samples/simulator/measure.ts";
import type { Window } from "../../data-samples/simulator/window.ts";

const BILLED = ["rent", "charges", "rent_supplement", "charges_adjustment", "repairs", "adjustment"];
const A_FEW_EUROS = 1_000;

/** A landlord's homes as the public marks tell them: means of the last twelve month ends, from the records alone. */
export interface Marks {
  /** Shares of present homes: any due balance above 10 euros, whole terms owed, a term older than 12 months. */
  readonly late: number;
  readonly oneTerm: number;
  readonly threeTerms: number;
  readonly olderThanAYear: number;
  /** Of what was billed in twelve months, the share neither still receivable nor lost. */
  readonly recovery: number;
  /** Vacated dwellings left with more than 10 euros, three months after. */
  readonly leftWithDebt: number;
  readonly departuresAYear: number;
  /** Of homes owing no whole term, those owing one a month later. */
  readonly onset: number;
  /** Of onsets, those owing no whole term again within so many months, still present. */
  readonly cured: { readonly in1: number; readonly in3: number; readonly in6: number };
  /** Homes owing a whole term: mean months in a row. */
  readonly spell: number;
  /** Shares of homes late by the age of their oldest debt, in months. */
  readonly ageing: Readonly<Record<string, number>>;
}

/** Reads every dwelling once and keeps sums only. */
export function marksOf(dwellings: Iterable<DwellingRecord>, window: Window): Marks {
  const sums = new Map<string, number>();
  const add = (name: string, by = 1): void => void sums.set(name, (sums.get(name) ?? 0) + by);
  for (const { use, leases } of dwellings) {
    if (use !== "residential") continue;
    add("homes");
    for (const lease of leases) {
      const months = monthsOf(lease, window);
      countMonths(months, window, add);
      countSpells(months, add);
      countDeparture(lease, months, window, add);
      countReceivables(lease, window, add);
    }
  }
  const of = (part: string, whole: string): number => (sums.get(part) ?? 0) / (sums.get(whole) ?? Number.NaN);
  const money = (name: string): number => sums.get(name) ?? 0;
  const years = (window.lastMonth - window.firstMonth - 4) / 12;
  const ages = ["0-1", "1-3", "3-6", "6-12", "12+"];
  return {
    late: of("late", "present"),
    oneTerm: of("1 term", "present"),
    threeTerms: of("3 terms", "present"),
    olderThanAYear: of("old", "present"),
    recovery: (money("billed") + money("open") - money("close") - money("lost")) / money("billed"),
    leftWithDebt: of("left with debt", "left"),
    departuresAYear: of("left", "homes") / years,
    onset: of("onset", "at risk"),
    cured: { in1: of("cured 1", "onset"), in3: of("cured 3", "onset"), in6: of("cured 6", "onset") },
    spell: of("spell", "1 term"),
    ageing: Object.fromEntries(ages.map((age) => [age, of(`age ${age}`, "late")])),
  };
}

type Add = (name: string, by?: number) => void;

function countMonths(months: readonly LeaseMonth[], window: Window, add: Add): void {
  let spell = 0;
  for (const { month, present, due, terms, age } of months) {
    spell = terms >= 1 ? spell + 1 : 0;
    if (!present || month < window.lastMonth - 12) continue;
    add("present");
    if (terms >= 1) {
      add("1 term");
      add("spell", spell);
    }
    if (terms >= 3) add("3 terms");
    if (age !== null && age >= 12) add("old");
    if (due <= A_FEW_EUROS || age === null) continue;
    add("late");
    add(`age ${age < 1 ? "0-1" : age < 3 ? "1-3" : age < 6 ? "3-6" : age < 12 ? "6-12" : "12+"}`);
  }
}

function countSpells(months: readonly LeaseMonth[], add: Add): void {
  for (let index = 1; index < months.length; index++) {
    const now = months[index];
    if (!now?.present || (months[index - 1]?.terms ?? 1) >= 1) continue;
    add("at risk");
    if (now.terms < 1) continue;
    add("onset");
    for (const span of [1, 3, 6]) {
      const after = months.slice(index + 1, index + 1 + span);
      if (after.some(({ present, terms }) => present && terms < 1)) add(`cured ${span}`);
    }
  }
}

function countDeparture(lease: LeaseRecord, months: readonly LeaseMonth[], window: Window, add: Add): void {
  if (lease.end === null || lease.end < window.start || monthOf(lease.end) > window.lastMonth - 5) return;
  const settledIn = monthOf(lease.end) + 3;
  add("left");
  if ((months.find(({ month }) => month === settledIn)?.due ?? 0) > A_FEW_EUROS) add("left with debt");
}

function countReceivables({ entries }: LeaseRecord, window: Window, add: Add): void {
  const open = lastDay(window.lastMonth - 13);
  const close = lastDay(window.lastMonth - 1);
  for (const { kind, cents, bookedOn } of entries) {
    if (kind === "fee" || kind === "court_cost" || bookedOn > close) continue;
    add("close", cents);
    if (bookedOn <= open) add("open", cents);
    else if (kind === "write_off") add("lost", -cents);
    else if (BILLED.includes(kind)) add("billed", cents);
  }
}
