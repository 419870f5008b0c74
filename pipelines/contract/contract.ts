import { agency } from "./agency.ts";
import { agencyMapping } from "./agency-mapping.ts";
import { controlBalance } from "./control-balance.ts";
import { controlTotal } from "./control-total.ts";
import { dwelling } from "./dwelling.ts";
import { entry } from "./entry.ts";
import { household } from "./household.ts";
import { lease } from "./lease.ts";
import { leaseTerms } from "./lease-terms.ts";
import type { ContractTable } from "./table.ts";

/**
 * The tables that a landlord's mapping may fill, each after those that it refers to. A new table is one file beside
 * this one and one line here; still to come: household_audit, household_contact, allocation, bank_reference,
 * unmatched_receipt, rejection, plan, plan_instalment, lease_hold, action, team_capacity, disposition.
 */
export const CONTRACT: readonly ContractTable[] = [
  agency,
  agencyMapping,
  dwelling,
  household,
  lease,
  leaseTerms,
  entry,
  controlBalance,
  controlTotal,
];

/** The contract table of that name, or undefined. */
export function contractTable(name: string): ContractTable | undefined {
  return CONTRACT.find((table) => table.name === name);
}
