import type { z } from "zod";
import { id, longText, text } from "./column.ts";
import { household } from "./household.ts";
import { defineTable, to } from "./table.ts";

export const householdContact = defineTable({
  name: "household_contact",
  description:
    "How to reach a household; it leaves the warehouse in the prevention desk's letters and lists, and its name on the social teams' sites, only.",
  columns: {
    household_id: id("household"),
    civility: text.optional("form of address"),
    name: longText(140, "name to write on a letter"),
    address: longText.optional(280, "postal address on one line"),
    phone: text.optional("telephone number"),
    email: longText.optional(140, "e-mail address"),
    legal_representative: longText.optional(
      140,
      "who is written to in the household's place, such as a guardian",
    ),
  },
  key: ["household_id"],
  references: { household_id: [to(household, "id")] },
  rights: { schemas: ["prevention", "social_teams"], releasable: false },
});

export type HouseholdContact = z.infer<typeof householdContact.schema>;
