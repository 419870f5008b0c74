import type { Account } from "./account.ts";
import type { HousingBenefit } from "./benefit.ts";
import type { Budget } from "./budget.ts";
import { type Day, dayOf, type Month, monthOf } from "./calendar.ts";
import type { FileLog } from "./file-log.ts";
import type { ActionRecord, Channel } from "./landlord-records.ts";
import type { Life } from "./life.ts";
import type { Litigation } from "./litigation.ts";
import type { Approach } from "./parameters.ts";
import type { Asked, Payment } from "./payment.ts";
import type { Plans } from "./plans.ts";
import type { Setting } from "./setting.ts";

type Team = ActionRecord["team"];
type Outcome = NonNullable<ActionRecord["outcome"]>;

/** An action that a second run of the same tenancy does otherwise: not at all, or an interview in another approach. */
export interface Intervention {
  readonly kind: "interview" | "call" | "plan";
  readonly month: Month;
  readonly approach: Approach | null;
}

/** What the office works with: one tenancy's parts. */
export interface Case {
  readonly setting: Setting;
  readonly life: Life;
  readonly account: Account;
  readonly benefit: HousingBenefit;
  readonly budget: Budget;
  readonly payment: Payment;
  readonly plans: Plans;
  readonly log: FileLog;
  readonly litigation: Litigation;
  readonly intervention: Intervention | null;
}

const NEVER = -10_000;
const REPEAT_WINDOW = 24;
const LETTER_DAY = { 1: 10, 2: 10, 3: 17 } as const;

/** The prevention procedure on one home: letters on its dates, calls, visits, interviews, aid. */
export class Office {
  /** Months in a row in which the frozen list showed a whole term owed. */
  spellMonths = 0;
  /** Whole terms on the last frozen list. */
  terms = 0;
  readonly #case: Case;
  #lastSpell: Month = NEVER;
  #letters: 0 | 1 | 2 | 3 = 0;
  #letterOn: Day = NEVER;
  #interviewMonth: Month = NEVER;
  #reported = false;
  #aid: { readonly month: Month; readonly share: number } | null = null;
  #askedAid: Month = NEVER;

  constructor(parts: Case) {
    this.#case = parts;
  }

  /** What a new tenant is offered in its first month. */
  welcome(): void {
    const { setting, log } = this.#case;
    const { chances, parameters, start } = setting;
    if (chances.chance(parameters.office.moveInDiagnosis, "moveInDiagnosis")) {
      log.act(start + chances.integer([3, 40], "moveInDay"), "move_in_diagnosis", "agency", {
        channel: "visit",
      });
    }
  }

  /** Works the case for one month, once its payments are decided. */
  act(asked: Asked): void {
    const { setting, account, payment } = this.#case;
    const { parameters } = setting;
    const { month } = asked;
    const frozenOn = dayOf(month, parameters.office.frozenOn);
    const past = account.owedOn(frozenOn) - Math.max(0, asked.call) - Math.max(0, asked.extra);
    this.terms = account.term > 0 ? Math.max(0, Math.floor(past / account.term + 0.001)) : 0;
    this.#payAid(month);
    if (this.terms < 1) {
      if (this.spellMonths > 0) this.#lastSpell = month;
      this.spellMonths = 0;
      this.#letters = 0;
      this.#reported = false;
      if (payment.rejectedOn !== null) this.#careCall(month, payment.rejectedOn);
      return;
    }
    this.spellMonths++;
    this.#restartAfterBrokenPlan(month);
    const team = this.#team(month);
    this.#dispute(asked, team);
    this.#report(month, team);
    if (!this.#case.plans.running) {
      const written = this.#letter(month, team);
      this.#call(month, team, written);
      this.#interim(month, team);
      this.#visit(month, team);
    }
    this.#interview(asked, team);
  }

  // ── Letters and contacts ───────────────────────────────────────────────────────────────────────────────────

  /** Returns the rank of the letter that left this month, if one did. */
  #letter(month: Month, team: Team): 1 | 2 | 3 | null {
    const { setting, log, payment, litigation } = this.#case;
    const { chances, agencyChances, parameters } = setting;
    const { office } = parameters;
    if (this.#letters === 3 || litigation.open) return null;
    const rank = this.#letters === 0 ? 1 : this.#letters === 1 ? 2 : 3;
    if (this.terms < Math.min(rank, 2)) return null;
    const late = agencyChances.chance(office.onTime, "lettersOut", month)
      ? 0
      : agencyChances.integer([1, 6], "lettersOut", month + 100_000);
    const on = dayOf(month, LETTER_DAY[rank] + late);
    if (log.stopped(on) || !chances.chance(office.lettersOut, "lettersOut", month)) return null;
    log.act(on, "letter", team, { letterRank: rank, channel: "letter" });
    this.#letters = rank;
    this.#letterOn = on;
    payment.engagement += office.engagement.letter;
    this.#reminderFee(on, month);
    if (rank === 3) litigation.handOver(month, on);
    return rank;
  }

  #call(month: Month, team: Team, written: 1 | 2 | 3 | null): void {
    const { setting, log, payment, intervention } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    const wanted =
      written === 1
        ? office.firstCall
        : written !== null
          ? office.laterCall
          : office.followUpCall[this.terms > 1 ? "more" : "one"];
    const on = this.#contactOn(dayOf(month, chances.integer([11, 27], "callOn", month)));
    if (log.stopped(on) || !chances.chance(wanted, "firstCall", month)) return;
    if (intervention?.kind === "call" && intervention.month === month) return;
    const reached = chances.chance(office.reached, "callReached", month);
    if (!reached) {
      log.act(on, "call", team, { channel: "phone", contact: "attempted", outcome: "none" });
      return;
    }
    payment.engagement += office.engagement.call;
    const outcome = this.#agree(month, on, { promise: office.promise, plan: office.callPlan, aid: 0 });
    log.act(on, "call", team, { channel: "phone", contact: "reached", outcome });
  }

  /** A month's contacts come after its letter: what is agreed in them must not be contradicted by post. */
  #contactOn(day: Day): Day {
    return Math.max(day, this.#letterOn + 1);
  }

  /** A call after a refused debit, before any whole term is owed. */
  #careCall(month: Month, rejectedOn: Day): void {
    const { setting, log, payment } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    if (!chances.chance(office.careCall, "careCall", month)) return;
    const reached = chances.chance(office.reached, "callReached", month);
    if (reached) payment.engagement += office.engagement.call;
    log.act(rejectedOn + chances.integer([2, 9], "callOn", month), "call", "prevention", {
      channel: "phone",
      contact: reached ? "reached" : "attempted",
      outcome: "none",
    });
  }

  /** A message between two letters, for those who agreed to be written to. */
  #interim(month: Month, team: Team): void {
    const { setting, life, log, payment } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    const { digitalConsent, preferredChannel } = life.household;
    if (!digitalConsent || !chances.chance(office.interim, "interim", month)) return;
    const on = dayOf(month, chances.integer([18, 21], "interimOn", month));
    if (log.stopped(on)) return;
    const channel: Channel = preferredChannel === "email" ? "email" : "sms";
    log.act(on, channel, team, { channel });
    payment.engagement += office.engagement.interim;
  }

  #visit(month: Month, team: Team): void {
    const { setting, log, payment } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    if (this.terms < office.visitFrom || !chances.chance(office.visit, "visit", month)) return;
    const on = this.#contactOn(dayOf(month, chances.integer([12, 28], "visitOn", month)));
    if (log.stopped(on)) return;
    const reached = chances.chance(office.reached, "callReached", month + 100_000);
    if (reached) payment.engagement += office.engagement.visit;
    const outcome: Outcome = reached ? this.#agree(month, on, office.visitOdds) : "none";
    log.act(on, "visit", team, { channel: "visit", contact: reached ? "reached" : "attempted", outcome });
  }

  // ── Interviews ─────────────────────────────────────────────────────────────────────────────────────────────

  #interview(asked: Asked, team: Team): void {
    const { setting, log, payment, plans, intervention } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    const { month } = asked;
    if (month - this.#interviewMonth < office.interviewRest || plans.running) return;
    const on = this.#contactOn(dayOf(month, chances.integer([13, 28], "interviewOn", month)));
    if (log.stopped(on) || !chances.chance(this.#interviewChance(month), "interview", month)) return;
    const reached = chances.chance(office.interviewReached, "interviewReached", month);
    const usual = this.#approach(month);
    if (!reached) {
      log.act(on, "interview", team, {
        channel: "visit",
        approach: usual,
        contact: "attempted",
        outcome: "none",
      });
      return;
    }
    const changed = intervention?.kind === "interview" && intervention.month === month;
    const approach = changed ? intervention.approach : usual;
    if (approach === null) return;
    this.#interviewMonth = month;
    const outcome = this.#hold(month, on, approach);
    const person = { channel: "visit", approach, contact: "reached", outcome } as const;
    log.act(on, "interview", team, person);
    payment.engagement = Math.min(1, payment.engagement);
  }

  /** Holds the interview: what it changes, and what is written of it. */
  #hold(month: Month, on: Day, approach: Approach): Outcome {
    const { setting, payment, budget } = this.#case;
    const { chances, parameters, scenario } = setting;
    const ways = parameters.office.approaches[approach];
    if (scenario === "no_effect") {
      return chances.choose({ none: 0.55, promise_to_pay: 0.3, refusal: 0.15 }, "outcome", month);
    }
    payment.engagement += ways.engagement;
    budget.thrift = Math.min(0.1, budget.thrift + ways.thrift);
    return this.#agree(month, on, ways);
  }

  /** By whole terms, team, agency, season and who is away: what files show, and luck. */
  #interviewChance(month: Month): number {
    const { setting } = this.#case;
    const { agencyChances, agency, parameters, start } = setting;
    const { office } = parameters;
    const step = this.terms >= 6 ? 3 : this.terms >= 3 ? 2 : this.terms - 1;
    let chance = office.interview[step] ?? 0;
    if (month - monthOf(start) < office.newEntrantMonths) chance *= office.newEntrantFactor;
    if (month - this.#lastSpell < REPEAT_WINDOW) chance *= office.repeatFactor;
    if (agencyChances.chance(office.awayShare, "adviserAway", month)) chance *= office.awayFactor;
    if (month % 12 === 7) chance *= 0.5;
    return chance * agency.recovery;
  }

  #approach(month: Month): Approach {
    const { setting, life } = this.#case;
    const { chances, agencyChances, parameters, scenario } = setting;
    const { office } = parameters;
    const trained = office.solutionFocusedByAgency * (agencyChances.fraction("approach") - 0.5);
    const seen = office.solutionFocused + office.solutionFocusedByTerm * (this.terms - 2) + trained;
    const hidden = life.household.motivation > 0.5 ? 0.9 : 0.1;
    const wanted = scenario === "hidden_confounder" ? 0.25 * seen + 0.75 * hidden : seen;
    if (!chances.chance(Math.min(0.95, Math.max(0.05, wanted)), "approach", month)) return "standard";
    return chances.chance(office.pair, "pair", month) ? "solution_focused_pair" : "solution_focused";
  }

  // ── What a contact leads to ────────────────────────────────────────────────────────────────────────────────

  #agree(
    month: Month,
    on: Day,
    odds: { readonly promise: number; readonly plan: number; readonly aid: number },
  ): Outcome {
    const { setting, life, plans, litigation, intervention, benefit } = this.#case;
    const { chances } = setting;
    const { motivation, behaviour } = life.household;
    const willing = behaviour === "refusing" ? 0.2 : 0.5 + motivation;
    if (benefit.suspended && chances.chance(2 * odds.aid, "aid", month + 100_000)) benefit.putRight();
    const planned = chances.chance(odds.plan * willing, "planSigned", month);
    const withheld = intervention?.kind === "plan" && intervention.month === month;
    const phase = litigation.open ? "litigation" : "prevention";
    const aided = chances.chance(odds.aid, "aid", month) && this.#askAid(month, on);
    if (planned && !withheld && plans.sign(on, "landlord", phase)) return "plan";
    if (aided) return "aid_requested";
    if (chances.chance(odds.promise * willing, "promise", month)) {
      this.#promise(month, on);
      return "promise_to_pay";
    }
    return chances.chance(behaviour === "refusing" ? 0.5 : 0.08, "refusal", month) ? "refusal" : "none";
  }

  #promise(month: Month, on: Day): void {
    const { setting, life, log, payment } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    const days = chances.integer(office.promiseDays, "promiseDays", month);
    log.hold("promise_to_pay", on, { to: on + days, source: "tenant" });
    const kept = office.promiseKept * (0.5 + life.household.motivation);
    if (chances.chance(kept, "promiseKept", month)) payment.payExtra(month, on + Math.ceil(days / 2), 1);
  }

  /** Asks the housing solidarity fund, unless it was asked within a year. Returns whether it did. */
  #askAid(month: Month, on: Day): boolean {
    const { setting, life, log } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    const band = life.situations.at(-1)?.incomeBand ?? 10;
    if (month - this.#askedAid < 12 || band > 6) return false;
    this.#askedAid = month;
    log.act(on + 3, "fsl_request", this.#team(month));
    if (chances.chance(office.fundGranted, "fundGranted", month)) {
      const wait = chances.integer(office.fundMonths, "fundMonths", monthOf(on));
      this.#aid = { month: month + wait, share: chances.between(office.fundShare, "fundShare", month) };
    }
    return true;
  }

  #payAid(month: Month): void {
    const aid = this.#aid;
    if (aid === null || month < aid.month) return;
    this.#aid = null;
    const { setting, account, log } = this.#case;
    const { fundMost } = setting.parameters.office;
    const cents = Math.round(Math.min(account.owed * aid.share, fundMost) / 100) * 100;
    if (cents < 5_000) return;
    const on = dayOf(month, 22);
    log.act(on - 6, "fsl_grant", "prevention");
    account.receive("payment", cents, on, "transfer", "fsl");
  }

  // ── Around the procedure ───────────────────────────────────────────────────────────────────────────────────

  #team(month: Month): Team {
    const { setting, litigation } = this.#case;
    const { newEntrantMonths } = setting.parameters.office;
    if (litigation.open) return "litigation";
    if (month - monthOf(setting.start) < newEntrantMonths) return "agency";
    return month - this.#lastSpell < REPEAT_WINDOW ? "litigation" : "prevention";
  }

  #restartAfterBrokenPlan(month: Month): void {
    const { plans, litigation } = this.#case;
    if (plans.brokenIn !== month - 1 || litigation.open) return;
    if (this.#letters > 1) this.#letters = 1;
  }

  /** The benefit office is told once two terms are owed; it then pays the landlord, and is a lever. */
  #report(month: Month, team: Team): void {
    const { setting, benefit, payment, log } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    if (this.#reported || this.terms < 2 || benefit.amount <= 0) return;
    this.#reported = true;
    const on = dayOf(month, office.frozenOn) + chances.integer(office.reportWithin, "report", month);
    log.act(on, "caf_report", team);
    payment.engagement += office.engagement.report;
    benefit.toLandlord = true;
  }

  #dispute(asked: Asked, team: Team): void {
    const { setting, account, log } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    const { month } = asked;
    if (!chances.chance(office.dispute * (asked.extra > 0 ? 12 : 1), "dispute", month)) return;
    const on = dayOf(month, 12);
    const covered = Math.min(account.owed, Math.max(asked.extra, Math.round(account.term * 0.6)));
    if (covered <= 0) return;
    log.hold("disputed_debt", on, {
      to: on + chances.integer(office.disputeDays, "disputeDays", month),
      debtCovered: covered,
    });
    log.act(on, "call", team, { channel: "phone", contact: "reached", outcome: "dispute" });
  }

  #reminderFee(on: Day, month: Month): void {
    const { setting, account } = this.#case;
    const { chances, parameters, ways, window, mergedFrom } = setting;
    const { office } = parameters;
    if (month < window.firstMonth) return;
    const charged = ways.fees !== null && month < mergedFrom;
    const probability = charged ? office.reminderFee : office.wrongFee;
    if (!chances.chance(probability, "reminderFee", month)) return;
    account.charge("fee", charged && ways.fees ? ways.fees.reminder : office.wrongFeeCents, on, on, {
      feeKind: "reminder",
    });
  }
}
