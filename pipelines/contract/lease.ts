import type { z } from "zod";
import { date, id, integer } from "./column.ts";
import { dwelling } from "./dwelling.ts";
import { household } from "./household.ts";
import { notBefore } from "./row-rule.ts";
import { defineTable, to } from "./table.ts";

export const lease = defineTable({
  name: "lease",
  description: "One account of one household on one dwelling; present until its end, departed after it.",
  columns: {
    id: id("code of the lease, which is the tenant account"),
    household_id: id("household that holds it"),
    dwelling_id: id("dwelling that it is on"),
    start_on: date("first day of the lease"),
    end_on: date.optional("last day of the lease; null while it runs"),
    notice_clause_days: integer.optional(
      { minimum: 0, maximum: 365 },
      "days that the lease's own clause gives after a notice to pay",
    ),
  },
  key: ["id"],
  references: { household_id: [to(household, "id")], dwelling_id: [to(dwelling, "id")] },
  rules: [notBefore("end_on", "start_on")],
});

export type Lease = z.infer<typeof lease.schema>;
