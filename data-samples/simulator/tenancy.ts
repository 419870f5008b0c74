import { type Day, dayOf, daysIn, firstDay, lastDay, type Month, monthOf, yearOf } from "./calendar.ts";
import { EntryBook } from "./entry-book.ts";
import type { EntryRecord, LeaseRecord, LeaseTermsRecord } from "./landlord-records.ts";
import { BEHAVIOURS, type BehaviourWays, LANDLORDS, type LandlordWays, PARAMETERS } from "./parameters.ts";
import type { Dwelling, Household } from "./people.ts";
import type { DwellingStreams, RandomStream } from "./random.ts";
import type { Window } from "./window.ts";

type Times = "ordinary" | "strained" | "crisis" | "recovering";
type Channel = Exclude<EntryRecord["channel"], null>;

/** One tenancy to live: who, where, from when; `end` when something else decides it (an annex follows its home). */
export interface TenancyPlan {
  readonly id: number;
  readonly dwelling: Dwelling;
  readonly household: Household;
  readonly start: Day;
  readonly end: Day | null | "free";
  readonly window: Window;
  readonly streams: DwellingStreams;
}

/**
 * Lives one tenancy, month after month, from its start (or the birth of the simulation) to the as-of date or until
 * the departed tenant's account is settled. The mechanism is told in README.md.
 */
export function liveTenancy(plan: TenancyPlan): LeaseRecord {
  return new Tenancy(plan).live();
}

class Tenancy {
  readonly #plan: TenancyPlan;
  readonly #book: EntryBook;
  readonly #ways: LandlordWays;
  readonly #behaviour: BehaviourWays;
  readonly #life: RandomStream;
  readonly #office: RandomStream;
  readonly #recovery: number;
  readonly #hardTimes: number;
  readonly #home: boolean;
  readonly #mergedFrom: Month;
  readonly #terms: LeaseTermsRecord[] = [];
  readonly #noticeClauseDays: number | null;

  #end: Day | null = null;
  #rent: number;
  #charges: number;
  #supplement = 0;
  #rebate = 0;
  #benefit = 0;
  #benefitToLandlord = false;
  #suspendedFor = 0;
  readonly #suspendedTerms: Month[] = [];
  #directDebit: boolean;
  #channel: Channel;
  #rejections = 0;

  #times: Times = "ordinary";
  #instalment = 0;
  #troubledMonths = 0;
  /** What is due and unpaid, in cents; a credit is negative. */
  #owed = 0;
  /** What this month's call, or the adjustment with it, will make due next month. */
  #coming = 0;
  #benefitComing = false;

  constructor(plan: TenancyPlan) {
    const { dwelling, household, streams, window } = plan;
    const { agency, landlord, use } = dwelling.record;
    this.#plan = plan;
    this.#book = new EntryBook(window.start, window.asOf);
    this.#ways = LANDLORDS[landlord];
    this.#behaviour = BEHAVIOURS[household.behaviour];
    this.#life = streams.life;
    this.#office = streams.office;
    this.#recovery = agency.recovery;
    this.#home = use === "residential";
    this.#hardTimes = this.#behaviour.hardTimes * agency.fragility * (this.#home ? 1 : 0.5);
    const merger = agency.takenOverBy[0];
    this.#mergedFrom = window.lastMonth - (merger ? merger.monthsBeforeEnd : 0);
    this.#rent = dwelling.rent;
    this.#charges = dwelling.charges;
    this.#directDebit = this.#life.chance(this.#behaviour.directDebit);
    this.#channel = this.#directDebit ? "direct_debit" : this.#life.choose(PARAMETERS.channel);
    this.#noticeClauseDays = this.#home ? (this.#office.chance(0.7) ? 42 : 60) : null;
    if (this.#home) this.#grantAids();
    this.#noteTerms(plan.start);
  }

  live(): LeaseRecord {
    const { window, start } = this.#plan;
    const from = Math.max(window.birth, monthOf(start));
    for (let month = from; month <= window.lastMonth; month++) {
      if (month >= window.firstMonth) this.#book.open();
      if (this.#end === null) this.#liveMonth(month);
      else if (!this.#settleMonth(month, month - monthOf(this.#end))) break;
    }
    return {
      id: this.#plan.id,
      household: this.#plan.household.record,
      start,
      end: this.#end,
      noticeClauseDays: this.#noticeClauseDays,
      terms: this.#terms,
      entries: this.#book.entries,
    };
  }

  #liveMonth(month: Month): void {
    const owedBefore = this.#owed;
    if (month % 12 === 0) this.#reviewRent(month);
    const dueOn = dayOf(month, this.#ways.dueDay);
    this.#owed += this.#coming;
    this.#coming = 0;
    if (this.#benefitComing) this.#receiveBenefit(month - 1, dueOn);
    const asked = Math.max(0, this.#owed - Math.max(0, owedBefore));
    this.#changeTimes(asked);
    this.#pay(month, dueOn, asked, Math.max(0, owedBefore));
    this.#officeMonth(month, asked);
    const end = this.#endIn(month);
    this.#call(month, end);
    this.#end = end;
  }

  // ── What is asked ──────────────────────────────────────────────────────────────────────────────────────────

  #grantAids(): void {
    const { benefit, rebate, supplement } = PARAMETERS;
    const band = this.#plan.household.record.incomeBand;
    if (band >= supplement.lowestBand && this.#office.chance(supplement.share)) {
      this.#supplement = this.#office.integer(...supplement.cents);
    }
    if (!this.#office.chance(benefit.shareByBand[band - 1] ?? 0)) return;
    const gross = this.#rent + this.#charges;
    this.#benefit = Math.round(gross * this.#office.between(...benefit.cover));
    this.#benefitToLandlord = this.#office.chance(benefit.toLandlord);
    if (band <= rebate.highestBand) this.#rebate = this.#office.integer(...rebate.cents);
  }

  #reviewRent(month: Month): void {
    const year = yearOf(month);
    const reviews: Readonly<Record<number, number>> = PARAMETERS.rentReview;
    this.#rent = Math.round(this.#rent * (1 + (reviews[year] ?? 0.01)));
    this.#charges = Math.round(this.#charges * this.#office.between(0.99, 1.06));
    if (this.#benefit > 0) this.#benefit = Math.round(this.#benefit * this.#office.between(0.95, 1.06));
  }

  /** Books the call of the month; the last one stops at the day of departure. */
  #call(month: Month, end: Day | null): void {
    const { start } = this.#plan;
    const from = Math.max(start, firstDay(month));
    const to = end ?? lastDay(month);
    if (to < from) return;
    const days = daysIn(month);
    const share = (to - from + 1) / days;
    const whole = share === 1;
    const bookedOn = Math.max(from, Math.min(to, dayOf(month, this.#ways.bookDay)));
    const dueOn = dayOf(month + 1, this.#ways.dueDay);
    const details = { termMonth: month };
    const rent = Math.round(this.#rent * share);
    const charges = Math.round(this.#charges * share);
    const supplement = whole ? this.#supplement : 0;
    this.#book.debit("rent", rent, bookedOn, dueOn, details);
    this.#book.debit("charges", charges, bookedOn, dueOn, details);
    this.#book.debit("rent_supplement", supplement, bookedOn, dueOn, details);
    this.#coming += rent + charges + supplement;
    if (whole && this.#rebate > 0) {
      this.#book.credit("rent_rebate", this.#rebate, bookedOn, dueOn, details);
      this.#coming -= this.#rebate;
    }
    this.#benefitComing = whole && this.#benefit > 0 && this.#benefitToLandlord;
    if (end === null && this.#home && (month % 12) + 1 === this.#ways.adjustmentMonth) {
      this.#adjustCharges(bookedOn, dueOn, month);
    }
  }

  #adjustCharges(bookedOn: Day, dueOn: Day, month: Month): void {
    const { adjustment } = PARAMETERS;
    if (month - monthOf(this.#plan.start) < 8 || this.#office.chance(adjustment.none)) return;
    const cents = Math.round(adjustment.mean + adjustment.spread * this.#office.bell());
    if (cents > 0) this.#book.debit("charges_adjustment", cents, bookedOn, dueOn, { termMonth: month });
    else this.#book.credit("charges_adjustment", -cents, bookedOn, dueOn, { termMonth: month });
    this.#coming += cents;
  }

  /** The benefit of a term reaches the landlord on the day that the term falls due, unless it is suspended. */
  #receiveBenefit(term: Month, dueOn: Day): void {
    const { benefit } = PARAMETERS;
    const caf = { payer: "caf", channel: "transfer", termMonth: term } as const;
    if (this.#suspendedFor > 0) {
      this.#suspendedFor--;
      this.#suspendedTerms.push(term);
      if (this.#suspendedFor > 0) return;
      const restored = this.#office.chance(benefit.restoredWithArrears);
      for (const missed of this.#suspendedTerms) {
        if (!restored) break;
        const details = { ...caf, termMonth: missed };
        this.#book.credit("housing_benefit", this.#benefit, dueOn + 9, dueOn + 9, details);
        this.#owed -= this.#benefit;
      }
      this.#suspendedTerms.length = 0;
      return;
    }
    if (this.#office.chance(benefit.suspended)) {
      this.#suspendedFor = this.#office.integer(...benefit.suspendedMonths);
      this.#suspendedTerms.push(term);
      return;
    }
    this.#book.credit("housing_benefit", this.#benefit, dueOn, dueOn, caf);
    this.#owed -= this.#benefit;
    if (this.#office.chance(benefit.clawback)) {
      const cents = Math.round(this.#benefit * this.#office.between(...benefit.clawbackMonths));
      this.#book.debit("housing_benefit", cents, dueOn + 6, dueOn + 6, { payer: "caf", termMonth: term });
      this.#owed += cents;
    }
  }

  // ── What is paid ───────────────────────────────────────────────────────────────────────────────────────────

  #changeTimes(asked: number): void {
    const { life } = PARAMETERS;
    const draw = this.#life.fraction();
    switch (this.#times) {
      case "ordinary":
        if (draw < this.#hardTimes) this.#times = "strained";
        break;
      case "strained":
        if (draw < life.strainedToOrdinary) this.#times = "ordinary";
        else if (draw > 1 - life.strainedToCrisis) this.#times = "crisis";
        break;
      case "crisis": {
        const ways = this.#recovery * (this.#troubledMonths > life.entrenchedAfter ? life.entrenched : 1);
        if (draw < life.crisisToOrdinary * ways) this.#times = "ordinary";
        else if (draw > 1 - life.crisisToRecovering * ways) this.#startPlan();
        break;
      }
      case "recovering":
        if (this.#owed - asked < 5_000) this.#times = "ordinary";
        else if (draw < life.recoveringToCrisis) this.#times = "crisis";
        break;
    }
    const inTrouble = asked > 0 && this.#owed > 1.9 * asked;
    this.#troubledMonths = inTrouble ? this.#troubledMonths + 1 : 0;
    if (this.#times === "ordinary" && this.#troubledMonths > 2 && this.#life.chance(0.25 * this.#recovery)) {
      this.#startPlan();
    }
  }

  #startPlan(): void {
    const { recovering } = PARAMETERS.life;
    this.#times = "recovering";
    const months = this.#life.integer(...recovering.months);
    this.#instalment = Math.max(recovering.least, Math.ceil(this.#owed / months / 500) * 500);
  }

  /** What the household means to pay this month of what is asked and of older debts. */
  #intention(asked: number, carried: number): number {
    const { strained, crisis, recovering } = PARAMETERS.life;
    const bridge = this.#suspendedFor > 0 && !this.#life.chance(PARAMETERS.benefit.bridged);
    const current = bridge ? Math.max(0, asked - this.#benefit) : asked;
    switch (this.#times) {
      case "ordinary": {
        const small = carried <= 1.2 * asked + 3_000;
        const cleared = small
          ? this.#life.chance(this.#behaviour.clears)
            ? carried
            : 0
          : this.#life.chance(0.4)
            ? Math.min(carried, asked * 0.5)
            : 0;
        if (this.#life.chance(this.#behaviour.inFull)) return current + cleared;
        return this.#life.chance(0.5) ? 0 : current * this.#life.between(0.4, 0.9);
      }
      case "strained":
        return this.#life.chance(strained.inFull) ? current : current * this.#life.between(...strained.part);
      case "crisis":
        return this.#life.chance(crisis.nothing) ? 0 : current * this.#life.between(...crisis.part);
      case "recovering":
        return this.#life.chance(recovering.instalment)
          ? current + Math.min(carried, this.#instalment)
          : current;
    }
  }

  #pay(month: Month, dueOn: Day, asked: number, carried: number): void {
    if (this.#owed <= 0) return;
    const earliest = Math.max(firstDay(month), this.#plan.start);
    if (this.#directDebit && asked > 0) {
      const instalment = this.#times === "recovering" ? Math.min(carried, this.#instalment) : 0;
      this.#payByDirectDebit(dueOn, Math.min(this.#owed, asked + instalment), earliest);
      if (carried > 2_000 && this.#times === "ordinary" && this.#life.chance(0.3)) {
        const part = Math.min(this.#owed, Math.round(Math.min(carried, asked * 0.6)));
        this.#receive("payment", part, dueOn + this.#life.integer(5, 22), earliest, "card");
      }
      return;
    }
    const intended = Math.round(this.#intention(asked, carried));
    let cents = Math.min(intended, this.#owed);
    if (cents > 0 && this.#life.chance(PARAMETERS.roundsUp)) cents = Math.ceil(cents / 500) * 500;
    const valueOn = dueOn + this.#life.integer(...this.#behaviour.delay);
    if (cents > 2_000 && this.#life.chance(PARAMETERS.inTwoPayments)) {
      const half = Math.floor(cents / 2);
      const together = this.#life.chance(PARAMETERS.equalHalvesOnOneDay);
      this.#receive("payment", half, valueOn, earliest, this.#channel, "tenant", 1);
      const days = together ? 0 : this.#life.integer(4, 16);
      this.#receive("payment", together ? half : cents - half, valueOn + days, earliest, this.#channel);
    } else this.#receive("payment", cents, valueOn, earliest, this.#channel);
    if (this.#times === "crisis" && this.#life.chance(PARAMETERS.life.guarantor)) {
      const part = Math.round(this.#owed * 0.6);
      this.#receive("guarantor_payment", part, dueOn + 12, earliest, "transfer", "guarantor");
    }
    if (
      this.#times === "recovering" &&
      this.#owed > 40_000 &&
      this.#life.chance(PARAMETERS.life.socialFund)
    ) {
      const grant = Math.min(this.#owed, this.#life.integer(...PARAMETERS.life.socialFundCents));
      this.#receive("payment", grant, dueOn + 14, earliest, "transfer", "fsl");
    }
  }

  #payByDirectDebit(dueOn: Day, cents: number, earliest: Day): void {
    const { rejected, regularised, mandateLostAfter } = PARAMETERS;
    const rank = this.#receive("payment", cents, dueOn, earliest, "direct_debit");
    if (!this.#life.chance(rejected[this.#times])) return;
    const rejectedOn = dueOn + this.#life.integer(3, 6);
    this.#book.debit("payment_rejected", cents, rejectedOn, rejectedOn, {
      payer: "tenant",
      channel: "direct_debit",
      reversalOf: rank,
    });
    this.#owed += cents;
    this.#chargeFee("rejection", rejectedOn + 1, monthOf(dueOn), 0.6);
    if (this.#times === "ordinary" && this.#life.chance(regularised)) {
      this.#receive("payment", cents, rejectedOn + this.#life.integer(3, 15), earliest, "card");
    }
    this.#rejections++;
    if (this.#rejections >= mandateLostAfter) {
      this.#directDebit = false;
      this.#channel = this.#life.choose(PARAMETERS.channel);
      this.#noteTerms(rejectedOn + 2);
    }
  }

  /** Books a receipt; `bookedAtOnce` keeps two halves of one payment in order. Returns its rank. */
  #receive(
    kind: "payment" | "guarantor_payment",
    cents: number,
    on: Day,
    earliest: Day,
    channel: Channel,
    payer: "tenant" | "fsl" | "guarantor" = "tenant",
    bookedAfter: number = channel === "cheque" ? 4 : 1,
  ): number | null {
    if (cents <= 0) return null;
    const valueOn = Math.max(on, earliest);
    const late = this.#office.chance(PARAMETERS.bookedLate);
    const bookedOn = valueOn + (late ? this.#office.integer(...PARAMETERS.bookedLateDays) : bookedAfter);
    this.#owed -= cents;
    return this.#book.credit(kind, cents, bookedOn, valueOn, { payer, channel });
  }

  // ── What the office does ───────────────────────────────────────────────────────────────────────────────────

  #officeMonth(month: Month, asked: number): void {
    const shown = month >= this.#plan.window.firstMonth;
    if (shown && asked > 0 && this.#owed > 0.7 * asked) {
      this.#chargeFee("reminder", dayOf(month, 20), month, PARAMETERS.reminderFee);
    }
    const { courtCost } = PARAMETERS;
    if (shown && this.#troubledMonths === courtCost.afterMonths && this.#office.chance(courtCost.chance)) {
      const cents = this.#office.integer(...courtCost.cents);
      const on = dayOf(month, 24);
      this.#book.debit("court_cost", cents, on, on);
      this.#owed += cents;
    }
    const draw = this.#office.fraction();
    if (draw < PARAMETERS.wronglyCharged) this.#chargeWrongly(month);
    else if (draw > 1 - PARAMETERS.wronglyPosted) this.#postWrongly(month);
    else if (this.#home && draw > 0.5 && draw < 0.5 + PARAMETERS.tenantRepairs) {
      const cents = this.#office.integer(...PARAMETERS.tenantRepairsCents);
      this.#book.debit("repairs", cents, dayOf(month, 18), dayOf(month + 1, this.#ways.dueDay));
      this.#coming += cents;
    }
    if (!this.#benefitToLandlord && this.#benefit > 0 && this.#troubledMonths === 3) {
      this.#benefitToLandlord = true;
      this.#noteTerms(firstDay(month));
    }
  }

  /** A debit put on the wrong account and taken back, with the value date of the mistake, up to two months later. */
  #chargeWrongly(month: Month): void {
    const cents = this.#office.integer(1_500, 18_000);
    const on = dayOf(month, this.#office.integer(8, 27));
    const rank = this.#book.debit("adjustment", cents, on, on, { termMonth: month });
    const mendedOn = on + this.#office.integer(5, 65);
    this.#book.credit("adjustment", cents, mendedOn, on, { termMonth: month, reversalOf: rank });
  }

  /** Somebody else's payment, taken back weeks later. */
  #postWrongly(month: Month): void {
    const cents = this.#office.integer(12_000, 65_000);
    const on = dayOf(month, this.#office.integer(2, 26));
    const from = { payer: "tenant", channel: "transfer" } as const;
    const rank = this.#book.credit("payment", cents, on, on, from);
    this.#book.debit("payment", cents, on + this.#office.integer(6, 50), on, { ...from, reversalOf: rank });
  }

  #chargeFee(feeKind: "reminder" | "rejection", on: Day, month: Month, probability: number): void {
    const { fees } = this.#ways;
    if (fees === null || month < this.#plan.window.firstMonth || month >= this.#mergedFrom) return;
    if (!this.#office.chance(probability)) return;
    this.#book.debit("fee", fees[feeKind], on, on, { feeKind });
    this.#owed += fees[feeKind];
  }

  #noteTerms(validFrom: Day): void {
    const last = this.#terms.at(-1);
    if (last && last.validFrom >= validFrom) return;
    if (validFrom > this.#plan.window.asOf) return;
    this.#terms.push({
      validFrom,
      knownOn: Math.min(validFrom + this.#office.integer(0, 18), this.#plan.window.asOf),
      directDebit: this.#directDebit,
      benefitToLandlord: this.#benefitToLandlord,
    });
  }

  // ── Leaving ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The day on which the tenant leaves, when that is this month. */
  #endIn(month: Month): Day | null {
    const { start, end, window } = this.#plan;
    const last = Math.min(lastDay(month), window.asOf);
    if (end !== "free") return end !== null && end <= last && end >= firstDay(month) ? end : null;
    if (month - monthOf(start) < 3) return null;
    const { turnover } = PARAMETERS;
    let hazard: number = turnover.hazard;
    if (this.#troubledMonths > turnover.longMonths) hazard = turnover.long;
    else if (this.#troubledMonths > 0) hazard *= turnover.withDebt;
    if (!this.#life.chance(hazard)) return null;
    const day = this.#life.chance(0.45) ? lastDay(month) : dayOf(month, this.#life.integer(2, 28));
    return day > last || day < start ? null : day;
  }

  /** One month of a departed tenant's account; false once nothing more will happen. */
  #settleMonth(month: Month, monthsSince: number): boolean {
    const { departure } = PARAMETERS;
    const dueOn = dayOf(month, this.#ways.dueDay);
    this.#owed += this.#coming;
    this.#coming = 0;
    if (this.#benefitComing && monthsSince === 1) this.#receiveBenefit(month - 1, dueOn);
    this.#benefitComing = false;
    if (monthsSince === 1 && this.#home) {
      if (this.#office.chance(departure.repairs)) {
        const cents = this.#office.integer(...departure.repairsCents);
        this.#book.debit("repairs", cents, dayOf(month, 14), dayOf(month, 28));
        this.#owed += cents;
      }
      if (this.#office.chance(departure.depositHeld)) {
        const on = dayOf(month, 26);
        this.#book.credit("deposit", this.#plan.dwelling.rent, on, on);
        this.#owed -= this.#plan.dwelling.rent;
      }
    }
    if (this.#owed < 0 && monthsSince >= 3) {
      const on = dayOf(month, 20);
      this.#book.debit("adjustment", -this.#owed, on, on);
      this.#owed = 0;
    }
    if (this.#owed > 0) this.#settleDebt(month, monthsSince, dueOn);
    return this.#owed !== 0 || monthsSince < 3;
  }

  #settleDebt(month: Month, monthsSince: number, dueOn: Day): void {
    const { departure } = PARAMETERS;
    const inTrouble = this.#times !== "ordinary";
    const willing = monthsSince <= 2 && !inTrouble ? departure.paysAtOnce : departure.paysLater;
    if (this.#life.chance(willing * this.#recovery)) {
      const whole = monthsSince <= 2 || this.#life.chance(0.3);
      const cents = whole ? this.#owed : Math.round(this.#owed * this.#life.between(0.1, 0.5));
      this.#receive("payment", cents, dueOn + this.#life.integer(1, 20), firstDay(month), "transfer");
    } else if (monthsSince >= departure.writtenOffFrom && this.#office.chance(departure.writtenOff)) {
      const on = lastDay(month);
      this.#book.credit("write_off", this.#owed, on, on);
      this.#owed = 0;
    }
  }
}
