import type { z } from "zod";
import { date, id, money, month, oneOf, text } from "./column.ts";
import { lease } from "./lease.ts";
import { requiredWhen } from "./row-rule.ts";
import { defineTable, to } from "./table.ts";

/** The ways in which money is paid. */
export const PAYMENT_CHANNELS = ["direct_debit", "transfer", "card", "cheque", "cash", "other"] as const;

/** Who pays. */
export const PAYERS = ["tenant", "caf", "fsl", "guarantor", "other"] as const;

export const entry = defineTable({
  name: "entry",
  description: "One line of a tenant account: a debit is positive, a credit negative.",
  columns: {
    id: id("code of the entry, the same in every re-export of it"),
    lease_id: id("lease whose account it stands on"),
    booked_on: date("day on which it was booked"),
    due_on: date.optional("day on which a debit falls due"),
    value_on: date.optional("day on which a credit reached the landlord"),
    kind: oneOf(
      [
        "rent",
        "charges",
        "rent_supplement",
        "charges_adjustment",
        "housing_benefit",
        "rent_rebate",
        "payment",
        "payment_rejected",
        "guarantor_payment",
        "deposit",
        "fee",
        "court_cost",
        "repairs",
        "adjustment",
        "write_off",
        "opening_balance",
      ],
      "what the entry is",
    ),
    component: oneOf.optional(["principal", "fee", "court_cost"], "part of the debt that a debit adds to"),
    fee_kind: oneOf.optional(
      ["reminder", "collection", "notice_to_pay", "rejection", "other"],
      "what a fee was charged for",
    ),
    amount: money("euros, debit positive, credit negative"),
    term_month: month.optional("month that the entry belongs to"),
    payer: oneOf.optional(PAYERS, "who paid"),
    channel: oneOf.optional(PAYMENT_CHANNELS, "how it was paid"),
    earmark: oneOf.optional(
      ["principal", "fee", "court_cost"],
      "part of the debt that the payer chose to clear",
    ),
    reversal_of: text.optional("code of the entry that this one takes back"),
    account: text.optional("general-ledger account, such as 411 or 416"),
  },
  key: ["id"],
  references: { lease_id: [to(lease, "id")] },
  rules: [
    requiredWhen("due_on", { column: "amount", above: 0 }),
    requiredWhen("component", { column: "amount", above: 0 }),
    requiredWhen("fee_kind", { column: "kind", is: "fee" }),
  ],
});

export type Entry = z.infer<typeof entry.schema>;
