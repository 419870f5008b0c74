import { type AccountEntry, componentOf } from "./account.ts";

/** The part that an entry plays in an account: asked, received, given up or carried over. */
export type Flow = "call" | "benefit" | "billing" | "fee" | "receipt" | "write_off" | "opening";

/** Reads an entry's part from its kind and sign. */
export function flowOf(entry: AccountEntry): Flow {
  switch (entry.kind) {
    case "rent":
    case "charges":
    case "rent_supplement":
      return "call";
    case "housing_benefit":
    case "rent_rebate":
      return entry.cents > 0 ? "receipt" : "benefit";
    case "payment":
    case "guarantor_payment":
    case "payment_rejected":
      return "receipt";
    case "deposit":
      return entry.cents > 0 ? "billing" : "receipt";
    case "write_off":
      return "write_off";
    case "opening_balance":
      return "opening";
    default:
      return componentOf(entry) === "principal" ? "billing" : "fee";
  }
}

/** Whether an entry is received money, from whoever it comes, or takes some back. */
export function isReceived(entry: AccountEntry): boolean {
  const flow = flowOf(entry);
  return flow === "receipt" || flow === "benefit";
}
