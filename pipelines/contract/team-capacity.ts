import type { z } from "zod";
import { TEAMS } from "./action.ts";
import { agency } from "./agency.ts";
import { agencyMapping } from "./agency-mapping.ts";
import { date, decimal, id, integer, oneOf } from "./column.ts";
import { defineTable, to } from "./table.ts";

export const teamCapacity = defineTable({
  name: "team_capacity",
  description: "How much a team can do for an agency, from a day on.",
  columns: {
    team: oneOf(TEAMS, "team"),
    agency_id: id("agency, by its code of today or of before a merger"),
    valid_from: date("first day on which it holds"),
    contacts_per_week: integer({ minimum: 0, maximum: 100_000 }, "households that it can contact in a week"),
    full_time_equivalents: decimal.optional({ digits: 5, scale: 2, minimum: 0 }, "full-time equivalents"),
  },
  key: ["team", "agency_id", "valid_from"],
  references: { agency_id: [to(agency, "id"), to(agencyMapping, "legacy_agency_id")] },
});

export type TeamCapacity = z.infer<typeof teamCapacity.schema>;
