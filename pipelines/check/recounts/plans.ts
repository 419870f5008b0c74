import { Balances } from "../balances.ts";
import { addDays, monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

/** Instalments kept together with the current call, and plans that the landlord made within its own rules. */
export const recountPlans: StartRecount = ({ tally, closings, strategy, conduct, asOf }) => {
  const { window_months, plan: rules } = strategy.procedure;
  const placeOf = new Map(closings.map(({ month }, place) => [month, place]));
  const missing = Math.round(rules.tolerance_euros * 100);
  const least = Math.round(rules.minimum_debt * 100);
  return {
    add({ lease, account }) {
      if (lease.use !== "residential") return;
      const plans = (conduct.plans.get(lease.leaseId) ?? []).filter(({ is_known }) => is_known);
      if (plans.length === 0) return;
      const balances = new Balances(account);
      const inWindows = (indicator: string, on: string, isGood: boolean) => {
        const place = placeOf.get(monthOf(on));
        if (place === undefined) return;
        for (const { month } of closings.slice(Math.max(place, window_months - 1), place + window_months))
          tally.addCounts(indicator, lease.agencyId, month, isGood ? 1 : 0, 1);
      };
      for (const { signed_on, ended_on, phase, framework, debt, instalments } of plans) {
        if (phase === "prevention" && framework === "landlord") {
          const [first, last] = [instalments[0], instalments.at(-1)];
          const months =
            first === undefined || last === undefined ? null : monthsTouched(first.dueOn, last.dueOn);
          const isShort = months !== null && months <= rules.longest_months;
          inWindows("plan_compliance", signed_on, isShort && debt >= least);
        }
        const signing = balances.on(signed_on);
        let [before, beforeUntil] = [signing, signing];
        let promised = 0;
        for (const { dueOn, cents } of instalments) {
          const until = addDays(dueOn, rules.tolerance_days);
          if ((ended_on !== null && dueOn > ended_on) || until > asOf) break;
          promised += cents;
          const [atDue, atUntil] = [balances.on(dueOn), balances.on(until)];
          const isKept =
            atUntil.due <= 0 ||
            atUntil.received - beforeUntil.received >=
              atDue.principalAsked - before.principalAsked + cents - missing ||
            atUntil.received - signing.received >=
              atDue.principalAsked - signing.principalAsked + promised - missing;
          inWindows("plan_kept_rate", dueOn, isKept);
          [before, beforeUntil] = [atDue, atUntil];
        }
      }
    },
  };
};

/** Calendar months from one day's to another's, both counted. */
function monthsTouched(from: string, to: string): number {
  const number = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return number(to) - number(from) + 1;
}
