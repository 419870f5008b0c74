import type { z } from "zod";
import { date, id, money } from "./column.ts";
import { entry } from "./entry.ts";
import { defineTable, to } from "./table.ts";

export const allocation = defineTable({
  name: "allocation",
  description: "A part of a payment that the landlord's own books set against a debit.",
  columns: {
    payment_entry: id("entry that pays"),
    debit_entry: id("entry that is paid"),
    amount: money("euros, positive"),
    allocated_on: date("day on which the landlord set one against the other"),
  },
  key: ["payment_entry", "debit_entry", "allocated_on"],
  references: { payment_entry: [to(entry, "id")], debit_entry: [to(entry, "id")] },
});

export type Allocation = z.infer<typeof allocation.schema>;
