import { Account } from "./account.ts";
import { HousingBenefit } from "./benefit.ts";
import { Billing } from "./billing.ts";
import { Budget } from "./budget.ts";
import { type Day, dayOf, firstDay, lastDay, type Month, monthOf } from "./calendar.ts";
import { leavesIn, settle } from "./departure.ts";
import { FileLog } from "./file-log.ts";
import type { LeaseRecord, LeaseTermsRecord } from "./landlord-records.ts";
import { Life } from "./life.ts";
import { Litigation } from "./litigation.ts";
import { makeMistakes } from "./mistakes.ts";
import { type Intervention, Office } from "./office.ts";
import { LANDLORDS, type Parameters, type Scenario } from "./parameters.ts";
import { type Asked, Payment } from "./payment.ts";
import { type Dwelling, type Household, recordOf } from "./people.ts";
import { Plans } from "./plans.ts";
import { Chances } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Window } from "./window.ts";

/** One tenancy to live: who, where, from when; `end` when something else decides it (an annex follows its home). */
export interface TenancyPlan {
  readonly id: number;
  readonly dwelling: Dwelling;
  readonly household: Household;
  readonly start: Day;
  readonly end: Day | null | "free";
  readonly window: Window;
  /** The last month to live; the window's when absent. */
  readonly until?: Month;
  readonly seed: number;
  readonly parameters: Parameters;
  readonly scenario: Scenario;
}

/** Agencies draw under numbers that no dwelling has. */
const AGENCY_SUBJECTS = 2 ** 40;

/**
 * Lives one tenancy, month after month, from its start (or the birth of the simulation) to the as-of date or until
 * the departed tenant's account is settled. With an intervention, one action is done otherwise and all luck is the
 * same. The mechanism is told in README.md.
 */
export function liveTenancy(plan: TenancyPlan, intervention: Intervention | null = null): LeaseRecord {
  return new Tenancy(plan, intervention).live();
}

class Tenancy {
  readonly #plan: TenancyPlan;
  readonly #setting: Setting;
  readonly #life: Life;
  readonly #account: Account;
  readonly #billing: Billing;
  readonly #benefit: HousingBenefit;
  readonly #payment: Payment;
  readonly #plans: Plans;
  readonly #litigation: Litigation;
  readonly #office: Office;
  readonly #log: FileLog;
  readonly #terms: LeaseTermsRecord[] = [];
  #end: Day | null = null;
  #monthsInTrouble = 0;
  /** A whole month was called last month, so that its benefit is still to come. */
  #benefitLeft = false;

  constructor(plan: TenancyPlan, intervention: Intervention | null) {
    const { parameters, window, household, start } = plan;
    const setting = settingOf(plan);
    const life = new Life(household, start, parameters);
    const account = new Account(setting);
    const billing = new Billing(setting, account);
    const benefit = new HousingBenefit(setting, account, billing, life);
    const asked =
      billing.gross + billing.supplement - billing.rebate - (benefit.toLandlord ? benefit.amount : 0);
    const budget = new Budget(setting, life, asked - benefit.toTenant, billing.gross);
    const payment = new Payment(setting, account, budget, benefit, life);
    const plans = new Plans(setting, account, budget, benefit);
    const log = new FileLog(setting);
    const litigation = new Litigation(setting, account, plans, payment, log);
    this.#plan = plan;
    this.#setting = setting;
    this.#life = life;
    this.#account = account;
    this.#billing = billing;
    this.#benefit = benefit;
    this.#payment = payment;
    this.#plans = plans;
    this.#log = log;
    this.#litigation = litigation;
    this.#office = new Office({
      setting,
      life,
      account,
      benefit,
      budget,
      payment,
      plans,
      log,
      litigation,
      intervention,
    });
    this.#noteTerms(start);
    if (setting.home && household.guarded) log.hold("guardianship", start, { source: "court" });
    if (setting.home && monthOf(start) >= window.birth) this.#office.welcome();
  }

  live(): LeaseRecord {
    const { window, start, household, id, until = window.lastMonth } = this.#plan;
    const { home, chances, parameters } = this.#setting;
    const { shortClause, clauseDays } = parameters.litigation;
    const from = Math.max(window.birth, monthOf(start));
    for (let month = from; month <= until; month++) {
      if (month >= window.firstMonth) this.#account.book.open();
      if (this.#end === null) this.#liveMonth(month);
      else if (!this.#settleMonth(month, month - monthOf(this.#end))) break;
    }
    const clause = chances.chance(shortClause, "noticeClause") ? clauseDays.short : clauseDays.long;
    return {
      id,
      household: recordOf(household, this.#life.situations, window.asOf),
      start,
      end: this.#end,
      noticeClauseDays: home ? clause : null,
      terms: this.#terms,
      entries: this.#account.book.entries,
      actions: this.#log.actions(this.#end),
      plans: this.#plans.records(),
      holds: this.#log.holds(),
    };
  }

  #liveMonth(month: Month): void {
    const account = this.#account;
    const { home, parameters } = this.#setting;
    this.#life.advance(month);
    if (this.#life.events.at(-1)?.kind === "death" && this.#life.events.at(-1)?.month === month)
      this.#mourn(month);
    this.#billing.review(month);
    this.#benefit.review(month);
    const asked = this.#fallDue(month);
    this.#payment.pay(asked);
    if (home) {
      this.#office.act(asked);
      this.#plans.follow(month, asked.call);
    }
    makeMistakes(this.#setting, account, month);
    this.#rejectionFee(month);
    const inTrouble = account.term > 0 && account.owed > parameters.departure.debtAbove * account.term;
    this.#monthsInTrouble = inTrouble ? this.#monthsInTrouble + 1 : 0;
    const evictedOn = home ? this.#litigation.act(month, this.#office.terms) : null;
    const end = evictedOn ?? this.#endIn(month);
    this.#benefitLeft = this.#billing.call(month, end);
    this.#benefit.called(this.#benefitLeft);
    this.#noteTerms(firstDay(month + 1) - 1);
    if (end !== null) this.#plans.drop(end);
    this.#end = end;
  }

  /** Last month's call falls due, with its benefit. */
  #fallDue(month: Month): Asked {
    const account = this.#account;
    const { ways, parameters } = this.#setting;
    const dueOn = dayOf(month, ways.dueDay);
    account.turn(firstDay(month) - 1);
    const before = account.owed;
    const gross = account.coming;
    account.owed += gross;
    account.coming = 0;
    this.#benefit.fallDue(month - 1, dueOn);
    const net = account.owed - before;
    const extra = Math.max(0, this.#billing.extraComing);
    this.#billing.extraComing = 0;
    const call = Math.max(0, net - extra);
    const term = call < parameters.benefit.leastCall * gross ? gross : call;
    if (term > 0) account.term = term;
    return {
      month,
      dueOn,
      call,
      extra,
      carried: Math.max(0, before),
      instalment: this.#plans.instalment(month),
    };
  }

  #mourn(month: Month): void {
    const { office } = this.#setting.parameters;
    const on = dayOf(month, office.deathHoldOn);
    this.#log.hold("deceased", on, { knownOn: on + office.deathKnownAfterDays, source: "landlord" });
  }

  #rejectionFee(month: Month): void {
    const { ways, window, mergedFrom, chances, parameters } = this.#setting;
    const on = this.#payment.rejectedOn;
    if (on === null || ways.fees === null || month < window.firstMonth || month >= mergedFrom) return;
    if (!chances.chance(parameters.office.rejectionFee, "rejectionFee", month)) return;
    const chargedOn = on + parameters.office.rejectionFeeAfterDays;
    this.#account.charge("fee", ways.fees.rejection, chargedOn, chargedOn, { feeKind: "rejection" });
  }

  /** The day on which the tenant leaves, when that is this month. */
  #endIn(month: Month): Day | null {
    const { end, window } = this.#plan;
    if (end === "free") return leavesIn(this.#setting, this.#life, month, this.#monthsInTrouble);
    const last = Math.min(lastDay(month), window.asOf);
    return end !== null && end <= last && end >= firstDay(month) ? end : null;
  }

  #settleMonth(month: Month, monthsSince: number): boolean {
    this.#account.turn(firstDay(month) - 1);
    if (monthsSince === 1 && this.#benefitLeft) {
      this.#benefit.fallDue(month - 1, dayOf(month, this.#setting.ways.dueDay));
    }
    return settle(this.#setting, this.#account, month, monthsSince, this.#monthsInTrouble > 0);
  }

  /** Writes down the mandate and who receives the benefit, when either has changed. */
  #noteTerms(validFrom: Day): void {
    const { window, chances, parameters } = this.#setting;
    const { termsKnownAfterDays } = parameters.office;
    const { directDebit } = this.#payment;
    const benefitToLandlord = this.#benefit.toLandlord && this.#benefit.amount > 0;
    const last = this.#terms.at(-1);
    if (last && (last.validFrom >= validFrom || validFrom > window.asOf)) return;
    if (last && last.directDebit === directDebit && last.benefitToLandlord === benefitToLandlord) return;
    const days = chances.integer(termsKnownAfterDays, "termsKnown", validFrom);
    const knownOn = Math.min(validFrom + days, window.asOf);
    this.#terms.push({ validFrom, knownOn, directDebit, benefitToLandlord });
  }
}

function settingOf(plan: TenancyPlan): Setting {
  const { parameters, scenario, window, dwelling, start, seed, id } = plan;
  const { agency, landlord, use } = dwelling.record;
  const merger = agency.takenOverBy[0];
  const agencySubject =
    AGENCY_SUBJECTS + landlord.charCodeAt(0) * 1_000 + agency.code.charCodeAt(agency.code.length - 1);
  return {
    parameters,
    scenario,
    window,
    dwelling,
    agency,
    ways: LANDLORDS[landlord],
    home: use === "residential",
    start,
    mergedFrom: window.lastMonth - (merger ? merger.monthsBeforeEnd : 0),
    chances: new Chances(seed, id),
    agencyChances: new Chances(seed, agencySubject),
  };
}
