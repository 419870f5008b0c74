import type { Account, PaymentChannel } from "./account.ts";
import type { HousingBenefit } from "./benefit.ts";
import type { Budget } from "./budget.ts";
import { type Day, firstDay, type Month } from "./calendar.ts";
import type { RejectionReason } from "./landlord-records.ts";
import type { Life } from "./life.ts";
import type { BehaviourWays, Range } from "./parameters.ts";
import type { Setting } from "./setting.ts";

/** What is asked in one month. */
export interface Asked {
  readonly month: Month;
  readonly dueOn: Day;
  /** The net call that has just fallen due, adjustments and repairs left out. */
  readonly call: number;
  /** Adjustments and repairs that have just fallen due. */
  readonly extra: number;
  /** What was due before. */
  readonly carried: number;
  /** The instalment of a plan; 0 when none runs. */
  readonly instalment: number;
}

/** How the household pays: when, how, how much of it, and what the bank sends back. */
export class Payment {
  directDebit: boolean;
  /** Raised by letters, calls and interviews; fades. */
  engagement = 0;
  /** The debit of this month was refused, and on which day it came back. */
  rejectedOn: Day | null = null;
  readonly #setting: Setting;
  readonly #account: Account;
  readonly #budget: Budget;
  readonly #benefit: HousingBenefit;
  readonly #life: Life;
  readonly #ways: BehaviourWays;
  #channel: PaymentChannel;
  #forgot = false;
  /** The small sums left unpaid at first. */
  #leftAside = 0;

  constructor(setting: Setting, account: Account, budget: Budget, benefit: HousingBenefit, life: Life) {
    const { chances, parameters } = setting;
    this.#setting = setting;
    this.#account = account;
    this.#budget = budget;
    this.#benefit = benefit;
    this.#life = life;
    this.#ways = parameters.behaviours[life.household.behaviour];
    this.directDebit = chances.chance(this.#ways.directDebit, "directDebit");
    this.#channel = this.directDebit ? "direct_debit" : chances.choose(parameters.payment.channel, "channel");
  }

  /** 0 to 1: how far the household goes to pay what it owes. Deep debt discourages. */
  effort(asked: Asked): number {
    const { payment, people, plan } = this.#setting.parameters;
    const { motivation } = this.#life.household;
    const will = this.#ways.effort * (1 + payment.motivationSpread * (motivation - people.motivationMiddle));
    const terms = this.#account.term > 0 ? asked.carried / this.#account.term : 0;
    const courage = 1 / (1 + Math.max(0, terms) / payment.discouragedAt);
    const drive = people.motivationBase + motivation;
    const pulled = this.engagement * drive + (asked.instalment > 0 ? plan.effort : 0);
    return Math.min(1, Math.max(payment.leastEffort, will * courage + pulled));
  }

  /** Decides the month's payments and writes them. */
  pay(asked: Asked): void {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const { month } = asked;
    this.rejectedOn = null;
    const benefit = this.#benefit.toTenant;
    this.#budget.follow(asked.call, benefit);
    const effort = this.effort(asked);
    const free = this.#budget.free(effort, benefit);
    if (!this.#life.alive) {
      if (this.directDebit && this.#account.owed > 0) this.#sendBack(asked, this.#account.owed, "MD07");
      this.directDebit = false;
      this.#budget.close(0, 0);
      return;
    }
    let paid = 0;
    if (this.#account.owed > 0) {
      paid = this.directDebit ? this.#byDirectDebit(asked, free, effort) : this.#byHand(asked, free, effort);
      if (
        effort > payment.guarantorAboveEffort &&
        asked.carried > asked.call &&
        chances.chance(payment.guarantor, "guarantor", month)
      ) {
        const part = Math.round(this.#account.owed * payment.guarantorShare);
        const on = asked.dueOn + payment.guarantorAfterDays;
        this.#receive("guarantor_payment", part, on, "transfer", month, "guarantor");
      }
    }
    this.#budget.close(free, paid);
    this.engagement *= parameters.office.lasting;
  }

  /** Pays at once, on that day, a share of what can still be found; nothing below a least. Returns the cents. */
  payExtra(month: Month, on: Day, share: number): number {
    const cents = Math.min(this.#account.owed, Math.round((this.#budget.left * share) / 100) * 100);
    if (cents < this.#setting.parameters.payment.promisedFrom || !this.#life.alive) return 0;
    this.#receive("payment", cents, on, this.directDebit ? "card" : this.#channel, month);
    this.#budget.take(cents);
    return cents;
  }

  /** What a departed household can find in a month. */
  get affordable(): number {
    return Math.max(0, this.#budget.left);
  }

  /** The mandate ends: the household pays otherwise from now on. */
  endMandate(month: Month): void {
    this.directDebit = false;
    this.#channel = this.#setting.chances.choose(this.#setting.parameters.payment.channel, "channel", month);
  }

  #byHand(asked: Asked, free: number, effort: number): number {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const { month } = asked;
    const forgets = this.#ways.inFull > payment.bestPayers ? payment.forgets : 1 - this.#ways.inFull;
    if (!this.#forgot && chances.chance(forgets, "forgets", month)) {
      this.#forgot = true;
      return 0;
    }
    const missed = this.#forgot;
    this.#forgot = false;
    const set = this.#setAside(asked);
    const call = Math.min(asked.call + asked.extra - set, this.#account.owed);
    let cents: number;
    let strained = false;
    if (free >= call || chances.chance(payment.borrows * effort, "borrows", month)) {
      cents = call + this.#towardsArrears(asked, free - call, effort, missed);
    } else {
      strained = true;
      const partly = rising(payment.partly, effort);
      if (free < payment.partlyFrom || !chances.chance(partly, "partly", month)) return 0;
      const part = Math.min(call, free) * chances.between(payment.part, "part", month);
      cents = roundedDown(
        part,
        part < payment.smallPart ? payment.smallPartRoundedTo : payment.partRoundedTo,
      );
    }
    cents = Math.min(Math.round(cents), this.#account.owed);
    if (cents <= 0) return 0;
    if (chances.chance(payment.roundsUp, "roundsUp", month)) {
      cents = Math.ceil(cents / payment.roundsUpTo) * payment.roundsUpTo;
    }
    let delay = chances.integer(this.#ways.delay, "delay", month);
    const thin = 1 - this.#budget.breath(asked.call);
    const drift = thin * chances.between(payment.driftDays, "drift", month);
    delay += Math.round(drift + (strained ? payment.strainedDays : 0));
    this.#inOneOrTwo(cents, asked.dueOn + delay, month);
    return cents;
  }

  /** What goes to older debts out of what is left once the call is paid. */
  #towardsArrears(asked: Asked, left: number, effort: number, missed: boolean): number {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const { month } = asked;
    const carried = Math.min(asked.carried, Math.max(0, this.#account.owed - asked.call));
    if (carried - this.#leftAside <= 0 || left <= 0) return 0;
    const debts = carried - this.#leftAside;
    if (missed && left >= debts) return debts;
    if (left >= debts && chances.chance(rising(payment.clears, effort), "clears", month)) return debts;
    const instalment = left >= asked.instalment ? Math.min(debts, asked.instalment) : 0;
    if (!chances.chance(effort, "towardsArrears", month)) return instalment;
    const part = Math.min(debts, left * effort);
    return Math.max(instalment, part < payment.arrearsFrom ? 0 : roundedDown(part, payment.arrearsRoundedTo));
  }

  /** Adjustments and repairs may be left unpaid at first; they are paid in the end. Returns what is left out now. */
  #setAside(asked: Asked): number {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const { month } = asked;
    if (this.#leftAside > 0 && chances.chance(payment.extraNow, "extraNow", month)) this.#leftAside = 0;
    if (asked.extra > payment.leavesExtraAbove && chances.chance(payment.leavesExtra, "leavesExtra", month)) {
      this.#leftAside += asked.extra;
      return asked.extra;
    }
    return 0;
  }

  #byDirectDebit(asked: Asked, free: number, effort: number): number {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const { month, dueOn } = asked;
    const usual = asked.call + asked.extra;
    const instalment = free < usual + asked.instalment ? 0 : Math.min(asked.carried, asked.instalment);
    const amount = Math.min(this.#account.owed, usual + instalment);
    if (amount <= 0) return 0;
    const borrows = payment.borrowsForDebit * payment.borrows * effort;
    const short = free < amount && !chances.chance(borrows, "borrows", month);
    let reason: RejectionReason | null = null;
    if (short && chances.chance(payment.bankRefuses, "bankRefuses", month)) {
      reason = chances.choose(payment.wantOfMoney, "reason", month);
    } else if (chances.chance(payment.administrative, "administrative", month)) {
      reason = chances.choose(payment.administrativeReasons, "reason", month);
    }
    if (reason === null) {
      this.#receive("payment", amount, dueOn, "direct_debit", month);
      const carried = Math.min(asked.carried - asked.instalment, this.#account.owed);
      return amount + (asked.instalment > 0 ? 0 : this.#byCard(asked, carried, free - amount, effort));
    }
    return this.#refused(asked, amount, reason, free, effort, short);
  }

  /** Older debts of a household on direct debit: the debit takes the call only, the rest goes by card. */
  #byCard(asked: Asked, carried: number, left: number, effort: number): number {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const { month, dueOn } = asked;
    if (
      carried < payment.cardFrom ||
      left < payment.cardFrom ||
      !chances.chance(rising(payment.startsByCard, effort), "towardsArrears", month)
    )
      return 0;
    const clears = left >= carried && chances.chance(rising(payment.clearsByCard, effort), "clears", month);
    const cents = clears ? carried : roundedDown(Math.min(carried, left * effort), payment.arrearsRoundedTo);
    if (cents <= 0) return 0;
    const days = chances.integer(payment.cardDays, "delay", month);
    this.#receive("payment", cents, dueOn + days, "card", month);
    return cents;
  }

  #refused(
    asked: Asked,
    amount: number,
    reason: RejectionReason,
    free: number,
    effort: number,
    short: boolean,
  ): number {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const { month } = asked;
    const rejectedOn = this.#sendBack(asked, amount, reason);
    const ends = reason !== "AM04" && reason !== "MS03";
    if (ends || chances.chance(payment.mandateLost, "mandateLost", month)) this.endMandate(month);
    const willing = rising(short ? payment.partly : payment.regularised, effort);
    if (free < payment.partlyFrom || !chances.chance(willing, "regularised", month)) return 0;
    const part = short ? Math.min(amount, free) * chances.between(payment.part, "part", month) : amount;
    const cents = short ? roundedDown(part, payment.partRoundedTo) : amount;
    if (cents <= 0) return 0;
    const days = chances.integer(payment.regularisedDays, "regularisedOn", month);
    this.#receive("payment", cents, rejectedOn + days, "card", month);
    return cents;
  }

  /** Writes a debit and its return. Returns the day of the return. */
  #sendBack({ month, dueOn }: Asked, cents: number, rejection: RejectionReason): Day {
    const on = Math.max(dueOn, firstDay(month), this.#setting.start);
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    const rejectedOn = on + chances.integer(payment.returnedAfterDays, "rejectedOn", month);
    const { book } = this.#account;
    const debit = { payer: "tenant", channel: "direct_debit" } as const;
    const rank = book.credit("payment", cents, on + payment.debitBookedAfterDays, on, debit);
    book.debit("payment_rejected", cents, rejectedOn, rejectedOn, { ...debit, reversalOf: rank, rejection });
    this.rejectedOn = rejectedOn;
    return rejectedOn;
  }

  #inOneOrTwo(cents: number, on: Day, month: Month): void {
    const { chances, parameters } = this.#setting;
    const { payment } = parameters;
    if (cents <= payment.inTwoAbove || !chances.chance(payment.inTwo, "inTwo", month)) {
      this.#receive("payment", cents, on, this.#channel, month);
      return;
    }
    const half = Math.floor(cents / 2);
    const together = chances.chance(payment.together, "together", month);
    this.#receive("payment", half, on, this.#channel, month, "tenant", payment.halfBookedAfterDays);
    const days = together ? 0 : chances.integer(payment.apartDays, "apart", month);
    this.#receive("payment", together ? half : cents - half, on + days, this.#channel, month);
  }

  #receive(
    kind: "payment" | "guarantor_payment",
    cents: number,
    on: Day,
    channel: PaymentChannel,
    month: Month,
    payer: "tenant" | "guarantor" = "tenant",
    bookedAfter?: number,
  ): void {
    const day = Math.max(on, firstDay(month), this.#setting.start);
    this.#account.receive(kind, cents, day, channel, payer, bookedAfter);
  }
}

/** A probability that grows with effort: the first figure at none, the second added at full effort. */
function rising([atNone, added]: Range, effort: number): number {
  return atNone + added * effort;
}

function roundedDown(cents: number, to: number): number {
  return Math.floor(cents / to) * to;
}
