import { Account, type AccountRules, type Call, type Debt } from "./account.ts";
import { addDays, addMonths, monthOf, monthsBetween } from "./dates.ts";
import type { CheckedLease } from "./read-leases.ts";

/** What of the strategy a lease's history depends on. */
export interface HistoryRules extends AccountRules {
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
  readonly unpaid: readonly Readonly<Debt>[];
  readonly balance: number;
  readonly principal: number;
  readonly fees: number;
  readonly courtCosts: number;
  /** The call of that month, if there was one. */
  readonly call: Call | undefined;
  readonly termsOwed: number;
  readonly oldest: Readonly<Debt> | undefined;
  readonly ageMonths: number | null;
  readonly spellMonths: number;
  readonly debtorType: "new_entrant" | "accidental" | "repeat" | null;
}

/** A lease with its account and what it owed on every closing from its start on. */
export interface LeaseHistory {
  readonly lease: CheckedLease;
  readonly account: Account;
  readonly closings: readonly LeaseClosing[];
}

/** Tells a lease's history, closing after closing. */
export function tellHistory(
  lease: CheckedLease,
  closings: readonly Closing[],
  rules: HistoryRules,
): LeaseHistory {
  const account = new Account(lease.entries, rules);
  const lived = closings.filter((closing) => closing.closingOn >= lease.startOn);
  const evenings = account.liveUntil(lived.map(({ closingOn }) => closingOn));
  const callOf = new Map(account.calls.map((call) => [call.termMonth, call]));
  let spellMonths = 0;
  let spellBegan = 0;
  let earlierSpellEnded = Number.NEGATIVE_INFINITY;
  let lastOwing = Number.NEGATIVE_INFINITY;
  return {
    lease,
    account,
    closings: lived.map((closing, i): LeaseClosing => {
      const { unpaid, advance } = evenings[i] ?? { unpaid: [], advance: 0 };
      const due = { principal: 0, fee: 0, court_cost: 0 };
      for (const debt of unpaid) due[debt.component] += debt.unpaid;
      const owed = unpaid.filter((debt) => debt.component === "principal");
      const [oldest] = owed;
      let terms = 0;
      for (const debt of owed)
        if (addDays(debt.dueOn, rules.graceDays) <= closing.closingOn)
          terms += ((debt.terms ?? 0) * debt.unpaid) / debt.cents;
      const termsOwed = Math.round(terms * 1e6) / 1e6;
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
      const isNew = addMonths(lease.startOn, rules.newEntrantMonths) > closing.closingOn;
      const isRepeat = spellBegan - earlierSpellEnded <= rules.repeatWindowMonths;
      return {
        ...closing,
        status: lease.endOn === null || lease.endOn > closing.closingOn ? "present" : "departed",
        unpaid,
        balance: due.principal + due.fee + due.court_cost - advance,
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
