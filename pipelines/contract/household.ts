import type { z } from "zod";
import { flag, id, integer, money, oneOf } from "./column.ts";
import { defineTable } from "./table.ts";

/** The ways in which a household can be reached. */
export const CONTACT_CHANNELS = ["letter", "email", "sms", "phone", "visit"] as const;

/** What a landlord knows of how a household lives: as last known here, from a day on in `household_situation`. */
export const SITUATION = {
  size: integer.optional({ minimum: 1, maximum: 20 }, "people living in the dwelling"),
  adults: integer.optional({ minimum: 0, maximum: 20 }, "adults among them"),
  children: integer.optional({ minimum: 0, maximum: 20 }, "children among them"),
  income_band: integer.optional({ minimum: 1, maximum: 10 }, "income band, 1 the lowest"),
  reference_income: money.optional("yearly reference income in euros"),
  digital_consent: flag.optional("whether the household agreed to e-mail and SMS"),
  preferred_channel: oneOf.optional(CONTACT_CHANNELS, "how the household asks to be reached"),
};

export const household = defineTable({
  name: "household",
  description:
    "A household that holds or held a lease, with the little that prevention needs: no nationality, no health, no free text.",
  columns: {
    id: id("code of the household"),
    ...SITUATION,
  },
  key: ["id"],
});

export type Household = z.infer<typeof household.schema>;
