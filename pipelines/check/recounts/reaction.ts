import { casesOf, isInCase } from "../cases.ts";
import { daysBetween } from "../dates.ts";
import type { StartRecount } from "../recount.ts";
import { placeOf } from "../tally.ts";
import { cameWithin, dayOf, stillWaiting, type Wait } from "../waiting-times.ts";

/** How long a case waits for a first contact, attempted and reached. */
export const recountReaction: StartRecount = ({ tally, closings, strategy, conduct }) => {
  const { contacts, window_months, first_contact_days } = strategy.procedure;
  const waits = { attempted: new Map<string, Wait[]>(), reached: new Map<string, Wait[]>() };
  return {
    add(history) {
      const { lease } = history;
      if (lease.use !== "residential") return;
      const contacted = (conduct.actions.get(lease.leaseId) ?? []).filter(({ kind }) =>
        contacts.some((contact) => contact === kind),
      );
      for (const one of casesOf(history, closings, strategy.arrears.grace_days)) {
        const inCase = contacted.filter((action) => isInCase(one, action));
        const first = { attempted: inCase[0]?.on, reached: inCase.find(({ reached }) => reached)?.on };
        const from = Math.max(one.opened, window_months);
        for (const { month, closingOn } of closings.slice(from, one.opened + window_months)) {
          const seenUntil = one.endedOn !== null && one.endedOn < closingOn ? one.endedOn : closingOn;
          for (const contact of ["attempted", "reached"] as const) {
            const on = first[contact];
            const hasCome = on !== undefined && on <= seenUntil;
            const wait = { days: daysBetween(one.firstUnpaidOn, hasCome ? on : seenUntil), hasCome };
            for (const slice of tally.slicesOf(lease.agencyId)) {
              const place = placeOf("", slice, month);
              const cases = waits[contact].get(place);
              if (cases === undefined) waits[contact].set(place, [wait]);
              else cases.push(wait);
            }
          }
        }
      }
    },
    finish() {
      for (const contact of ["attempted", "reached"] as const) {
        for (const [place, cases] of waits[contact]) {
          const [, slice = "", month = ""] = place.split(" | ");
          const curve = stillWaiting(cases);
          const tell = (indicator: string, value: number | null) =>
            tally.set(indicator, slice, month, { numerator: null, denominator: cases.length, value });
          tell(`reaction_days.${contact}.median`, dayOf(curve, 0.5));
          tell(`reaction_days.${contact}.p90`, dayOf(curve, 0.1));
          tell(`reaction_within_10.${contact}`, cameWithin(curve, first_contact_days));
        }
      }
    },
  };
};
