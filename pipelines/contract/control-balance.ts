import type { z } from "zod";
import { date, id, money } from "./column.ts";
import { defineTable } from "./table.ts";

export const controlBalance = defineTable({
  name: "control_balance",
  description: "The landlord's own balance of a lease on a day, to hold the loaded entries against.",
  columns: {
    // No reference: a lease that the landlord knows and the ledger lacks must show as a gap in euros.
    lease_id: id("lease, which the ledger may lack: that shows as a gap"),
    as_of: date("day at whose end the balance stands"),
    balance: money("euros, debit positive, credit negative"),
  },
  key: ["lease_id", "as_of"],
});

export type ControlBalance = z.infer<typeof controlBalance.schema>;
