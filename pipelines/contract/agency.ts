import type { z } from "zod";
import { id, text } from "./column.ts";
import { defineTable } from "./table.ts";

export const agency = defineTable({
  name: "agency",
  description: "An agency of the landlord as it is today, after every merger.",
  columns: {
    id: id("today's code of the agency"),
    name: text("name shown on the sites"),
    sector: text("sector that the agency belongs to"),
  },
  key: ["id"],
});

export type Agency = z.infer<typeof agency.schema>;
