import type { z } from "zod";
import { date, id, money, oneOf } from "./column.ts";
import { lease } from "./lease.ts";
import { notBefore } from "./row-rule.ts";
import { defineTable, to } from "./table.ts";

export const plan = defineTable({
  name: "plan",
  description: "A repayment plan: instalments on top of the current call.",
  columns: {
    id: id("code of the plan"),
    lease_id: id("lease whose debt it pays"),
    signed_on: date("day on which it was signed"),
    known_on: date.optional(
      "day on which the landlord's files first said so; the day of signature when null",
    ),
    phase: oneOf(["prevention", "litigation"], "phase in which it was agreed"),
    debt: money("debt that it covers, in euros"),
    framework: oneOf(["landlord", "caf", "court", "over_indebtedness"], "who set it"),
    ended_on: date.optional("day on which it ended; null while it runs"),
    outcome: oneOf.optional(["kept", "broken", "replaced"], "how it ended"),
  },
  key: ["id"],
  references: { lease_id: [to(lease, "id")] },
  rules: [notBefore("ended_on", "signed_on")],
});

export type Plan = z.infer<typeof plan.schema>;
