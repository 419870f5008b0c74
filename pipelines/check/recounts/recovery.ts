import { componentOf, countsOn } from "../account.ts";
import { addMonths, lastDayOf } from "../dates.ts";
import { flowOf, isReceived } from "../entry-flow.ts";
import type { StartRecount } from "../recount.ts";

const BENEFIT = ["housing_benefit", "rent_rebate"];
const FROM_TENANTS = ["payment", "payment_rejected", "deposit"];

/** Recovery over twelve months, told as what was received of principal over what was billed. */
export const recountRecovery: StartRecount = ({ tally, closings }) => {
  const first = closings[0]?.month ?? "";
  const years = closings.flatMap(({ month, closingOn, isPartial }) => {
    const openingOn = isPartial ? addMonths(closingOn, -12) : lastDayOf(addMonths(month, -12));
    return openingOn >= lastDayOf(addMonths(first, -1)) ? [{ month, closingOn, openingOn }] : [];
  });
  const days = [...new Set(years.flatMap(({ closingOn, openingOn }) => [openingOn, closingOn]))].sort();
  return {
    add({ lease, eveningsOn }) {
      if (lease.use !== "residential") return;
      const evenings = eveningsOn(days);
      const outside = lease.entries.filter(
        (entry) => componentOf(entry) !== "principal" && componentOf(entry) !== null && !isReceived(entry),
      );
      const booked = [...lease.entries].sort((one, other) => (one.bookedOn < other.bookedOn ? -1 : 1));
      const sums = { billed: 0, received: 0, benefit: 0, others: 0 };
      let next = 0;
      const soFar = new Map(
        days.map((day, i) => {
          for (
            let entry = booked[next];
            entry !== undefined && entry.bookedOn <= day;
            entry = booked[++next]
          ) {
            const flow = flowOf(entry);
            if (flow === "call" || flow === "billing") sums.billed += entry.cents;
            if (!isReceived(entry)) continue;
            sums.received -= entry.cents;
            if (BENEFIT.includes(entry.kind)) sums.benefit -= entry.cents;
            else if (!isTenants(entry)) sums.others -= entry.cents;
          }
          const asked = outside.reduce((sum, entry) => sum + (countsOn(entry) <= day ? entry.cents : 0), 0);
          const unpaid = (evenings[i]?.unpaid ?? []).reduce(
            (sum, debt) => sum + (debt.component === "principal" ? 0 : debt.unpaid),
            0,
          );
          return [day, { ...sums, received: sums.received - (asked - unpaid) }] as const;
        }),
      );
      for (const { month, openingOn, closingOn } of years) {
        const [before, after] = [soFar.get(openingOn), soFar.get(closingOn)];
        if (before === undefined || after === undefined) continue;
        const billed = after.billed - before.billed;
        const received = after.received - before.received;
        const benefit = after.benefit - before.benefit;
        const others = after.others - before.others;
        tally.addEuros("recovery_rate_12m", lease.agencyId, month, received, billed);
        tally.addEuros(
          "recovery_rate_12m.net",
          lease.agencyId,
          month,
          received - benefit - others,
          billed - benefit,
        );
      }
    },
  };
};

function isTenants({ kind, payer }: { readonly kind: string; readonly payer: string | null }): boolean {
  return FROM_TENANTS.includes(kind) && (payer ?? "tenant") === "tenant";
}
