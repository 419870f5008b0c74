import type { Strategy } from "../strategy/strategy.ts";
import { countsOn } from "./account.ts";
import type { Balances } from "./balances.ts";
import type { Action } from "./conduct.ts";
import { addDays, addMonths, monthOf } from "./dates.ts";
import type { Closing, LeaseHistory } from "./lease-history.ts";

/** A time in which a household with housing benefit owed something, and the benefit office had to be told. */
export interface CafReport {
  /** The last day for the report. */
  readonly reportBy: string;
  readonly reportedOn: string | null;
  /** The first day on which nothing was owed any more. */
  readonly clearedOn: string | null;
}

interface Night {
  readonly strategy: Strategy;
  readonly closings: readonly Closing[];
  readonly asOf: string;
}

const FOREVER = "9999-12-31";

/** The reports to the benefit office that a lease's debts asked for, each time in which something was owed once. */
export function cafReportsOf(
  history: LeaseHistory,
  balances: Balances,
  actions: readonly Action[],
  { strategy, closings, asOf }: Night,
): CafReport[] {
  const { lease, account } = history;
  const { grace_days } = strategy.arrears;
  const { benefit_months } = strategy.procedure;
  const rules = strategy.rules.caf_report
    .filter(({ country }) => country === strategy.landlord.country)
    .map((rule) => ({ ...rule, from: rule.from ?? "", to: rule.to ?? FOREVER }));
  const untimely = new Set(account.credits.map(({ entryId }) => entryId));
  const dueOf = new Map(account.calls.map(({ termMonth, dueOn }) => [termMonth, dueOn]));
  /** Benefit that reduced its call in time counts with it. */
  const benefits = lease.entries
    .filter(({ kind, cents }) => cents < 0 && (kind === "housing_benefit" || kind === "rent_rebate"))
    .map((entry) => {
      const on = countsOn(entry);
      const dueOn = untimely.has(entry.id) ? undefined : dueOf.get(entry.termMonth ?? monthOf(on));
      return { on: dueOn ?? on, isDirect: entry.kind === "housing_benefit" };
    });
  if (benefits.length === 0) return [];
  /** Whether the benefit last seen on a day goes to the landlord; null without any since some months before `owingSince`. */
  const benefitOn = (day: string, owingSince: string) => {
    const last = benefits.reduce((newest, { on }) => (on <= day && on > newest ? on : newest), "");
    if (monthOf(last) <= addMonths(owingSince, -benefit_months)) return null;
    return benefits.some(({ on, isDirect }) => isDirect && on <= day && monthOf(on) === monthOf(last));
  };
  const calls = [...account.calls].sort((one, other) => (one.dueOn < other.dueOn ? -1 : 1));
  const firstClosing = closings[0]?.closingOn ?? "";
  const hasOther = account.debts.some(({ component }) => component !== "principal");

  return owingTimes(balances).flatMap(({ since, clearedOn }): CafReport[] => {
    if (since <= firstClosing || since > asOf) return [];
    const end = clearedOn ?? FOREVER;
    const lastDay = end <= asOf ? addDays(end, -1) : asOf;
    const changes = [
      since,
      ...balances.days.map((day) => day.since),
      ...rules.map(({ from }) => from),
      ...benefits.map(({ on }) => on),
    ].filter((day) => day >= since && day <= lastDay);
    const days = [...new Set(changes)].sort();
    const evenings = hasOther ? history.eveningsOn(days) : [];
    let begun: string | null = null;
    let constitutedOn: string | null = null;
    for (const [n, day] of days.entries()) {
      const rule = rules.find(({ from, to }) => from <= day && day <= to);
      const isDirect = benefitOn(day, since);
      const call = calls.findLast(({ dueOn }) => dueOn <= day);
      const other = (evenings[n]?.unpaid ?? []).reduce(
        (sum, debt) => sum + (debt.component === "principal" ? 0 : debt.unpaid),
        0,
      );
      const debt = balances.on(day).due - other;
      const limit =
        rule?.monthly_calls === undefined || call === undefined
          ? Number.POSITIVE_INFINITY
          : rule.monthly_calls * (isDirect === true ? call.term : call.gross);
      const above = rule?.euros_above === undefined ? Number.POSITIVE_INFINITY : rule.euros_above * 100;
      const isOver = isDirect !== null && (debt >= limit || debt > above);
      if (!isOver) begun = null;
      else begun ??= day;
      const until = days[n + 1] ?? addDays(lastDay, 1);
      if (begun !== null && until > addDays(begun, grace_days)) {
        constitutedOn = begun;
        break;
      }
    }
    for (const rule of rules) {
      if (rule.months_unpaid === undefined) continue;
      const old = addMonths(since, rule.months_unpaid);
      const day = [old, rule.from].sort().at(-1) ?? old;
      if (old <= rule.to && day < end && day <= asOf && benefitOn(day, since) !== null)
        if (constitutedOn === null || day < constitutedOn) constitutedOn = day;
    }
    const on = constitutedOn;
    if (on === null) return [];
    const rule = rules.find(({ from, to }) => from <= on && on <= to);
    if (rule === undefined) return [];
    const reported = actions.find(
      (action) => action.kind === "caf_report" && action.on >= since && action.on < end,
    );
    return [{ reportBy: addMonths(on, rule.report_months), reportedOn: reported?.on ?? null, clearedOn }];
  });
}

/** The times in which something was owed without a break, oldest first. */
function owingTimes(balances: Balances): { readonly since: string; readonly clearedOn: string | null }[] {
  const times: { since: string; clearedOn: string | null }[] = [];
  let since: string | null = null;
  for (const day of balances.days) {
    if (day.due > 0) since ??= day.since;
    else if (since !== null) {
      times.push({ since, clearedOn: day.since });
      since = null;
    }
  }
  return since === null ? times : [...times, { since, clearedOn: null }];
}
