import {
  Account,
  addDays,
  addMonths,
  type Call,
  type Debt,
  groupBy,
  type LedgerEntry,
  monthOf,
  monthsBetween,
  type Rules,
  sum,
} from "./account-reference.ts";
import type { Story } from "./random-ledger.ts";

/** A lease at one month end, as the domain defines it; euros in cents. */
export interface ReferenceMonth {
  readonly leaseId: string;
  readonly story: Story;
  readonly month: string;
  readonly closingOn: string;
  readonly status: "present" | "departed";
  readonly unpaid: readonly Debt[];
  readonly balance: number;
  readonly principal: number;
  readonly fees: number;
  readonly courtCosts: number;
  readonly call: Call | undefined;
  readonly termsOwed: number;
  readonly oldest: Debt | undefined;
  readonly ageMonths: number | null;
  readonly spellMonths: number;
  readonly debtorType: string | null;
}

/**
 * The days on which months are read: each month's last, and the as-of date for the month under way. One entry in two
 * thousand may stand before the first month.
 */
export function closingsOf(entries: readonly LedgerEntry[], asOf: string): string[] {
  const booked = entries.map((entry) => entry.bookedOn).sort();
  const first = booked[Math.max(Math.ceil(booked.length * 0.0005) - 1, 0)];
  const closings: string[] = [];
  for (let month = monthOf(first ?? asOf); month <= asOf; month = addMonths(month, 1)) {
    const last = lastDayOf(month);
    closings.push(last < asOf ? last : asOf);
  }
  return closings;
}

/** Every lease at every month end, from the slow account of each; `entries`: those booked by the as-of date. */
export function referenceMonths(
  stories: readonly Story[],
  entries: readonly LedgerEntry[],
  rules: Rules,
  asOf: string,
): ReferenceMonth[] {
  const byLease = groupBy(entries, (entry) => entry.leaseId);
  const everyClosing = closingsOf(entries, asOf);
  return stories.flatMap((story, n) => {
    const leaseId = `L${n}`;
    const account = new Account(byLease.get(leaseId) ?? [], rules);
    const closings = everyClosing.filter((closing) => closing >= story.startOn);
    const evenings = account.liveUntil(closings);
    let spellMonths = 0;
    let spellBegan = 0;
    let earlierSpellEnded = Number.NEGATIVE_INFINITY;
    let lastOwing = Number.NEGATIVE_INFINITY;
    return closings.map((closingOn, i): ReferenceMonth => {
      const { unpaid, advance } = evenings[i] ?? { unpaid: [], advance: 0 };
      const due = (component: string) =>
        sum(unpaid.filter((debt) => debt.component === component).map((debt) => debt.unpaid));
      const owed = unpaid.filter((debt) => debt.component === "principal");
      const oldest = owed[0];
      const matured = owed.filter((debt) => addDays(debt.dueOn, rules.graceDays) <= closingOn);
      const termsOwed = round6(sum(matured.map((debt) => ((debt.terms ?? 0) * debt.unpaid) / debt.cents)));
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
      const isNew = addMonths(story.startOn, 12) > closingOn;
      const isRepeat = spellBegan - earlierSpellEnded <= 24;
      return {
        leaseId,
        story,
        month: monthOf(closingOn),
        closingOn,
        status: story.endOn === null || story.endOn > closingOn ? "present" : "departed",
        unpaid,
        balance: sum(unpaid.map((debt) => debt.unpaid)) - advance,
        principal: due("principal") - advance,
        fees: due("fee"),
        courtCosts: due("court_cost"),
        call: account.calls.find((call) => call.termMonth === monthOf(closingOn)),
        termsOwed,
        oldest,
        ageMonths: oldest === undefined ? null : monthsBetween(oldest.dueOn, closingOn),
        spellMonths,
        debtorType: termsOwed < 1 ? null : isNew ? "new_entrant" : isRepeat ? "repeat" : "accidental",
      };
    });
  });
}

/** The ageing bucket of a debt on a day. */
export function bucketOf(dueOn: string, closingOn: string): string {
  const age = monthsBetween(dueOn, closingOn);
  return age < 1 ? "0_1" : age < 3 ? "1_3" : age < 6 ? "3_6" : age < 12 ? "6_12" : "12_plus";
}

function lastDayOf(month: string): string {
  return addMonths(`${month.slice(0, 4)}-01-31`, Number(month.slice(5, 7)) - 1);
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
