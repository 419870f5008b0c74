import type { Strategy } from "../strategy/strategy.ts";
import type { Conduct } from "./conduct.ts";
import { addDays } from "./dates.ts";
import type { LeaseHistory } from "./lease-history.ts";

/** Days, both included, in which the procedure leaves a lease in peace. */
export interface Peace {
  readonly from: string;
  readonly to: string;
}

const FOREVER = "9999-12-31";

/** When a lease is to be left in peace: holds that stop reminders, plans that run, receipts that wait and may be its own. */
export function peaceOf(
  { lease, closings }: LeaseHistory,
  conduct: Conduct,
  { procedure, bank }: Strategy,
  asOf: string,
): Peace[] {
  const times: Peace[] = [];
  for (const { kind, from, to } of conduct.holds.get(lease.leaseId) ?? [])
    if (procedure.stops.some((stop) => stop === kind)) times.push({ from, to: to ?? FOREVER });
  for (const { signed_on, ended_on, instalments, is_known } of conduct.plans.get(lease.leaseId) ?? []) {
    if (!is_known) continue;
    const last = [signed_on, ...instalments.map(({ dueOn }) => dueOn)].sort().at(-1) ?? signed_on;
    times.push({ from: signed_on, to: ended_on ?? addDays(last, procedure.plan.tolerance_days) });
  }
  for (const { received_on, only_amount } of conduct.waiting.get(lease.leaseId) ?? []) {
    const isForgotten = only_amount && received_on <= addDays(asOf, -bank.block_days);
    const isMissed = !closings.some(({ closingOn, balance }) => closingOn >= received_on && balance <= 0);
    if (!isForgotten && isMissed) times.push({ from: received_on, to: FOREVER });
  }
  return times;
}
