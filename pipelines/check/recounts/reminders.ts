import { casesOf, isInCase } from "../cases.ts";
import { addDays, daysBetween, monthOf } from "../dates.ts";
import { peaceOf } from "../peace.ts";
import type { StartRecount } from "../recount.ts";

/** Whether the reminders of a case follow one another as the procedure wants. */
export const recountReminders: StartRecount = ({ tally, closings, strategy, conduct, asOf }) => {
  const { reminders, steps, reminder_gap } = strategy.procedure;
  const told = new Set(closings.map(({ month }) => month));
  return {
    add(history) {
      const { lease } = history;
      if (lease.use !== "residential") return;
      const done = (conduct.actions.get(lease.leaseId) ?? []).filter(({ kind }) =>
        reminders.some((reminder) => reminder === kind),
      );
      if (done.length < 2) return;
      const goesWithLetter = (kind: string, on: string) =>
        kind !== "letter" &&
        steps.some(({ actions }, i) =>
          actions.some(
            (asked) =>
              asked.kind === kind &&
              done.some(
                (letter) =>
                  letter.kind === "letter" &&
                  letter.rank === i + 1 &&
                  letter.on <= on &&
                  letter.on >= addDays(on, -asked.tolerance_days),
              ),
          ),
        );
      const cases = casesOf(history, closings, strategy.arrears.grace_days);
      const lastOf = new Map<number, string>();
      const times = peaceOf(history, conduct, strategy, asOf);
      const gaps = new Map<string, { days: number; wasLeftInPeace: boolean }[]>();
      for (const action of done) {
        if (goesWithLetter(action.kind, action.on)) continue;
        const place = cases.findLastIndex((one) => isInCase(one, action));
        if (place < 0) continue;
        const before = lastOf.get(place);
        lastOf.set(place, action.on);
        if (before === undefined || before === action.on) continue;
        const wasLeftInPeace = times.some(({ from, to }) => from <= action.on && to >= before);
        const month = monthOf(action.on);
        gaps.set(month, [
          ...(gaps.get(month) ?? []),
          { days: daysBetween(before, action.on), wasLeftInPeace },
        ]);
      }
      for (const [month, ofMonth] of gaps) {
        if (!told.has(month)) continue;
        const isSoon = ofMonth.some(({ days }) => days < reminder_gap.least_days);
        tally.addCounts("reminder_cadence.over_chased", lease.agencyId, month, isSoon ? 1 : 0, 1);
        if (ofMonth.some(({ wasLeftInPeace }) => wasLeftInPeace)) continue;
        const isKept = ofMonth.every(
          ({ days }) => days >= reminder_gap.least_days && days <= reminder_gap.most_days,
        );
        tally.addCounts("reminder_cadence", lease.agencyId, month, isKept ? 1 : 0, 1);
      }
    },
  };
};
