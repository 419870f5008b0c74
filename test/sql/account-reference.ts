/** One row of `contract.entry`, as far as accounts are concerned; euros in whole cents. */
export interface LedgerEntry {
  readonly id: string;
  readonly leaseId: string;
  readonly bookedOn: string;
  readonly dueOn: string | null;
  readonly valueOn: string | null;
  readonly kind: string;
  readonly component: Component | null;
  readonly cents: number;
  readonly termMonth: string | null;
  readonly earmark: Component | null;
}

export type Component = "principal" | "fee" | "court_cost";

export interface Rules {
  readonly ranking: readonly Component[];
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
  unpaid: number;
}

/** Euros that came to an account on one day. */
export interface Credit {
  readonly on: string;
  readonly cents: number;
  /** The only component that it is for; null for any. */
  readonly only: Component | null;
  /** The entry that it is; null where several made it. */
  readonly entryId: string | null;
}

/** An account on one evening. */
export interface Evening {
  /** Debts fallen due and not wholly paid, oldest first. */
  readonly unpaid: readonly Debt[];
  /** Euros received that no due debt has used yet, in cents. */
  readonly advance: number;
}

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

const CALL = ["rent", "charges", "rent_supplement"];
const BENEFIT = ["housing_benefit", "rent_rebate"];
const ALWAYS_PRINCIPAL = [...CALL, ...BENEFIT, "deposit"];

/**
 * A tenant's account told slowly: day after day, a queue of debts and an advance. It shares no idea with the SQL beyond
 * the rules of the domain; it exists to be obviously right.
 */
export class Account {
  readonly calls: readonly Call[];
  readonly #entries: readonly LedgerEntry[];
  readonly #rules: Rules;
  /** Credits that no call took. */
  readonly credits: readonly Credit[];
  /** What fell due, oldest first. */
  readonly debts: readonly Debt[];
  readonly #credits: Credit[] = [];
  readonly #debts: Debt[] = [];

  /** `entries`: those of one lease, booked by the as-of date. */
  constructor(entries: readonly LedgerEntry[], rules: Rules) {
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
      if (CALL.includes(entry.kind) || (BENEFIT.includes(entry.kind) && entry.cents <= 0)) continue;
      const component = componentOf(entry);
      if (entry.cents > 0) ask(component ?? "principal", countsOn(entry), entry.cents);
      else this.#credits.push({ ...creditOf(entry), only: component });
    }
    for (const { component, on, cents } of asked.values()) {
      if (cents === 0) continue;
      const isPrincipal = component === "principal";
      this.#debts.push({
        component,
        dueOn: on,
        termMonth: (isPrincipal ? this.#monthCalledOn(on) : null) ?? monthOf(on),
        cents,
        terms: isPrincipal ? this.#inTerms(on, cents) : null,
        unpaid: cents,
      });
    }
    this.#debts.sort((a, b) => a.dueOn.localeCompare(b.dueOn));
    this.debts = this.#debts;
    this.credits = this.#credits;
  }

  /** Lives every day up to each of `evenings` (ascending) and tells how the account stands. */
  liveUntil(evenings: readonly string[]): Evening[] {
    const days = [...new Set([...this.#debts.map((d) => d.dueOn), ...this.#credits.map((c) => c.on)])].sort();
    const queue: Debt[] = [];
    let advance = 0;
    let next = 0;
    return evenings.map((evening) => {
      for (let day = days[next]; day !== undefined && day <= evening; day = days[++next]) {
        queue.push(...this.#debts.filter((debt) => debt.dueOn === day).map((debt) => ({ ...debt })));
        for (const credit of this.#credits.filter(({ on }) => on === day)) {
          const only = credit.only;
          advance +=
            only === null
              ? credit.cents
              : serve(
                  queue.filter((d) => d.component === only),
                  credit.cents,
                );
        }
        for (const rank of this.#rules.ranking)
          advance = serve(
            queue.filter((d) => d.component === rank),
            advance,
          );
      }
      return { unpaid: queue.filter((debt) => debt.unpaid > 0).map((debt) => ({ ...debt })), advance };
    });
  }

  #makeCalls(): Call[] {
    const months = new Set(this.#entries.filter((entry) => CALL.includes(entry.kind)).map(termMonthOf));
    const calls: Call[] = [];
    const taken = new Set<LedgerEntry>();
    for (const termMonth of [...months].sort()) {
      const lines = this.#entries.filter(
        (entry) => CALL.includes(entry.kind) && termMonthOf(entry) === termMonth,
      );
      const gross = sum(lines.map((line) => line.cents));
      if (gross <= 0) {
        const on = lines.map(countsOn).sort().at(-1) ?? termMonth;
        this.#credits.push({ on, cents: -gross, only: null, entryId: null });
        continue;
      }
      const asked = lines
        .filter((line) => line.cents > 0)
        .sort((a, b) => countsOn(a).localeCompare(countsOn(b)));
      const dueOn = asked.map(countsOn)[0] ?? termMonth;
      const lastDay = addDays(dueOn, this.#rules.graceDays);
      const timely = this.#entries.filter(
        (entry) =>
          BENEFIT.includes(entry.kind) &&
          entry.cents <= 0 &&
          termMonthOf(entry) === termMonth &&
          countsOn(entry) <= lastDay,
      );
      for (const entry of timely) taken.add(entry);
      const benefit = -sum(timely.map((entry) => entry.cents));
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
    for (const entry of this.#entries) {
      if (BENEFIT.includes(entry.kind) && entry.cents <= 0 && !taken.has(entry)) {
        this.#credits.push({ ...creditOf(entry), only: null });
      }
    }
    return calls;
  }

  #monthCalledOn(day: string): string | undefined {
    return this.calls
      .filter((call) => call.parts.some((part) => part.dueOn === day))
      .map((call) => call.termMonth)[0];
  }

  /** Parts of calls in terms of their own call, the rest in terms of that day's, else the last one before, else the first. */
  #inTerms(day: string, cents: number): number | null {
    const dated = this.calls.flatMap((call) => call.parts.map((part) => ({ ...part, term: call.term })));
    const days = [...new Set(dated.map((part) => part.dueOn))].sort();
    const reference = days.filter((other) => other <= day).at(-1) ?? days[0];
    if (reference === undefined) return null;
    const term = Math.max(...dated.filter((part) => part.dueOn === reference).map((part) => part.term));
    const ofCalls = dated.filter((part) => part.dueOn === day);
    return (
      sum(ofCalls.map((part) => part.cents / part.term)) +
      (cents - sum(ofCalls.map((part) => part.cents))) / term
    );
  }
}

function creditOf(entry: LedgerEntry): Omit<Credit, "only"> {
  return { on: countsOn(entry), cents: -entry.cents, entryId: entry.id };
}

/** Pays debts, oldest first, and returns what is left. */
function serve(debts: readonly Debt[], cents: number): number {
  let left = cents;
  for (const debt of debts) {
    const paid = Math.min(left, debt.unpaid);
    debt.unpaid -= paid;
    left -= paid;
  }
  return left;
}

/** The component that an entry is for: always one for what is asked; for money received, the one the debtor chose. */
export function componentOf(entry: LedgerEntry): Component | null {
  if (["payment", "guarantor_payment", "deposit"].includes(entry.kind) && entry.cents <= 0)
    return entry.earmark;
  if (ALWAYS_PRINCIPAL.includes(entry.kind)) return "principal";
  if (entry.kind === "fee" || entry.kind === "court_cost") return entry.kind;
  return entry.component ?? "principal";
}

export function countsOn(entry: LedgerEntry): string {
  return (entry.cents > 0 ? entry.dueOn : (entry.valueOn ?? entry.dueOn)) ?? entry.bookedOn;
}

function termMonthOf(entry: LedgerEntry): string {
  return entry.termMonth ?? monthOf(countsOn(entry));
}

/** First day of a date's month. */
export function monthOf(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The same day of a later month; its last day where it has no such day. */
export function addMonths(date: string, months: number): string {
  const first = new Date(`${monthOf(date)}T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + months);
  const month = first.toISOString().slice(0, 10);
  const last = addDays(monthOf(addDays(month, 31)), -1);
  const day = `${month.slice(0, 8)}${date.slice(8)}`;
  return day < last ? day : last;
}

/** Whole months that have passed from one day to a later one. */
export function monthsBetween(from: string, to: string): number {
  let months = 0;
  while (addMonths(from, months + 1) <= to) months++;
  return months;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Items by key, in the order in which they come. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
