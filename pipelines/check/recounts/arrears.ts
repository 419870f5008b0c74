import type { StartRecount } from "../recount.ts";

/** Shares of present tenants by what they owe, and the arrears rate. */
export const recountArrears: StartRecount = ({ tally, closings }) => ({
  add({ lease, account, closings: lived }) {
    if (lease.use !== "residential") return;
    const { agencyId } = lease;
    const grossOf = new Map(account.calls.map(({ termMonth, gross }) => [termMonth, gross]));
    const firstRate = closings[11]?.month;
    for (const [i, closing] of lived.entries()) {
      if (closing.status !== "present") continue;
      const { month, termsOwed } = closing;
      tally.addCounts("share_1_term", agencyId, month, termsOwed >= 1 ? 1 : 0, 1);
      tally.addCounts("share_2_terms", agencyId, month, termsOwed >= 2 ? 1 : 0, 1);
      tally.addCounts("share_3_terms", agencyId, month, termsOwed >= 3 ? 1 : 0, 1);
      if (firstRate === undefined || month < firstRate) continue;
      let billed = 0;
      for (const { month: other } of lived.slice(Math.max(i - 11, 0), i + 1))
        billed += grossOf.get(other) ?? 0;
      tally.addEuros("arrears_rate", agencyId, month, Math.max(closing.balance, 0), billed);
    }
  },
});
