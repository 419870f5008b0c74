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
    const { office } = parameters;
    if (chances.chance(office.moveInDiagnosis, "moveInDiagnosis")) {
      const on = start + chances.integer(office.moveInAfterDays, "moveInDay");
      log.act(on, "move_in_diagnosis", "agency", { channel: "visit" });
    }
  }

  /** Works the case for one month, once its payments are decided. */
  act(asked: Asked): void {
    const { setting, account, payment } = this.#case;
    const { parameters } = setting;
    const { month } = asked;
    const { office } = parameters;
    const frozenOn = dayOf(month, office.frozenOn);
    const past = account.owedOn(frozenOn) - Math.max(0, asked.call) - Math.max(0, asked.extra);
    this.terms = account.term > 0 ? Math.max(0, Math.floor(past / account.term + office.termTolerance)) : 0;
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
    if (this.terms < office.letterFrom[rank]) return null;
    const late = agencyChances.chance(office.onTime, "lettersOut", month)
      ? 0
      : agencyChances.integer(office.lateDays, "lettersOut", month + 100_000);
    const on = dayOf(month, office.letterDay[rank] + late);
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
    const on = this.#contactOn(dayOf(month, chances.integer(office.callDay, "callOn", month)));
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
    const on = rejectedOn + chances.integer(office.careCallAfterDays, "callOn", month);
    log.act(on, "call", "prevention", {
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
    const on = dayOf(month, chances.integer(office.interimDay, "interimOn", month));
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
    const on = this.#contactOn(dayOf(month, chances.integer(office.visitDay, "visitOn", month)));
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
    const on = this.#contactOn(dayOf(month, chances.integer(office.interviewDay, "interviewOn", month)));
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
    const { office } = parameters;
    const ways = office.approaches[approach];
    if (scenario === "no_effect") {
      return chances.choose(office.emptyOutcomes, "outcome", month);
    }
    payment.engagement += ways.engagement;
    budget.thrift = Math.min(office.mostThrift, budget.thrift + ways.thrift);
    return this.#agree(month, on, ways);
  }

  /** By whole terms, team, agency, season and who is away: what files show, and luck. */
  #interviewChance(month: Month): number {
    const { setting } = this.#case;
    const { agencyChances, agency, parameters, start } = setting;
    const { office } = parameters;
    const step = office.interviewFrom.findLastIndex((terms) => this.terms >= terms);
    let chance = office.interview[step] ?? 0;
    if (month - monthOf(start) < office.newEntrantMonths) chance *= office.newEntrantFactor;
    if (month - this.#lastSpell < office.repeatMonths) chance *= office.repeatFactor;
    if (agencyChances.chance(office.awayShare, "adviserAway", month)) chance *= office.awayFactor;
    if ((month % 12) + 1 === office.holidayMonth) chance *= office.holidayFactor;
    return chance * agency.recovery;
  }

  #approach(month: Month): Approach {
    const { setting, life } = this.#case;
    const { chances, agencyChances, parameters, scenario } = setting;
    const { office, people } = parameters;
    const { hiddenConfounder } = office;
    const trained = office.solutionFocusedByAgency * (agencyChances.fraction("approach") - 0.5);
    const deeper = this.terms - office.solutionFocusedTerms;
    const seen = office.solutionFocused + office.solutionFocusedByTerm * deeper + trained;
    const motivated = life.household.motivation > people.motivationMiddle;
    const hidden = motivated ? hiddenConfounder.motivated : hiddenConfounder.otherwise;
    const wanted =
      scenario === "hidden_confounder"
        ? hiddenConfounder.seenWeight * seen + hiddenConfounder.hiddenWeight * hidden
        : seen;
    const [least, most] = office.solutionFocusedLimits;
    if (!chances.chance(Math.min(most, Math.max(least, wanted)), "approach", month)) return "standard";
    return chances.chance(office.pair, "pair", month) ? "solution_focused_pair" : "solution_focused";
  }

  // ── What a contact leads to ────────────────────────────────────────────────────────────────────────────────

  #agree(
    month: Month,
    on: Day,
    odds: { readonly promise: number; readonly plan: number; readonly aid: number },
  ): Outcome {
    const { setting, life, plans, litigation, intervention, benefit } = this.#case;
    const { chances, parameters } = setting;
    const { office, people } = parameters;
    const { motivation } = life.household;
    const refusing = life.household.behaviour === "refusing";
    const willing = refusing ? office.refusingConsents : people.motivationBase + motivation;
    const putsRight = office.putsRight * odds.aid;
    if (benefit.suspended && chances.chance(putsRight, "aid", month + 100_000)) benefit.putRight();
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
    const refusal = refusing ? office.refusal.refusing : office.refusal.otherwise;
    return chances.chance(refusal, "refusal", month) ? "refusal" : "none";
  }

  #promise(month: Month, on: Day): void {
    const { setting, life, log, payment } = this.#case;
    const { chances, parameters } = setting;
    const { office, people } = parameters;
    const days = chances.integer(office.promiseDays, "promiseDays", month);
    log.hold("promise_to_pay", on, { to: on + days, source: "tenant" });
    const kept = office.promiseKept * (people.motivationBase + life.household.motivation);
    const paidOn = on + Math.ceil(days * office.promisePaidAfter);
    if (chances.chance(kept, "promiseKept", month)) payment.payExtra(month, paidOn, 1);
  }

  /** Asks the housing solidarity fund, unless it was asked not long ago. Returns whether it did. */
  #askAid(month: Month, on: Day): boolean {
    const { setting, life, log } = this.#case;
    const { chances, parameters } = setting;
    const { office, people } = parameters;
    const band = life.situations.at(-1)?.incomeBand ?? people.incomeBands;
    if (month - this.#askedAid < office.fundRestMonths || band > office.fundUpToBand) return false;
    this.#askedAid = month;
    log.act(on + office.fundAskedAfterDays, "fsl_request", this.#team(month));
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
    const { office } = setting.parameters;
    const cents = Math.round(Math.min(account.owed * aid.share, office.fundMost) / 100) * 100;
    if (cents < office.fundLeast) return;
    const on = dayOf(month, office.fundPaidOn);
    log.act(on - office.fundToldBeforeDays, "fsl_grant", "prevention");
    account.receive("payment", cents, on, "transfer", "fsl");
  }

  // ── Around the procedure ───────────────────────────────────────────────────────────────────────────────────

  #team(month: Month): Team {
    const { setting, litigation } = this.#case;
    const { newEntrantMonths, repeatMonths } = setting.parameters.office;
    if (litigation.open) return "litigation";
    if (month - monthOf(setting.start) < newEntrantMonths) return "agency";
    return month - this.#lastSpell < repeatMonths ? "litigation" : "prevention";
  }

  #restartAfterBrokenPlan(month: Month): void {
    const { plans, litigation } = this.#case;
    if (plans.brokenIn !== month - 1 || litigation.open) return;
    if (this.#letters > 1) this.#letters = 1;
  }

  /** The benefit office is told once some terms are owed; it then pays the landlord, and is a lever. */
  #report(month: Month, team: Team): void {
    const { setting, benefit, payment, log } = this.#case;
    const { chances, parameters } = setting;
    const { office } = parameters;
    if (this.#reported || this.terms < office.reportFrom || benefit.amount <= 0) return;
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
    const likelier = asked.extra > 0 ? office.disputeOfExtra : 1;
    if (!chances.chance(office.dispute * likelier, "dispute", month)) return;
    const on = dayOf(month, office.disputeOn);
    const disputed = Math.max(asked.extra, Math.round(account.term * office.disputedTerm));
    const covered = Math.min(account.owed, disputed);
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
