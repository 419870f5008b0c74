import type { z } from "zod";
import { date, id, oneOf } from "./column.ts";
import { household } from "./household.ts";
import { defineTable, to } from "./table.ts";

export const householdAudit = defineTable({
  name: "household_audit",
  description: "What is read only to check that households are treated alike; it decides nothing.",
  columns: {
    household_id: id("household"),
    valid_from: date("first day on which it holds"),
    known_on: date("day on which the landlord's files first said so"),
    age_band: oneOf.optional(
      ["under_25", "25_34", "35_49", "50_64", "65_74", "75_plus"],
      "age of the person who holds the lease, in years",
    ),
    sex: oneOf.optional(["female", "male", "other"], "sex of the person who holds the lease"),
  },
  key: ["household_id", "valid_from", "known_on"],
  references: { household_id: [to(household, "id")] },
  rights: { schemas: ["audit"], releasable: true },
});

export type HouseholdAudit = z.infer<typeof householdAudit.schema>;
