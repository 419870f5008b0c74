import { Account, type AccountRules, type Call } from "./account.ts";
import { addDays, addMonths, monthOf, monthsBetween } from "./dates.ts";
import type { Evening, OpenDebt } from "./evenings.ts";
import { type Pair, pairsOf } from "./lettering.ts";
import { type AllocationRules, eveningsUnder } from "./policy.ts";
import type { CheckedLease } from "./read-leases.ts";

/** What of the strategy a lease's history depends on. */
export interface HistoryRules extends AccountRules {
  readonly allocation: AllocationRules;
  readonly newEntrantMonths: number;
  readonly repeatWindowMonths: number;
}

/** A day on which figures are read: a month's last, or the as-of date for the month under way. */
export interface Closing {
  readonly month: string;
  readonly closingOn: string;
  readonly isPartial: boolean;
}

/** A lease on one closing, as the domain defines it; euros in cents. */
export interface LeaseClosing extends Closing {
  readonly status: "present" | "departed";
  /** Debts due and unpaid, oldest first within each component. */
  readonly unpaid: readonly OpenDebt[];
  readonly balance: number;
  readonly principal: number;
  readonly fees: number;
  readonly courtCosts: number;
  /** The call of that month, if there was one. */
  readonly call: Call | undefined;
  readonly termsOwed: number;
  readonly oldest: OpenDebt | undefined;
  readonly ageMonths: number | null;
  readonly spellMonths: number;
  readonly debtorType: "new_entrant" | "accidental" | "repeat" | null;
}

/** A lease with its account and what it owed on every closing from its start on. */
export interface LeaseHistory {
  readonly lease: CheckedLease;
  readonly account: Account;
  /** What the landlord lettered. */
  readonly pairs: readonly Pair[];
  readonly closings: readonly LeaseClosing[];
  /** How the account stands on each of some days (ascending) under the policy that arrears follow. */
  eveningsOn(days: readonly string[]): Evening[];
}

/** Tells a lease's history, closing after closing. */
export function tellHistory(
  lease: CheckedLease,
  closings: readonly Closing[],
  rules: HistoryRules,
): LeaseHistory {
  const account = new Account(lease.entries, rules);
  const pairs = pairsOf(account, lease.entries, lease.letterings);
  const eveningsOn = (days: readonly string[]) =>
    eveningsUnder(rules.allocation.policy, rules.allocation, account, pairs, days);
  const lived = closings.filter((closing) => closing.closingOn >= lease.startOn);
  const evenings = eveningsOn(lived.map(({ closingOn }) => closingOn));
  const callOf = new Map(account.calls.map((call) => [call.termMonth, call]));
  const newUntil = addMonths(lease.startOn, rules.newEntrantMonths);
  let spellMonths = 0;
  let spellBegan = 0;
  let earlierSpellEnded = Number.NEGATIVE_INFINITY;
  let lastOwing = Number.NEGATIVE_INFINITY;
  return {
    lease,
    account,
    pairs,
    eveningsOn,
    closings: lived.map((closing, i): LeaseClosing => {
      const { unpaid, advance } = evenings[i] ?? { unpaid: [], advance: 0 };
      const due = { principal: 0, fee: 0, court_cost: 0 };
      for (const debt of unpaid) due[debt.component] += debt.unpaid;
      const balance = due.principal + due.fee + due.court_cost - advance;
      const oldest = balance > 0 ? unpaid.find((debt) => debt.component === "principal") : undefined;
      const termsOwed = balance > 0 ? termsOwedOn(closing.closingOn, unpaid, rules.graceDays) : 0;
      if (termsOwed >= 1) {
        if (spellMonths === 0) {
          spellBegan = i;
          earlierSpellEnded = lastOwing;
        }
        spellMonths++;
        lastOwing = i;
      } else {
        spellMonths = 0;
      }
      const isNew = newUntil > closing.closingOn;
      const isRepeat = spellBegan - earlierSpellEnded <= rules.repeatWindowMonths;
      return {
        month: closing.month,
        closingOn: closing.closingOn,
        isPartial: closing.isPartial,
        status: lease.endOn === null || lease.endOn > closing.closingOn ? "present" : "departed",
        unpaid,
        balance,
        principal: due.principal - advance,
        fees: due.fee,
        courtCosts: due.court_cost,
        call: callOf.get(monthOf(closing.closingOn)),
        termsOwed,
        oldest,
        ageMonths: oldest === undefined ? null : monthsBetween(oldest.dueOn, closing.closingOn),
        spellMonths,
        debtorType: termsOwed < 1 ? null : isNew ? "new_entrant" : isRepeat ? "repeat" : "accidental",
      };
    }),
  };
}

/** The unpaid terms whose grace days are over on a day, each part over its own term. */
export function termsOwedOn(day: string, unpaid: readonly OpenDebt[], graceDays: number): number {
  const lastDue = addDays(day, -graceDays);
  let terms = 0;
  for (const { component, dueOn, terms: whole, unpaid: left, cents } of unpaid)
    if (component === "principal" && dueOn <= lastDue) terms += ((whole ?? 0) * left) / cents;
  return Math.round(terms * 1e6) / 1e6;
}
