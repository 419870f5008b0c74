import { Balances } from "../balances.ts";
import { addDays, addMonths, lastDayOf, monthOf } from "../dates.ts";
import { eveningsOf } from "../evenings.ts";
import { termsOwedOn } from "../lease-history.ts";
import { peaceOf } from "../peace.ts";
import { rankingOf } from "../policy.ts";
import type { StartRecount } from "../recount.ts";

/**
 * Letters and calls done on the dates of the procedure, lived month after month: a case follows its lease from the first list on
 * which it stands to the first on which it does not, and the procedure asks for one step after the other.
 */
export const recountSchedule: StartRecount = ({ tally, closings, strategy, conduct, asOf }) => {
  const { steps, list_months, plan: rules } = strategy.procedure;
  const { allocation } = strategy;
  const graceDays = strategy.arrears.grace_days;
  const dayIn = (month: string, day: number) => {
    return day > Number(lastDayOf(month).slice(8)) ? lastDayOf(month) : addDays(month, day - 1);
  };
  const listDays = [...new Set(closings.flatMap(({ month }) => steps.map(({ day }) => dayIn(month, day))))]
    .filter((day) => day <= asOf)
    .sort();
  return {
    add(history) {
      const { lease, account } = history;
      if (lease.use !== "residential") return;
      const balances = new Balances(account);
      const days = listDays.filter(
        (day) =>
          day >= lease.startOn && (lease.endOn === null || day < lease.endOn) && balances.on(day).due > 0,
      );
      if (days.length === 0) return;
      // A list counts terms oldest first, whatever the landlord lettered.
      const evenings = eveningsOf(account, rankingOf(allocation.policy, allocation), days);
      const termsOn = new Map(
        days.map((day, n) => [day, termsOwedOn(day, evenings[n]?.unpaid ?? [], graceDays)]),
      );
      const isListed = (month: string, place: number) => {
        const step = steps[place];
        return step !== undefined && (termsOn.get(dayIn(month, step.day)) ?? 0) >= step.terms;
      };
      const actions = conduct.actions.get(lease.leaseId) ?? [];
      const letters = actions.flatMap(({ kind, rank, on }) =>
        kind === "letter" && rank !== null ? [{ rank, month: monthOf(on) }] : [],
      );
      const broken = (conduct.plans.get(lease.leaseId) ?? []).flatMap(({ outcome, ended_on }) =>
        outcome === "broken" && ended_on !== null && ended_on <= asOf ? [monthOf(ended_on)] : [],
      );
      const times = peaceOf(history, conduct, strategy, asOf);
      let begun: string | undefined;
      let askedFor = new Set<string>();
      for (const [place, { month }] of closings.entries()) {
        if (!isListed(month, 0)) {
          begun = undefined;
          continue;
        }
        if (begun === undefined) {
          begun = place <= 1 ? "before" : month;
          askedFor = new Set();
        }
        if (begun === "before") continue;
        const since = begun;
        const validFrom = addMonths(since, -list_months);
        const brokenIn = broken
          .filter((one) => one >= since && one < month)
          .sort()
          .at(-1);
        const sent = letters.filter((letter) => letter.month >= validFrom && letter.month < month);
        const reached = sent.map((letter) =>
          brokenIn === undefined || letter.month > brokenIn
            ? letter.rank
            : Math.min(letter.rank, rules.restart_at_step - 1),
        );
        const last = Math.max(0, ...reached);
        const step = steps[last];
        if (step === undefined || !isListed(month, last)) continue;
        const previous = steps[last - 1];
        const lastSent = sent
          .map((letter) => letter.month)
          .sort()
          .at(-1);
        if (
          previous !== undefined &&
          lastSent !== undefined &&
          month < addMonths(lastSent, step.month - previous.month)
        )
          continue;
        const askedOn = dayIn(month, step.day);
        if (actions.some(({ kind, on }) => kind === "handover" && on >= validFrom && on <= askedOn)) continue;
        for (const { kind, tolerance_days } of step.actions) {
          const [from, until] = [addDays(askedOn, -tolerance_days), addDays(askedOn, tolerance_days)];
          if (until > asOf) continue;
          const isKept = actions.some(
            (action) =>
              action.kind === kind &&
              (kind !== "letter" || action.rank === last + 1) &&
              action.on >= from &&
              action.on <= until,
          );
          const stops = times.filter((time) => time.from <= until && time.to >= askedOn);
          if (stops.some((time) => !isKept || time.from <= askedOn)) continue;
          if (!isKept && balances.on(until).due <= 0) continue;
          const once = `${brokenIn} ${last} ${kind}`;
          if (askedFor.has(once)) continue;
          askedFor.add(once);
          const add = (indicator: string) =>
            tally.addCounts(indicator, lease.agencyId, month, isKept ? 1 : 0, 1);
          add("schedule_kept");
          if (kind === "letter") add("schedule_kept.letters");
          if (kind === "call") add("schedule_kept.calls");
        }
      }
    },
  };
};
