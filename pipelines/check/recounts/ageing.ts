import { monthsBetween } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

const BUCKETS = [
  ["0_1", 0],
  ["1_3", 1],
  ["3_6", 3],
  ["6_12", 6],
  ["12_plus", 12],
] as const;

function bucketOf(months: number): string {
  return BUCKETS.findLast(([, from]) => months >= from)?.[0] ?? "";
}

/** Debt by its own age, leases by that of their oldest unpaid term, spells by their length. */
export const recountAgeing: StartRecount = ({ tally }) => ({
  add({ lease, closings }) {
    if (lease.use !== "residential") return;
    for (const { month, closingOn, status, balance, unpaid, ageMonths, spellMonths } of closings) {
      const name = status === "present" ? "ageing" : "ageing_departed";
      if (balance > 0) {
        const euros = new Map<string, number>();
        let total = 0;
        for (const debt of unpaid) {
          const bucket = bucketOf(monthsBetween(debt.dueOn, closingOn));
          euros.set(bucket, (euros.get(bucket) ?? 0) + debt.unpaid);
          total += debt.unpaid;
        }
        for (const [bucket] of BUCKETS)
          tally.addEuros(`${name}.euros.${bucket}`, lease.agencyId, month, euros.get(bucket) ?? 0, total);
      }
      for (const [bucket, from] of BUCKETS) {
        if (ageMonths !== null) {
          const isIn = bucketOf(ageMonths) === bucket ? 1 : 0;
          tally.addCounts(`${name}.leases.${bucket}`, lease.agencyId, month, isIn, 1);
        }
        if (status === "present" && spellMonths >= 1 && from >= 1) {
          const isIn = bucketOf(spellMonths) === bucket ? 1 : 0;
          tally.addCounts(`ageing.spells.${bucket}`, lease.agencyId, month, isIn, 1);
        }
      }
    }
  },
});
