import { type Day, lastDay, type Month, monthOf } from "./calendar.ts";
import type { ActionRecord, LeaseRecord } from "./landlord-records.ts";
import { LeaseAccount } from "./measure.ts";
import type { Intervention } from "./office.ts";
import type { Approach } from "./parameters.ts";
import { Chances } from "./random.ts";
import type { LivedDwelling, LivedTenancy } from "./stock.ts";
import { liveTenancy } from "./tenancy.ts";

const CURE_DAYS = 60;
const RELAPSE_MONTHS = 6;
/** Months after the action's that a second run must live for its outcome to be known. */
const FOLLOWED_MONTHS = 9;

type Account = Pick<LeaseRecord, "entries" | "end">;

/** What became of one household after one moment. */
export interface Outcome {
  /** At a month end within 60 days no whole term was owed, by payment: a departure or a write-off is no cure. */
  readonly cured: boolean;
  /** After that, a whole term was owed again at one of the six month ends that follow. */
  readonly relapsed: boolean;
}

/** The average effect on those treated: the same households with and without the action, their luck the same. */
export interface Effect {
  /** What was done; `than` is what the second run did at that moment instead. */
  readonly action: string;
  readonly than: string;
  /** Approach of the interviews counted; `all` for any. */
  readonly approach: string;
  readonly outcome: "cured_in_60_days" | "relapsed_in_6_months" | "lastingly_cured";
  readonly n: number;
  readonly share_with: number;
  readonly share_without: number;
  readonly difference: number;
}

interface Pairs {
  readonly action: string;
  readonly than: string;
  readonly approach: string;
  n: number;
  readonly with: { cured: number; relapsed: number };
  readonly without: { cured: number; relapsed: number };
}

/** Lives again, without the action or with another approach, the households that the office acted upon. */
export class EffectStudy {
  readonly #pairs = new Map<string, Pairs>();

  /** Counts the actions of one dwelling whose follow-up the window shows. */
  add({ record, tenancies }: LivedDwelling): void {
    if (record.use !== "residential") return;
    for (const tenancy of tenancies) this.#addTenancy(tenancy);
  }

  /** One line per action, approach and outcome. */
  effects(): Effect[] {
    const byName = [...this.#pairs].sort(([one], [other]) => (one < other ? -1 : 1));
    return byName.flatMap(([, pairs]) => [
      effect(pairs, "cured_in_60_days", ({ cured }) => cured),
      effect(pairs, "relapsed_in_6_months", ({ relapsed }) => relapsed),
      effect(pairs, "lastingly_cured", ({ cured, relapsed }) => cured - relapsed),
    ]);
  }

  #addTenancy(tenancy: LivedTenancy): void {
    const { plan, lease } = tenancy;
    const { examined } = plan.parameters.truth;
    const chances = new Chances(plan.seed, plan.id);
    let account: LeaseAccount | null = null;
    for (const action of lease.actions) {
      const month = monthOf(action.on);
      if (month + FOLLOWED_MONTHS > plan.window.lastMonth) continue;
      for (const kind of kindsOf(action)) {
        if (!chances.chance(examined[kind], "examined", month)) continue;
        account ??= new LeaseAccount(lease);
        if (termsOn(account, action.on) < 1) continue;
        const lived = outcomeOf(lease, action.on, account);
        this.#compare(tenancy, action, lived, kind, "none", null);
        if (kind === "interview" && action.approach !== null && action.approach !== "standard") {
          this.#compare(tenancy, action, lived, kind, "standard", "standard");
        }
      }
    }
  }

  #compare(
    { plan }: LivedTenancy,
    { on, approach }: ActionRecord,
    lived: Outcome,
    kind: Intervention["kind"],
    than: string,
    other: Approach | null,
  ): void {
    const month = monthOf(on);
    const until = Math.min(plan.window.lastMonth, month + FOLLOWED_MONTHS);
    const again = liveTenancy({ ...plan, until }, { kind, month, approach: other });
    const otherwise = outcomeOf(again, on, new LeaseAccount(again));
    const approaches = approach === null || kind !== "interview" ? ["all"] : ["all", approach];
    for (const counted of approaches) {
      const key = `${kind} ${than} ${counted}`;
      const pairs = this.#pairs.get(key) ?? newPairs(kind, than, counted);
      this.#pairs.set(key, pairs);
      pairs.n++;
      count(pairs.with, lived);
      count(pairs.without, otherwise);
    }
  }
}

/** What became of a lease after the day `on`, from its entries. */
export function outcomeOf(lease: Account, on: Day, account: LeaseAccount): Outcome {
  const writtenOff = lease.entries.find(
    ({ kind, valueOn }) => kind === "write_off" && valueOn !== null && valueOn > on,
  );
  const last = Math.min(on + CURE_DAYS, (lease.end ?? Infinity) - 1, (writtenOff?.valueOn ?? Infinity) - 1);
  for (let month = monthOf(on); lastDay(month) <= last; month++) {
    const cured = lastDay(month) > on && termsOn(account, lastDay(month)) < 1;
    if (cured) return { cured: true, relapsed: relapses(lease, month, account) };
  }
  return { cured: false, relapsed: false };
}

function relapses(lease: Account, cured: Month, account: LeaseAccount): boolean {
  for (let month = cured + 1; month <= cured + RELAPSE_MONTHS; month++) {
    const closing = lastDay(month);
    if (lease.end !== null && lease.end <= closing) return false;
    if (termsOn(account, closing) >= 1) return true;
  }
  return false;
}

function termsOn(account: LeaseAccount, day: Day): number {
  return account.agesOn(day, account.dueOn(day, Infinity)).terms;
}

/** The effects that an action counts for; a plan is signed in the contact that led to it. */
function kindsOf({ kind, contact, outcome }: ActionRecord): Intervention["kind"][] {
  if (contact !== "reached" || outcome === "dispute") return [];
  const kinds: Intervention["kind"][] = kind === "interview" || kind === "call" ? [kind] : [];
  return outcome === "plan" ? [...kinds, "plan"] : kinds;
}

function newPairs(action: string, than: string, approach: string): Pairs {
  return {
    action,
    than,
    approach,
    n: 0,
    with: { cured: 0, relapsed: 0 },
    without: { cured: 0, relapsed: 0 },
  };
}

function count(sums: { cured: number; relapsed: number }, { cured, relapsed }: Outcome): void {
  if (cured) sums.cured++;
  if (relapsed) sums.relapsed++;
}

function effect(
  { action, than, approach, n, with: done, without }: Pairs,
  outcome: Effect["outcome"],
  countOf: (sums: { readonly cured: number; readonly relapsed: number }) => number,
): Effect {
  const share = (sums: Pairs["with"]): number => countOf(sums) / n;
  return {
    action,
    than,
    approach,
    outcome,
    n,
    share_with: share(done),
    share_without: share(without),
    difference: share(done) - share(without),
  };
}
