import type { z } from "zod";
import { longText } from "./column.ts";
import { defineTable } from "./table.ts";

export const setAside = defineTable({
  name: "set_aside",
  description:
    "A line of a file that the mapping leaves out on purpose, such as a supplier's payment in a bank statement.",
  columns: {
    reason: longText(140, "why it is left out, in the language of the sites"),
  },
  key: "place",
});

export type SetAside = z.infer<typeof setAside.schema>;
