import type { z } from "zod";
import { date, id, money } from "./column.ts";
import { plan } from "./plan.ts";
import { defineTable, to } from "./table.ts";

export const planInstalment = defineTable({
  name: "plan_instalment",
  description: "One instalment of a repayment plan.",
  columns: {
    plan_id: id("plan"),
    due_on: date("day on which it falls due"),
    amount: money("euros"),
  },
  key: ["plan_id", "due_on"],
  references: { plan_id: [to(plan, "id")] },
});

export type PlanInstalment = z.infer<typeof planInstalment.schema>;
