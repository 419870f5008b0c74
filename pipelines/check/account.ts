import { addDays, monthOf } from "./dates.ts";

/** One row of `ledger.entry`, as far as accounts are concerned; euros in whole cents. */
export interface AccountEntry {
  readonly id: string;
  readonly bookedOn: string;
  readonly dueOn: string | null;
  readonly valueOn: string | null;
  readonly kind: string;
  readonly component: Component | null;
  readonly cents: number;
  readonly termMonth: string | null;
  readonly earmark: Component | null;
}

export const COMPONENTS = ["principal", "fee", "court_cost"] as const;
export type Component = (typeof COMPONENTS)[number];

/** What of the strategy an account depends on. */
export interface AccountRules {
  readonly graceDays: number;
  readonly netCallFloorShare: number;
}

/** What fell due on one day for one component, and what is left of it. */
export interface Debt {
  readonly component: Component;
  readonly dueOn: string;
  readonly termMonth: string;
  readonly cents: number;
  /** The same in terms; null where the lease was never called. */
  readonly terms: number | null;
}

/** Euros that came to an account on one day. */
export interface Credit {
  readonly on: string;
  readonly cents: number;
  /** The only component that it is for (the debtor's choice, what is given up or corrected); null for any. */
  readonly only: Component | null;
  /** The entry that it is; null where it is what a call left over. */
  readonly entryId: string | null;
}

/** What was billed for a month. */
export interface Call {
  readonly termMonth: string;
  readonly dueOn: string;
  readonly gross: number;
  readonly benefit: number;
  readonly net: number;
  /** Cents that make one term. */
  readonly term: number;
  /** What falls due on which day. */
  readonly parts: readonly { readonly dueOn: string; readonly cents: number }[];
}

const CALL = new Set(["rent", "charges", "rent_supplement"]);
const BENEFIT = new Set(["housing_benefit", "rent_rebate"]);
const RECEIPT = new Set(["payment", "guarantor_payment", "deposit"]);

/**
 * What a tenant's account asks and receives: the words of the domain, entry after entry. It shares nothing with the SQL of
 * the night; it exists so that an auditor, and the tests, can hold one against the other.
 */
export class Account {
  readonly calls: readonly Call[];
  /** What fell due, one debt a component and day, oldest first. */
  readonly debts: readonly Debt[];
  /** Credits that no call took, oldest first. */
  readonly credits: readonly Credit[];
  readonly #entries: readonly AccountEntry[];
  readonly #rules: AccountRules;
  readonly #credits: Credit[] = [];

  /** `entries`: those of one lease, booked by the as-of date. */
  constructor(entries: readonly AccountEntry[], rules: AccountRules) {
    this.#entries = entries;
    this.#rules = rules;
    this.calls = this.#makeCalls();
    const asked = new Map<string, { component: Component; on: string; cents: number }>();
    const ask = (component: Component, on: string, cents: number) => {
      const key = `${component} ${on}`;
      const lump = asked.get(key) ?? { component, on, cents: 0 };
      lump.cents += cents;
      asked.set(key, lump);
    };
    for (const call of this.calls) for (const part of call.parts) ask("principal", part.dueOn, part.cents);
    for (const entry of entries) {
      if (CALL.has(entry.kind) || (BENEFIT.has(entry.kind) && entry.cents <= 0)) continue;
      const component = componentOf(entry);
      if (entry.cents > 0) ask(component ?? "principal", countsOn(entry), entry.cents);
      else this.#credits.push(creditOf(entry, component));
    }
    const inTerms = this.#terms();
    const debts: Debt[] = [];
    for (const { component, on, cents } of asked.values()) {
      if (cents === 0) continue;
      const told = component === "principal" ? inTerms(on, cents) : { termMonth: null, terms: null };
      const termMonth = told.termMonth ?? monthOf(on);
      debts.push({ component, dueOn: on, termMonth, cents, terms: told.terms });
    }
    this.debts = debts.sort((one, other) => inOrder(one.dueOn, other.dueOn));
    this.credits = this.#credits.sort((one, other) => inOrder(one.on, other.on));
  }

  #makeCalls(): Call[] {
    const months = new Map<string, { lines: AccountEntry[]; benefits: AccountEntry[] }>();
    for (const entry of this.#entries) {
      const isLine = CALL.has(entry.kind);
      if (!isLine && (!BENEFIT.has(entry.kind) || entry.cents > 0)) continue;
      const month = months.get(termMonthOf(entry)) ?? { lines: [], benefits: [] };
      months.set(termMonthOf(entry), month);
      (isLine ? month.lines : month.benefits).push(entry);
    }
    const calls: Call[] = [];
    const untimely = (benefits: readonly AccountEntry[]) => {
      for (const entry of benefits) this.#credits.push(creditOf(entry, null));
    };
    for (const [termMonth, { lines, benefits }] of [...months].sort(([one], [other]) =>
      inOrder(one, other),
    )) {
      const gross = sum(lines.map((line) => line.cents));
      if (gross <= 0) {
        if (lines.length > 0)
          this.#credits.push({
            on: lines.map(countsOn).sort().at(-1) ?? termMonth,
            cents: -gross,
            only: null,
            entryId: null,
          });
        untimely(benefits);
        continue;
      }
      const asked = lines
        .filter((line) => line.cents > 0)
        .sort((one, other) => inOrder(countsOn(one), countsOn(other)));
      const dueOn = asked[0] === undefined ? termMonth : countsOn(asked[0]);
      const lastDay = addDays(dueOn, this.#rules.graceDays);
      const timely = benefits.filter((entry) => countsOn(entry) <= lastDay);
      untimely(benefits.filter((entry) => countsOn(entry) > lastDay));
      const benefit = sum(timely.map((entry) => -entry.cents));
      const net = Math.max(gross - benefit, 0);
      if (benefit > gross)
        this.#credits.push({ on: dueOn, cents: benefit - gross, only: "principal", entryId: null });
      let reduction = sum(asked.map((line) => line.cents)) - gross + benefit;
      const parts = asked.map((line) => {
        const reduced = Math.min(reduction, line.cents);
        reduction -= reduced;
        return { dueOn: countsOn(line), cents: line.cents - reduced };
      });
      const term = net < gross * this.#rules.netCallFloorShare ? gross : net;
      calls.push({ termMonth, dueOn, gross, benefit, net, term, parts });
    }
    return calls;
  }

  /** Parts of calls in terms of their own call, the rest in terms of that day's, else the last one before, else the first. */
  #terms(): (day: string, cents: number) => { termMonth: string | null; terms: number | null } {
    const byDay = new Map<string, { termMonth: string; cents: number; terms: number; term: number }>();
    for (const { termMonth, term, parts } of this.calls) {
      for (const { dueOn, cents } of parts) {
        const called = byDay.get(dueOn) ?? { termMonth, cents: 0, terms: 0, term: 0 };
        called.cents += cents;
        called.terms += cents / term;
        called.term = Math.max(called.term, term);
        byDay.set(dueOn, called);
      }
    }
    const days = [...byDay.keys()].sort();
    return (day, cents) => {
      const own = byDay.get(day);
      const reference = own ?? byDay.get(days.findLast((other) => other <= day) ?? days[0] ?? "");
      if (reference === undefined) return { termMonth: null, terms: null };
      return {
        termMonth: own?.termMonth ?? null,
        terms: (own?.terms ?? 0) + (cents - (own?.cents ?? 0)) / reference.term,
      };
    };
  }
}

/** The component that an entry is for: always one for what is asked; for money received, the one the debtor chose. */
export function componentOf(entry: AccountEntry): Component | null {
  if (RECEIPT.has(entry.kind) && entry.cents <= 0) return entry.earmark;
  if (CALL.has(entry.kind) || BENEFIT.has(entry.kind) || entry.kind === "deposit") return "principal";
  if (entry.kind === "fee" || entry.kind === "court_cost") return entry.kind;
  return entry.component ?? "principal";
}

/** The day on which an entry counts: a debit's due date, a credit's value date, the day of booking where there is none. */
export function countsOn(entry: AccountEntry): string {
  return (entry.cents > 0 ? entry.dueOn : (entry.valueOn ?? entry.dueOn)) ?? entry.bookedOn;
}

function termMonthOf(entry: AccountEntry): string {
  return entry.termMonth ?? monthOf(countsOn(entry));
}

function creditOf(entry: AccountEntry, only: Component | null): Credit {
  return { on: countsOn(entry), cents: -entry.cents, only, entryId: entry.id };
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
