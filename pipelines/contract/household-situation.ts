import type { z } from "zod";
import { date, flag, id, integer, money, oneOf } from "./column.ts";
import { CONTACT_CHANNELS, household } from "./household.ts";
import { defineTable, to } from "./table.ts";

export const householdSituation = defineTable({
  name: "household_situation",
  description: "What holds for a household from a day on, as it was known on a day.",
  columns: {
    household_id: id("household"),
    valid_from: date("first day on which it holds"),
    known_on: date("day on which the landlord's files first said so"),
    size: integer.optional({ minimum: 1, maximum: 20 }, "people living in the dwelling"),
    adults: integer.optional({ minimum: 0, maximum: 20 }, "adults among them"),
    children: integer.optional({ minimum: 0, maximum: 20 }, "children among them"),
    income_band: integer.optional({ minimum: 1, maximum: 10 }, "income band, 1 the lowest"),
    reference_income: money.optional("yearly reference income in euros"),
    digital_consent: flag.optional("whether the household agreed to e-mail and SMS"),
    preferred_channel: oneOf.optional(CONTACT_CHANNELS, "how the household asks to be reached"),
  },
  key: ["household_id", "valid_from", "known_on"],
  references: { household_id: [to(household, "id")] },
});

export type HouseholdSituation = z.infer<typeof householdSituation.schema>;
