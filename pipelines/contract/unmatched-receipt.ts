import type { z } from "zod";
import { date, id, longText, money, text } from "./column.ts";
import { defineTable } from "./table.ts";

export const unmatchedReceipt = defineTable({
  name: "unmatched_receipt",
  description: "A receipt on the landlord's own suspense account, waiting for its lease to be found.",
  columns: {
    id: id("code of the receipt"),
    received_on: date("day on which it was received"),
    amount: money("euros, received positive"),
    reference: longText.optional(140, "remittance text"),
    payer_name: longText.optional(140, "name of the payer"),
    lease_id: text.optional("lease that the landlord guesses; it may not exist"),
  },
  key: ["id"],
});

export type UnmatchedReceipt = z.infer<typeof unmatchedReceipt.schema>;
