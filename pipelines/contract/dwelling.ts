import type { z } from "zod";
import { agency } from "./agency.ts";
import { agencyMapping } from "./agency-mapping.ts";
import { decimal, flag, id, integer, oneOf } from "./column.ts";
import { defineTable, to } from "./table.ts";

export const dwelling = defineTable({
  name: "dwelling",
  description: "A unit that the landlord lets: a home, a parking space, a garage or commercial premises.",
  columns: {
    id: id("code of the dwelling"),
    agency_id: id("agency that manages it, by today's code or by one of before a merger"),
    use: oneOf(["residential", "parking", "garage", "commercial"], "what it is let for"),
    type: oneOf.optional(["T1", "T2", "T3", "T4", "T5", "T6"], "number of main rooms; T6 is six or more"),
    surface_m2: decimal.optional({ digits: 6, scale: 2, minimum: 0 }, "living area in square metres"),
    building: oneOf.optional(["collective", "individual"], "in a block of flats, or a house of its own"),
    construction_year: integer.optional({ minimum: 1700, maximum: 2100 }, "year it was built"),
    vacant: flag.optional("whether it stands empty at the delivery"),
  },
  key: ["id"],
  references: { agency_id: [to(agency, "id"), to(agencyMapping, "legacy_agency_id")] },
});

export type Dwelling = z.infer<typeof dwelling.schema>;
