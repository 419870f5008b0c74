import { daysBetween, monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

/** How old the newest entry of the stalest agency is. */
export const recountFreshness: StartRecount = ({ tally, asOf }) => {
  const newest = new Map<string, string>();
  return {
    add({ lease }) {
      for (const { bookedOn } of lease.entries)
        if (bookedOn > (newest.get(lease.agencyId) ?? "")) newest.set(lease.agencyId, bookedOn);
    },
    finish() {
      const bySlice = new Map<string, number[]>();
      for (const [agency, bookedOn] of newest)
        for (const slice of tally.slicesOf(agency))
          bySlice.set(slice, [...(bySlice.get(slice) ?? []), daysBetween(bookedOn, asOf)]);
      for (const [slice, ages] of bySlice)
        tally.set("freshness", slice, monthOf(asOf), {
          numerator: null,
          denominator: ages.length,
          value: Math.max(...ages),
        });
    },
  };
};
