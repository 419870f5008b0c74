import type { z } from "zod";
import { agency } from "./agency.ts";
import { date, id } from "./column.ts";
import { defineTable, to } from "./table.ts";

export const agencyMapping = defineTable({
  name: "agency_mapping",
  description: "From a date on, an agency code of before a merger means one of today's agencies.",
  columns: {
    legacy_agency_id: id("agency code of before the merger"),
    agency_id: id("today's agency"),
    valid_from: date("first day on which the old code means that agency"),
  },
  key: ["legacy_agency_id", "valid_from"],
  references: { agency_id: [to(agency, "id")] },
});

export type AgencyMapping = z.infer<typeof agencyMapping.schema>;
