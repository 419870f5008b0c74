import type { z } from "zod";
import { date, id } from "./column.ts";
import { household, SITUATION } from "./household.ts";
import { defineTable, to } from "./table.ts";

export const householdSituation = defineTable({
  name: "household_situation",
  description: "What holds for a household from a day on, as it was known on a day.",
  columns: {
    household_id: id("household"),
    valid_from: date("first day on which it holds"),
    known_on: date("day on which the landlord's files first said so"),
    ...SITUATION,
  },
  key: ["household_id", "valid_from", "known_on"],
  references: { household_id: [to(household, "id")] },
});

export type HouseholdSituation = z.infer<typeof householdSituation.schema>;
