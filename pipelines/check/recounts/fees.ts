import { z } from "zod";
import { queryRows } from "../../warehouse/connection.ts";
import { monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

const titleRow = z.object({ lease_id: z.string(), titled_on: z.string() });

/** What is owed in fees, where fees weigh too heavily, and those that the law forbids. */
export const recountFees: StartRecount = async ({ connection, strategy, tally }) => {
  const { forbidden, heavy_share } = strategy.rules.fees;
  const rules = forbidden.filter(({ country }) => country === strategy.landlord.country);
  const titles = await queryRows(
    connection,
    `select lease_id, min(action_on)::varchar as titled_on from contract.action
     where kind = 'enforceable_title' group by lease_id`,
    titleRow,
  );
  const titledOn = new Map(titles.map(({ lease_id, titled_on }) => [lease_id, titled_on]));
  const isForbidden = (kind: string | null, on: string) =>
    rules.some(
      ({ fee_kinds, from = on, to = on }) => fee_kinds.some((one) => one === kind) && from <= on && on <= to,
    );
  return {
    add({ lease, closings }) {
      if (lease.use !== "residential") return;
      const { agencyId } = lease;
      const months = new Set<string>();
      for (const { month, status, balance, fees, principal, unpaid } of closings) {
        months.add(month);
        const isPresent = status === "present";
        const indicator = isPresent ? "fees_to_principal" : "fees_to_principal.departed";
        tally.addEuros(indicator, agencyId, month, fees, Math.max(principal, 0));
        if (isPresent) {
          tally.addValue("unlawful_fees", agencyId, month, 0, 1);
          tally.addValue("unlawful_fees.euros", agencyId, month, 0, 1);
        }
        if (balance <= 0) continue;
        let open = 0;
        for (const debt of unpaid) open += debt.component === "principal" ? debt.unpaid : 0;
        const isHeavy = fees > Math.round(heavy_share * open * 1e6) / 1e6;
        tally.addCounts(
          isPresent ? "heavy_fee_share" : "heavy_fee_share.departed",
          agencyId,
          month,
          isHeavy ? 1 : 0,
          1,
        );
      }
      const titled = titledOn.get(lease.leaseId);
      for (const { kind, feeKind, bookedOn, cents } of lease.entries) {
        if (kind !== "fee" || cents <= 0 || !isForbidden(feeKind, bookedOn)) continue;
        if (titled !== undefined && titled <= bookedOn) continue;
        tally.addValue("unlawful_fees", agencyId, monthOf(bookedOn), 1, 0);
        tally.addValue("unlawful_fees.euros", agencyId, monthOf(bookedOn), cents / 100, 0);
      }
    },
  };
};
