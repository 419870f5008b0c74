import type { z } from "zod";
import { date, id, longText, oneOf } from "./column.ts";
import { lease } from "./lease.ts";
import { defineTable, to } from "./table.ts";

export const bankReference = defineTable({
  name: "bank_reference",
  description: "How something that a bank writes beside a receipt leads to a lease.",
  columns: {
    kind: oneOf(
      ["reference", "mandate", "payer_account", "end_to_end"],
      "where the bank writes it: remittance text, mandate, payer's account, end-to-end identifier",
    ),
    reference: longText(140, "what the bank writes"),
    lease_id: id("lease that it leads to"),
    valid_from: date.optional("first day on which it does; always when null"),
  },
  key: ["kind", "reference", "lease_id"],
  references: { lease_id: [to(lease, "id")] },
});

export type BankReference = z.infer<typeof bankReference.schema>;
