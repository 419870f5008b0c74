import { action } from "./action.ts";
import { agency } from "./agency.ts";
import { agencyMapping } from "./agency-mapping.ts";
import { allocation } from "./allocation.ts";
import { bankReceipt } from "./bank-receipt.ts";
import { bankReference } from "./bank-reference.ts";
import { controlBalance } from "./control-balance.ts";
import { controlTotal } from "./control-total.ts";
import { disposition } from "./disposition.ts";
import { dwelling } from "./dwelling.ts";
import { entry } from "./entry.ts";
import { household } from "./household.ts";
import { householdAudit } from "./household-audit.ts";
import { householdContact } from "./household-contact.ts";
import { householdSituation } from "./household-situation.ts";
import { lease } from "./lease.ts";
import { leaseHold } from "./lease-hold.ts";
import { leaseTerms } from "./lease-terms.ts";
import { plan } from "./plan.ts";
import { planInstalment } from "./plan-instalment.ts";
import { rejection } from "./rejection.ts";
import { setAside } from "./set-aside.ts";
import type { ContractTable } from "./table.ts";
import { teamCapacity } from "./team-capacity.ts";
import { unmatchedReceipt } from "./unmatched-receipt.ts";

/**
 * The tables that a landlord's mapping may fill, each after those that it refers to. A new table is one file beside
 * this one and one line here.
 */
export const CONTRACT: readonly ContractTable[] = [
  agency,
  agencyMapping,
  dwelling,
  household,
  householdSituation,
  householdAudit,
  householdContact,
  lease,
  leaseTerms,
  entry,
  allocation,
  rejection,
  controlBalance,
  controlTotal,
  bankReference,
  bankReceipt,
  unmatchedReceipt,
  plan,
  planInstalment,
  leaseHold,
  action,
  teamCapacity,
  disposition,
  setAside,
];

/** The contract table of that name, or undefined. */
export function contractTable(name: string): ContractTable | undefined {
  return CONTRACT.find((table) => table.name === name);
}
