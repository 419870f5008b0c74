import { type Day, firstDay, frenchDate } from "../calendar.ts";
import type { DelimitedFile, Delivery } from "../delivery.ts";
import type { ActionRecord, DwellingRecord, HoldRecord, PlanRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import { groupCode } from "./codes.ts";
import { decisionOf } from "./group-decisions.ts";
import { DECISIONS, FRAMEWORKS, HOLDS, PLAN_OUTCOMES, SOURCES, TEAMS } from "./group-words.ts";
import { commaAmount, compactDate, type Export, GROUP_LISTING } from "./writing.ts";

const NARROW_SPACE = "\u202F";

/**
 * The prevention desk's cases: plans and their instalments, and decisions on alerts, each in one list; holds as two
 * deliveries, what was known at the end of the last whole month, then what has been added or has ended since.
 */
export class GroupCases implements Export<DwellingRecord> {
  readonly #window: Window;
  readonly #plans: DelimitedFile;
  readonly #instalments: DelimitedFile;
  readonly #decisions: DelimitedFile;
  readonly #holds: DelimitedFile;
  readonly #earlyHolds: { readonly file: DelimitedFile; readonly deliveredOn: Day } | undefined;

  constructor(delivery: Delivery, window: Window) {
    this.#window = window;
    const open = (name: string, on: Day, header: readonly string[]) =>
      delivery.delimited(`groupe/${name}_${compactDate(on)}.csv`, GROUP_LISTING, header);
    this.#plans = open("plans", window.asOf, [
      "n° plan",
      "contrat",
      "signé le",
      "phase",
      "dette",
      "cadre",
      "terminé le",
      "issue",
    ]);
    this.#instalments = open("echeancier", window.asOf, ["n° plan", "échéance", "montant"]);
    this.#decisions = open("decisions", window.asOf, [
      "n°",
      "contrat",
      "décidé le",
      "décision",
      "motif du rejet",
    ]);
    const holds = ["contrat", "nature", "du", "au", "connu le", "dette couverte", "source"];
    this.#holds = open("suspensions", window.asOf, holds);
    if (window.firstMonth < window.lastMonth) {
      const deliveredOn = firstDay(window.lastMonth) - 1;
      this.#earlyHolds = { file: open("suspensions", deliveredOn, holds), deliveredOn };
    }
  }

  write(dwelling: DwellingRecord): void {
    for (const lease of dwelling.leases) {
      const { actions, plans, holds } = lease;
      if (actions.length + plans.length + holds.length === 0) continue;
      const code = groupCode("lease", dwelling.landlord, lease.id);
      for (const plan of plans) this.#writePlan(code, plan);
      for (const hold of holds) this.#writeHold(code, hold);
      for (const action of actions) this.#writeDecision(code, action);
    }
  }

  async finish(): Promise<void> {}

  #writePlan(lease: string, plan: PlanRecord): void {
    const number = `${lease}/P${plan.rank}`;
    this.#plans.addFields([
      number,
      lease,
      frenchDate(plan.signedOn),
      TEAMS[plan.phase],
      euros(plan.debt),
      FRAMEWORKS[plan.framework],
      plan.endedOn === null ? "" : frenchDate(plan.endedOn),
      plan.outcome === null ? "" : PLAN_OUTCOMES[plan.outcome],
    ]);
    for (const { dueOn, cents } of plan.instalments) {
      this.#instalments.addFields([number, frenchDate(dueOn), euros(cents)]);
    }
  }

  #writeHold(lease: string, hold: HoldRecord): void {
    const row = (to: Day | null) => [
      lease,
      HOLDS[hold.kind],
      frenchDate(hold.from),
      to === null ? "" : frenchDate(to),
      frenchDate(hold.knownOn),
      hold.debtCovered === null ? "" : euros(hold.debtCovered),
      hold.source === null ? "" : SOURCES[hold.source],
    ];
    const early = this.#earlyHolds;
    if (early === undefined || hold.knownOn > early.deliveredOn) {
      this.#holds.addFields(row(hold.to));
      return;
    }
    const endsSince =
      hold.kind !== "promise_to_pay" &&
      hold.to !== null &&
      hold.to > early.deliveredOn &&
      hold.to <= this.#window.asOf;
    early.file.addFields(row(endsSince ? null : hold.to));
    if (endsSince) this.#holds.addFields(row(hold.to));
  }

  #writeDecision(lease: string, action: ActionRecord): void {
    const decided = decisionOf(action, this.#window.asOf);
    if (decided === null) return;
    this.#decisions.addFields([
      `${lease}/D${action.rank}`,
      lease,
      frenchDate(decided.decidedOn),
      DECISIONS[decided.decision],
      decided.reason ?? "",
    ]);
  }
}

function euros(cents: number): string {
  return commaAmount(cents, NARROW_SPACE);
}
