import type { z } from "zod";
import { date, id, longText, oneOf } from "./column.ts";
import { lease } from "./lease.ts";
import { defineTable, to } from "./table.ts";

export const disposition = defineTable({
  name: "disposition",
  description: "What a person decided about an alert on a lease.",
  columns: {
    id: id("code of the decision"),
    lease_id: id("lease"),
    decided_on: date("day of the decision"),
    decision: oneOf(["accepted", "dismissed", "contacted", "helped"], "what was decided"),
    reason: longText.optional(140, "why"),
  },
  key: ["id"],
  references: { lease_id: [to(lease, "id")] },
});

export type Disposition = z.infer<typeof disposition.schema>;
