import type { z } from "zod";
import { date, id, money, oneOf } from "./column.ts";
import { lease } from "./lease.ts";
import { notBefore } from "./row-rule.ts";
import { defineTable, to } from "./table.ts";

/** Why reminders or enforcement stop. */
export const HOLD_KINDS = [
  "over_indebtedness_filed",
  "over_indebtedness_admitted",
  "debt_erased",
  "judge_delays",
  "social_cohesion_protocol",
  "guardianship",
  "disputed_debt",
  "promise_to_pay",
  "deceased",
] as const;

export const leaseHold = defineTable({
  name: "lease_hold",
  description: "A legal or agreed stop on reminders or enforcement for a lease.",
  columns: {
    lease_id: id("lease"),
    kind: oneOf(HOLD_KINDS, "why reminders or enforcement stop"),
    from_on: date("first day of the stop"),
    to_on: date.optional("last day of the stop; null while it lasts"),
    known_on: date.optional("day on which the landlord's files first said so; the first day when null"),
    debt_covered: money.optional("debt that it covers, in euros; the whole debt when null"),
    source: oneOf.optional(
      ["landlord", "tenant", "court", "bank_of_france", "caf", "other"],
      "who made it known",
    ),
  },
  key: ["lease_id", "kind", "from_on"],
  references: { lease_id: [to(lease, "id")] },
  rules: [notBefore("to_on", "from_on")],
});

export type LeaseHold = z.infer<typeof leaseHold.schema>;
