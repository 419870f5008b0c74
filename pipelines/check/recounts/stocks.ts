import { daysBetween, monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

/** What stands unpaid at each closing: who is late, since when, and what departed tenants owe. */
export const recountStocks: StartRecount = ({ tally, closings, strategy }) => {
  const late = Math.round(strategy.arrears.late_euros * 100);
  const months = closings.map(({ month }) => month);
  return {
    add({ lease, closings: lived }) {
      if (lease.use !== "residential") return;
      const { agencyId } = lease;
      for (const { month, closingOn, status, balance, ageMonths, unpaid } of lived) {
        if (status === "present") {
          tally.addCounts("share_12_months", agencyId, month, (ageMonths ?? 0) >= 12 ? 1 : 0, 1);
          tally.addCounts("share_late", agencyId, month, balance > late ? 1 : 0, 1);
        }
        if (balance <= 0) continue;
        tally.addEuros("departed_debt_share", agencyId, month, status === "departed" ? balance : 0, balance);
        let euroDays = 0;
        let euros = 0;
        for (const debt of unpaid) {
          euroDays += debt.unpaid * daysBetween(debt.dueOn, closingOn);
          euros += debt.unpaid;
        }
        const indicator = status === "present" ? "debt_age_days" : "debt_age_days.departed";
        tally.addEuros(indicator, agencyId, month, euroDays, euros);
      }
      if (lease.endOn === null) return;
      const leftIn = monthOf(lease.endOn);
      const leaving = lived.find(({ month, status }) => month === leftIn && status === "departed");
      if (leaving === undefined) return;
      const from = months.indexOf(leftIn);
      for (let n = Math.max(from, 11); n < Math.min(from + 12, months.length); n++)
        tally.addCounts("vacated_with_debt", agencyId, months[n] ?? "", leaving.balance > late ? 1 : 0, 1);
    },
  };
};
