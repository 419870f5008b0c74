import { Account } from "../../pipelines/check/account.ts";
import { monthOf } from "../../pipelines/check/dates.ts";
import { tellHistory } from "../../pipelines/check/lease-history.ts";
import type { CheckedEntry, CheckedLease } from "../../pipelines/check/read-leases.ts";

/** Ten days of grace, a floor of a tenth, principal before fees before court costs. */
export const RULES = {
  allocation: { policy: "legal_default", ranking: ["principal", "fee", "court_cost"] },
  graceDays: 10,
  netCallFloorShare: 0.1,
  newEntrantMonths: 12,
  repeatWindowMonths: 24,
} as const;

/**
 * Entries written as `day kind euros`, with what differs after it: `2024-01-05 rent 500`, `2024-01-20 payment -100
 * earmark=fee`. The day is both that of booking and the one on which the entry counts.
 */
export function entries(...lines: readonly string[]): CheckedEntry[] {
  return lines.map((line, n): CheckedEntry => {
    const [on = "", kind = "", euros = "0", ...others] = line.split(" ");
    const other = new Map(others.map((one) => one.split("=", 2) as [string, string]));
    const component = (name: string | undefined) =>
      name === "principal" || name === "fee" || name === "court_cost" ? name : null;
    const cents = Math.round(Number(euros) * 100);
    return {
      id: other.get("id") ?? `e${n + 1}`,
      bookedOn: other.get("booked") ?? on,
      dueOn: cents > 0 ? on : null,
      valueOn: cents > 0 ? null : on,
      kind,
      component: component(other.get("component")),
      cents,
      termMonth: other.get("term") ?? (cents > 0 ? monthOf(on) : null),
      earmark: component(other.get("earmark")),
      payer: other.get("payer") ?? null,
      feeKind: null,
      reversalOf: null,
    };
  });
}

/** The account of such entries. */
export function accountOf(...lines: readonly string[]): Account {
  return new Account(entries(...lines), RULES);
}

/** A lease on such entries, from the first day of 2024 on. */
function leaseOf(lines: readonly string[], endOn: string | null = null): CheckedLease {
  return {
    leaseId: "L1",
    householdId: "H1",
    agencyId: "A1",
    use: "residential",
    startOn: "2024-01-01",
    endOn,
    entries: entries(...lines),
    letterings: [],
  };
}

/** The month ends of the first `months` months of 2024. */
export function closings2024(months: number) {
  return ["01-31", "02-29", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31"]
    .slice(0, months)
    .map((day) => ({ month: monthOf(`2024-${day}`), closingOn: `2024-${day}`, isPartial: false }));
}

/** The history of such a lease over the first `months` months of 2024. */
export function historyOf(lines: readonly string[], months: number, endOn: string | null = null) {
  return tellHistory(leaseOf(lines, endOn), closings2024(months), RULES);
}
