import { Account } from "../account.ts";
import { Balances } from "../balances.ts";
import { monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

/** Reminders and collection acts while nothing was due: by value date, and as the landlord had booked it the evening before. */
export const recountChased: StartRecount = ({ tally, closings, strategy, conduct }) => {
  const { reminders, collection_acts } = strategy.procedure;
  const { grace_days, net_call_floor_share } = strategy.arrears;
  const rules = { graceDays: grace_days, netCallFloorShare: net_call_floor_share };
  const chasing = new Set<string>([...reminders, ...collection_acts]);
  const told = new Set(closings.map(({ month }) => month));
  for (const agency of tally.agencies) {
    for (const { month } of closings) {
      tally.addValue("chased_though_paid.harm", agency, month, 0, 0);
      tally.addValue("chased_though_paid.fault", agency, month, 0, 0);
    }
  }
  return {
    add({ lease, account }) {
      if (lease.use !== "residential") return;
      const done = (conduct.actions.get(lease.leaseId) ?? []).filter(({ kind }) => chasing.has(kind));
      if (done.length === 0) return;
      const balances = new Balances(account);
      for (const { on } of done) {
        const month = monthOf(on);
        if (!told.has(month)) continue;
        const known = new Account(
          lease.entries.filter(({ bookedOn }) => bookedOn < on),
          rules,
        );
        const isHarm = balances.isTold(on) && balances.on(on).due <= 0;
        const booked = new Balances(known);
        const isFault = booked.isTold(on) && booked.on(on).due <= 0;
        tally.addValue("chased_though_paid.harm", lease.agencyId, month, isHarm ? 1 : 0, 1);
        tally.addValue("chased_though_paid.fault", lease.agencyId, month, isFault ? 1 : 0, 1);
      }
    },
  };
};
