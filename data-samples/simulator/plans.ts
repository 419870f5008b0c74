import type { Account } from "./account.ts";
import type { HousingBenefit } from "./benefit.ts";
import type { Budget } from "./budget.ts";
import { type Day, dayOf, lastDay, type Month, monthOf } from "./calendar.ts";
import type { PlanRecord } from "./landlord-records.ts";
import type { Setting } from "./setting.ts";

interface RunningPlan {
  readonly record: { -readonly [Key in keyof PlanRecord]: PlanRecord[Key] };
  readonly firstMonth: Month;
  missedInARow: number;
}

/** Repayment plans: signed, followed month by month, kept or broken. */
export class Plans {
  readonly #setting: Setting;
  readonly #account: Account;
  readonly #budget: Budget;
  readonly #benefit: HousingBenefit;
  readonly #signed: RunningPlan["record"][] = [];
  #running: RunningPlan | null = null;
  #endedOn: Day = Number.NEGATIVE_INFINITY;
  /** The last plan was broken, and in which month. */
  brokenIn: Month | null = null;

  constructor(setting: Setting, account: Account, budget: Budget, benefit: HousingBenefit) {
    this.#setting = setting;
    this.#account = account;
    this.#budget = budget;
    this.#benefit = benefit;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  /** The instalment due this month; 0 when none is. */
  instalment(month: Month): number {
    const plan = this.#running;
    return plan === null ? 0 : (plan.record.instalments[month - plan.firstMonth]?.cents ?? 0);
  }

  /**
   * Signs a plan over the whole debt unless one runs, the debt is too small, or the landlord sees that the longest plan
   * it allows asks more a month than the household can find. Returns whether it did.
   */
  sign(on: Day, framework: PlanRecord["framework"], phase: PlanRecord["phase"]): boolean {
    const { parameters, chances } = this.#setting;
    const { plan } = parameters;
    const debt = this.#account.owed;
    if (this.#running !== null || debt < plan.least || on < this.#endedOn) return false;
    const month = monthOf(on);
    const span =
      framework === "landlord" || framework === "caf" ? plan.months[phase] : plan.months[framework];
    const seen = this.#budget.margin(this.#account.term, this.#benefit.toTenant);
    const needed = framework === "landlord" ? Math.ceil(debt / Math.max(1, plan.affordable * seen)) : 1;
    if (needed > span[1]) return false;
    const months = Math.max(needed, chances.integer(span, "planMonths", month));
    const each = Math.ceil(debt / months / plan.roundedTo) * plan.roundedTo;
    const instalments: { dueOn: Day; cents: number }[] = [];
    for (let left = debt; left > 0; left -= each) {
      instalments.push({
        dueOn: dayOf(month + 1 + instalments.length, plan.dueDay),
        cents: Math.min(left, each),
      });
    }
    const record = {
      rank: this.#signed.length + 1,
      signedOn: on,
      phase,
      framework,
      debt,
      endedOn: null,
      outcome: null,
      instalments,
    };
    this.#signed.push(record);
    this.#running = { record, firstMonth: month + 1, missedInARow: 0 };
    return true;
  }

  /** Looks back on a month whose call and instalment are known: the plan goes on, or ends kept or broken. */
  follow(month: Month, call: number): void {
    const plan = this.#running;
    if (plan === null || month < plan.firstMonth) return;
    const { missedInARow, tolerance, settled: settledBelow } = this.#setting.parameters.plan;
    const { record } = plan;
    const { owed, received } = this.#account;
    const asked = Math.max(0, call) + this.instalment(month);
    const settled = owed <= settledBelow * this.#account.term;
    plan.missedInARow = settled || received >= tolerance * asked ? 0 : plan.missedInARow + 1;
    if (plan.missedInARow >= missedInARow) {
      this.#end(lastDay(month), "broken");
      this.brokenIn = month;
    } else if (settled || month >= plan.firstMonth + record.instalments.length - 1) {
      this.#end(lastDay(month), plan.missedInARow === 0 ? "kept" : "broken");
    }
  }

  /** The tenant leaves, or the debt is erased: a plan that runs ends there. */
  drop(on: Day): void {
    if (this.#running !== null) this.#end(on, "broken");
  }

  /** The plans signed in the window, as known on the as-of date. */
  records(): PlanRecord[] {
    const { window } = this.#setting;
    return this.#signed
      .filter(({ signedOn }) => signedOn >= window.start && signedOn <= window.asOf)
      .map((record, index) => {
        const over = record.endedOn !== null && record.endedOn <= window.asOf;
        return {
          ...record,
          rank: index + 1,
          endedOn: over ? record.endedOn : null,
          outcome: over ? record.outcome : null,
        };
      });
  }

  #end(on: Day, outcome: "kept" | "broken"): void {
    const plan = this.#running;
    if (plan === null) return;
    plan.record.endedOn = Math.max(on, plan.record.signedOn);
    plan.record.outcome = outcome;
    this.#endedOn = plan.record.endedOn;
    this.#running = null;
  }
}
