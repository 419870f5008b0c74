import type { StartRecount } from "../recount.ts";

/** What is owed in fees for one euro of principal. */
export const recountFees: StartRecount = ({ tally }) => ({
  add({ lease, closings }) {
    if (lease.use !== "residential") return;
    for (const { month, status, fees, principal } of closings) {
      const indicator = status === "present" ? "fees_to_principal" : "fees_to_principal.departed";
      tally.addEuros(indicator, lease.agencyId, month, fees, Math.max(principal, 0));
    }
  },
});
