import type { z } from "zod";
import { date, id, longText, money, oneOf, text } from "./column.ts";
import { PAYERS, PAYMENT_CHANNELS } from "./entry.ts";
import { defineTable } from "./table.ts";

export const bankReceipt = defineTable({
  name: "bank_receipt",
  description: "What the bank received, or gave back, for a lease that its file does not name.",
  columns: {
    id: id("code of the receipt, the same in every re-export of it"),
    account: text("the landlord's account"),
    booked_on: date("day on which the bank booked it"),
    value_on: date.optional("value date"),
    amount: money("euros, received positive, given back negative"),
    channel: oneOf.optional(PAYMENT_CHANNELS, "how it was paid"),
    payer: oneOf.optional(PAYERS, "who paid, where the file tells it"),
    reference: longText.optional(140, "remittance text"),
    payer_name: longText.optional(140, "name of the payer as the bank writes it"),
    payer_account: text.optional("account of the payer"),
    end_to_end_id: text.optional("end-to-end identifier, which a return shares with its collection"),
    mandate: text.optional("reference of the direct-debit mandate"),
    return_reason: text.optional("return reason of the bank, such as AM04"),
  },
  key: ["id"],
});

export type BankReceipt = z.infer<typeof bankReceipt.schema>;
