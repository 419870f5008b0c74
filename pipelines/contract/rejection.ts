import type { z } from "zod";
import { id, text } from "./column.ts";
import { entry } from "./entry.ts";
import { defineTable, to } from "./table.ts";

export const rejection = defineTable({
  name: "rejection",
  description: "Why a bank gave a payment back.",
  columns: {
    entry_id: id("entry of the rejected payment"),
    reason: text("return reason of the bank, such as AM04"),
  },
  key: ["entry_id"],
  references: { entry_id: [to(entry, "id")] },
});

export type Rejection = z.infer<typeof rejection.schema>;
