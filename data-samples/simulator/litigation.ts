import type { Account } from "./account.ts";
import { type Day, dayOf, firstDay, type Month } from "./calendar.ts";
import type { FileLog } from "./file-log.ts";
import type { Payment } from "./payment.ts";
import type { Plans } from "./plans.ts";
import type { Setting } from "./setting.ts";

const NEVER = -10_000;

/** Litigation and social follow-up of one home: from the hand-over to the title, and over-indebtedness beside it. */
export class Litigation {
  open = false;
  readonly #setting: Setting;
  readonly #account: Account;
  readonly #plans: Plans;
  readonly #payment: Payment;
  readonly #log: FileLog;
  #notice: Month = NEVER;
  #referral: Month = NEVER;
  #summons: Month = NEVER;
  #title: Month = NEVER;
  #filed: Month = NEVER;
  #sheltered = false;

  constructor(setting: Setting, account: Account, plans: Plans, payment: Payment, log: FileLog) {
    this.#setting = setting;
    this.#account = account;
    this.#plans = plans;
    this.#payment = payment;
    this.#log = log;
  }

  /** The third letter has left on `on`: the case changes hands some days later. */
  handOver(month: Month, on: Day): void {
    const { chances, parameters } = this.#setting;
    this.open = true;
    this.#log.act(
      on + chances.integer(parameters.litigation.handoverAfterDays, "handoverDay", month),
      "handover",
      "litigation",
    );
  }

  /** One month of the case. Returns the day of an eviction, if that is what happens. */
  act(month: Month, terms: number): Day | null {
    this.#overIndebtedness(month, terms);
    if (!this.open) return null;
    if (terms < 1) {
      this.#close(month);
      return null;
    }
    const { chances, parameters } = this.#setting;
    const { litigation } = parameters;
    const { days } = litigation;
    const frozen = dayOf(month, days.frozen);
    if (this.#plans.running || this.#sheltered || this.#log.stopped(frozen)) return null;
    if (this.#plans.brokenIn !== month && chances.chance(litigation.plan, "planSigned", month + 100_000)) {
      if (this.#plans.sign(dayOf(month, days.plan), "landlord", "litigation")) return null;
    }
    return this.#proceed(month, terms);
  }

  #proceed(month: Month, terms: number): Day | null {
    const { chances, parameters } = this.#setting;
    const { litigation, office } = parameters;
    const { afterMonths, days, from } = litigation;
    const log = this.#log;
    if (this.#notice === NEVER) {
      if (terms < from.notice || !chances.chance(litigation.notice, "notice", month)) return null;
      this.#notice = month;
      log.act(dayOf(month, days.notice), "notice_to_pay", "litigation");
      this.#payment.engagement += office.engagement.notice;
      if (chances.chance(litigation.noticeCharged, "noticeCost", month)) {
        this.#cost(month, chances.integer(litigation.noticeCents, "noticeCost", month + 100_000));
      }
    } else if (this.#referral === NEVER) {
      if (!chances.chance(litigation.referral, "referral", month)) return null;
      this.#referral = month;
      log.act(dayOf(month, days.referral), "ccapex_referral", "litigation");
    } else if (this.#summons === NEVER) {
      const since = month - Math.max(this.#referral, this.#notice);
      const ready = since >= afterMonths.summons && terms >= from.summons;
      if (!ready || !chances.chance(litigation.summons, "summons", month)) return null;
      this.#summons = month;
      log.act(dayOf(month, days.summons), "summons", "litigation");
      this.#payment.engagement += office.engagement.summons;
      this.#cost(month, chances.integer(litigation.summonsCents, "summons", month + 100_000));
    } else if (this.#title === NEVER) {
      if (month - this.#summons >= afterMonths.title && chances.chance(litigation.title, "title", month))
        this.#judgement(month);
    } else if (month - this.#title >= afterMonths.eviction && terms >= from.eviction) {
      const [first, last] = litigation.evictionMonths;
      const ofYear = (month % 12) + 1;
      if (ofYear < first || ofYear > last) return null;
      if (!chances.chance(litigation.eviction, "eviction", month)) return null;
      const on = dayOf(month, days.eviction);
      log.act(on, "eviction", "litigation");
      return on;
    }
    return null;
  }

  #judgement(month: Month): void {
    const { chances, parameters } = this.#setting;
    const { litigation } = parameters;
    const on = dayOf(month, litigation.days.title);
    this.#title = month;
    this.#log.act(on, "enforceable_title", "litigation");
    if (chances.chance(litigation.delays, "delays", month)) {
      if (this.#plans.sign(on, "court", "litigation")) {
        this.#log.hold("judge_delays", on, {
          source: "court",
          to: firstDay(month + litigation.delayMonths),
          debtCovered: this.#account.owed,
        });
      }
    } else if (chances.chance(litigation.protocol, "protocol", month)) {
      if (this.#plans.sign(on, "caf", "litigation")) {
        const to = firstDay(month + litigation.protocolMonths);
        this.#log.hold("social_cohesion_protocol", on, { source: "landlord", to });
      }
    }
  }

  #overIndebtedness(month: Month, terms: number): void {
    const { chances, parameters } = this.#setting;
    const { litigation } = parameters;
    const { commission } = litigation;
    const wait = month - this.#filed;
    if (this.#filed === NEVER || wait > commission.restMonths) {
      if (terms < litigation.from.overIndebtedness) return;
      if (!chances.chance(litigation.overIndebtedness, "overIndebtedness", month)) return;
      this.#filed = month;
      this.#sheltered = true;
      this.#log.hold("over_indebtedness_filed", dayOf(month, commission.filedOn), {
        source: "bank_of_france",
        knownOn: dayOf(month, commission.filingKnownOn),
      });
    } else if (this.#sheltered && wait === commission.admittedAfterMonths) {
      const on = dayOf(month, commission.admittedOn);
      this.#log.release("over_indebtedness_filed", on);
      if (!chances.chance(litigation.admitted, "admitted", month)) this.#sheltered = false;
      else {
        this.#log.hold("over_indebtedness_admitted", on, {
          source: "bank_of_france",
          knownOn: on + commission.admissionKnownAfterDays,
          debtCovered: Math.max(0, this.#account.owed),
        });
      }
    } else if (this.#sheltered && wait === commission.measuresAfterMonths) this.#measures(month);
  }

  /** What the commission decides: the debt is erased, or paid in small instalments. */
  #measures(month: Month): void {
    const { chances, parameters } = this.#setting;
    const { commission, erased } = parameters.litigation;
    const on = dayOf(month, commission.measuresOn);
    this.#sheltered = false;
    this.#log.release("over_indebtedness_admitted", on);
    const owed = this.#account.owed;
    if (owed <= 0) return;
    if (chances.chance(erased, "erased", month)) {
      this.#plans.drop(on);
      this.#log.hold("debt_erased", on, { source: "bank_of_france", to: on, debtCovered: owed });
      this.#account.relieve("write_off", owed, on, on);
      this.#close(month);
    } else this.#plans.sign(on, "over_indebtedness", "litigation");
  }

  #close(month: Month): void {
    this.open = false;
    this.#notice = NEVER;
    this.#referral = NEVER;
    this.#summons = NEVER;
    this.#title = NEVER;
    this.#log.release("judge_delays", dayOf(month, this.#setting.parameters.litigation.days.closing));
  }

  #cost(month: Month, cents: number): void {
    if (month < this.#setting.window.firstMonth) return;
    const on = dayOf(month, this.#setting.parameters.litigation.days.costs);
    this.#account.charge("court_cost", cents, on, on);
  }
}
