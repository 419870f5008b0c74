import { type Day, lastDay, type Month, monthOf } from "./calendar.ts";
import type { EntryRecord, LeaseRecord } from "./landlord-records.ts";
import type { Window } from "./window.ts";

/** Days after its due date from which a debit counts as a term, and within which benefit lowers its call. */
const GRACE_DAYS = 10;
/** Benefit that leaves less than this share of the gross call leaves the gross call as the term. */
const NET_CALL_FLOOR = 0.1;

/** What a lease owes at a month end, from its entries alone; the oldest debt is paid first. */
export interface LeaseMonth {
  readonly month: Month;
  readonly closing: Day;
  readonly present: boolean;
  /** Due and not received, in cents; a credit is negative. */
  readonly due: number;
  /** Unpaid terms: each one's unpaid part over its month's call. */
  readonly terms: number;
  /** Full months since the due date of the oldest unpaid debit; null when nothing is owed. */
  readonly age: number | null;
  /** The net call last due. */
  readonly call: number;
}

interface Debit {
  readonly on: Day;
  cents: number;
  term: number;
}

/** A lease's entries read as the ledger reads them, ready to be asked for any day. */
export class LeaseAccount {
  readonly #debits: Debit[] = [];
  readonly #movements: { readonly on: Day; readonly bookedOn: Day; readonly cents: number }[];

  constructor({ entries }: Pick<LeaseRecord, "entries">) {
    const calls = callsOf(entries);
    const others: Debit[] = [];
    const lowered = new Set<EntryRecord>();
    for (const { dueOn, gross, benefit, timely } of calls.values()) {
      const net = Math.max(0, gross - benefit);
      for (const entry of timely) lowered.add(entry);
      if (dueOn !== null && net > 0) {
        this.#debits.push({ on: dueOn, cents: net, term: net < NET_CALL_FLOOR * gross ? gross : net });
      }
    }
    this.#debits.sort((one, other) => one.on - other.on);
    const first = this.#debits[0]?.term ?? 0;
    for (const entry of entries) {
      const on = countsOn(entry);
      if (entry.cents <= 0 || isCall(entry) || entry.kind === "fee" || entry.kind === "court_cost") continue;
      others.push({ on, cents: entry.cents, term: this.#termOn(on) || first });
    }
    this.#debits.push(...others);
    this.#debits.sort((one, other) => one.on - other.on);
    this.#movements = entries
      .map((entry) => ({ on: countsOn(entry), bookedOn: entry.bookedOn, cents: entry.cents }))
      .sort((one, other) => one.on - other.on);
  }

  /** Due and not received on a day, in cents, among what is booked by `known`. */
  dueOn(day: Day, known: Day = day): number {
    let cents = 0;
    for (const movement of this.#movements) {
      if (movement.on > day) break;
      if (movement.bookedOn <= known) cents += movement.cents;
    }
    return cents;
  }

  /** The net call last due on a day; 0 before the first. */
  callOn(day: Day): number {
    return this.#termOn(day);
  }

  /** Terms owed and the age of the oldest on a day on which `due` cents are owed. */
  agesOn(day: Day, due: number): { readonly terms: number; readonly since: Day | null } {
    let left = due;
    let terms = 0;
    let since: Day | null = null;
    for (let index = this.#debits.length - 1; index >= 0 && left > 0; index--) {
      const debit = this.#debits[index];
      if (debit === undefined || debit.on > day) continue;
      const unpaid = Math.min(left, debit.cents);
      left -= unpaid;
      since = debit.on;
      if (debit.on <= day - GRACE_DAYS && debit.term > 0) terms += unpaid / debit.term;
    }
    return { terms, since };
  }

  #termOn(day: Day): number {
    let term = 0;
    for (const debit of this.#debits) {
      if (debit.on > day) break;
      term = debit.term;
    }
    return term;
  }
}

/** One row per month end of the window that is over and falls in the lease or after it. */
export function monthsOf(lease: LeaseRecord, window: Window): LeaseMonth[] {
  const account = new LeaseAccount(lease);
  const months: LeaseMonth[] = [];
  const from = Math.max(window.firstMonth, monthOf(lease.start));
  for (let month = from; lastDay(month) <= window.asOf; month++) {
    const closing = lastDay(month);
    const due = account.dueOn(closing, window.asOf);
    const { terms, since } = account.agesOn(closing, due);
    months.push({
      month,
      closing,
      present: lease.end === null || lease.end > closing,
      due,
      terms: Math.round(terms * 1e6) / 1e6,
      age: since === null ? null : fullMonths(since, closing),
      call: account.callOn(closing),
    });
  }
  return months;
}

/** The day on which an entry counts: a debit's due date, a credit's value date. */
export function countsOn(entry: EntryRecord): Day {
  return entry.dueOn ?? entry.valueOn ?? entry.bookedOn;
}

function isCall({ kind }: EntryRecord): boolean {
  return kind === "rent" || kind === "charges" || kind === "rent_supplement";
}

function callsOf(entries: readonly EntryRecord[]) {
  const calls = new Map<
    Month,
    { dueOn: Day | null; gross: number; benefit: number; readonly timely: EntryRecord[] }
  >();
  for (const entry of entries) {
    if (!isCall(entry) || entry.termMonth === null) continue;
    const call = calls.get(entry.termMonth) ?? { dueOn: null, gross: 0, benefit: 0, timely: [] };
    call.gross += entry.cents;
    call.dueOn ??= entry.dueOn;
    calls.set(entry.termMonth, call);
  }
  for (const entry of entries) {
    if (entry.kind !== "housing_benefit" && entry.kind !== "rent_rebate") continue;
    const call = entry.termMonth === null ? undefined : calls.get(entry.termMonth);
    if (!call || call.dueOn === null || entry.cents > 0) continue;
    if (countsOn(entry) > call.dueOn + GRACE_DAYS) continue;
    call.benefit -= entry.cents;
    call.timely.push(entry);
  }
  return calls;
}

function fullMonths(from: Day, to: Day): number {
  const months = monthOf(to) - monthOf(from);
  return new Date(from * 86_400_000).getUTCDate() > new Date(to * 86_400_000).getUTCDate()
    ? months - 1
    : months;
}
