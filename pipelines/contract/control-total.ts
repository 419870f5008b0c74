import type { z } from "zod";
import { money, month, text } from "./column.ts";
import { defineTable } from "./table.ts";

export const controlTotal = defineTable({
  name: "control_total",
  description: "The landlord's own totals of an account over a month, to hold the loaded entries against.",
  columns: {
    account: text("general-ledger account, as in entry.account"),
    period: month("month"),
    debit: money("euros booked to its debit in the month"),
    credit: money("euros booked to its credit in the month, as a positive number"),
  },
  key: ["account", "period"],
});

export type ControlTotal = z.infer<typeof controlTotal.schema>;
