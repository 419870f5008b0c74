import type { Account, Component } from "./account.ts";
import { type Evening, eveningsOf } from "./evenings.ts";
import { bookedEvenings, type Pair } from "./lettering.ts";

export const POLICIES = ["legal_default", "principal_first", "as_booked"] as const;

/** How a payment is shared among the debts of its account. */
export type Policy = (typeof POLICIES)[number];

/** What the strategy says of allocation. */
export interface AllocationRules {
  /** The policy that arrears follow. */
  readonly policy: Policy;
  /** Due debts in the order in which the debtor gains most by clearing them. */
  readonly ranking: readonly Component[];
}

/** The components in the order in which a policy pays them: the strategy's, or principal before it. */
export function rankingOf(policy: Policy, { ranking }: AllocationRules): readonly Component[] {
  if (policy !== "principal_first") return ranking;
  return ["principal", ...ranking.filter((component) => component !== "principal")];
}

/** How an account stands on each of `days` (ascending) under a policy; `pairs`: what the landlord lettered. */
export function eveningsUnder(
  policy: Policy,
  allocation: AllocationRules,
  account: Account,
  pairs: readonly Pair[],
  days: readonly string[],
): Evening[] {
  const ranking = rankingOf(policy, allocation);
  if (policy === "as_booked" && pairs.length > 0) return bookedEvenings(account, pairs, ranking, days);
  return eveningsOf(account, ranking, days);
}
