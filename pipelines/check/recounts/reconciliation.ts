import { z } from "zod";
import { queryRows } from "../../warehouse/connection.ts";
import { monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

const balanceRow = z.object({ lease_id: z.string(), on: z.string(), cents: z.number(), told: z.string() });

/** The gap between the entries and the landlord's own balances, lease by lease. */
export const recountReconciliation: StartRecount = async ({ connection, tally, asOf }) => {
  const balances = await queryRows(
    connection,
    `select lease_id, as_of::varchar as on, (balance * 100)::integer as cents, reconciliation.status as told
     from contract.control_balance
     inner join load.reconciliation
       on kind = 'lease_balance' and subject = lease_id and on_date = as_of order by as_of`,
    balanceRow,
  );
  const newest = new Map(balances.map((balance) => [balance.lease_id, balance]));
  const gaps = new Map<string, { cents: number; leases: number }>();
  return {
    add({ lease }) {
      const told = newest.get(lease.leaseId);
      if (told === undefined || told.told === "not_verified") return;
      let cents = -told.cents;
      for (const entry of lease.entries) if (entry.bookedOn <= told.on) cents += entry.cents;
      for (const slice of tally.slicesOf(lease.agencyId)) {
        const sums = gaps.get(slice) ?? { cents: 0, leases: 0 };
        gaps.set(slice, { cents: sums.cents + Math.abs(cents), leases: sums.leases + 1 });
      }
    },
    finish() {
      for (const slice of tally.slices) {
        const sums = gaps.get(slice);
        tally.set("reconciliation_gap", slice, monthOf(asOf), {
          numerator: null,
          denominator: sums?.leases ?? 0,
          value: sums === undefined ? null : sums.cents / 100,
        });
      }
    },
  };
};
