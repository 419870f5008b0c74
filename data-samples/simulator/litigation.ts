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
    const frozen = dayOf(month, 24);
    if (this.#plans.running || this.#sheltered || this.#log.stopped(frozen)) return null;
    const { chances, parameters } = this.#setting;
    const { litigation } = parameters;
    if (this.#plans.brokenIn !== month && chances.chance(litigation.plan, "planSigned", month + 100_000)) {
      if (this.#plans.sign(dayOf(month, 20), "landlord", "litigation")) return null;
    }
    return this.#proceed(month, terms);
  }

  #proceed(month: Month, terms: number): Day | null {
    const { chances, parameters } = this.#setting;
    const { litigation, office } = parameters;
    const log = this.#log;
    if (this.#notice === NEVER) {
      if (terms < 2 || !chances.chance(litigation.notice, "notice", month)) return null;
      this.#notice = month;
      log.act(dayOf(month, 23), "notice_to_pay", "litigation");
      this.#payment.engagement += office.engagement.notice;
      if (chances.chance(litigation.noticeCharged, "noticeCost", month)) {
        this.#cost(month, chances.integer(litigation.noticeCents, "noticeCost", month + 100_000));
      }
    } else if (this.#referral === NEVER) {
      if (!chances.chance(litigation.referral, "referral", month)) return null;
      this.#referral = month;
      log.act(dayOf(month, 19), "ccapex_referral", "litigation");
    } else if (this.#summons === NEVER) {
      const ready = month - this.#referral >= 3 && month - this.#notice >= 3 && terms >= 3;
      if (!ready || !chances.chance(litigation.summons, "summons", month)) return null;
      this.#summons = month;
      log.act(dayOf(month, 26), "summons", "litigation");
      this.#payment.engagement += office.engagement.summons;
      this.#cost(month, chances.integer(litigation.summonsCents, "summons", month + 100_000));
    } else if (this.#title === NEVER) {
      if (month - this.#summons >= 4 && chances.chance(litigation.title, "title", month))
        this.#judgement(month);
    } else if (month - this.#title >= 4 && terms >= 6 && month % 12 >= 3 && month % 12 <= 9) {
      if (!chances.chance(litigation.eviction, "eviction", month)) return null;
      const on = dayOf(month, 15);
      log.act(on, "eviction", "litigation");
      return on;
    }
    return null;
  }

  #judgement(month: Month): void {
    const { chances, parameters } = this.#setting;
    const { litigation } = parameters;
    const on = dayOf(month, 18);
    this.#title = month;
    this.#log.act(on, "enforceable_title", "litigation");
    if (chances.chance(litigation.delays, "delays", month)) {
      if (this.#plans.sign(on, "court", "litigation")) {
        this.#log.hold("judge_delays", on, {
          source: "court",
          to: firstDay(month + 24),
          debtCovered: this.#account.owed,
        });
      }
    } else if (chances.chance(litigation.protocol, "protocol", month)) {
      if (this.#plans.sign(on, "caf", "litigation")) {
        this.#log.hold("social_cohesion_protocol", on, { source: "landlord", to: firstDay(month + 24) });
      }
    }
  }

  #overIndebtedness(month: Month, terms: number): void {
    const { chances, parameters } = this.#setting;
    const { litigation } = parameters;
    const wait = month - this.#filed;
    if (this.#filed === NEVER || wait > 36) {
      if (terms < 4 || !chances.chance(litigation.overIndebtedness, "overIndebtedness", month)) return;
      this.#filed = month;
      this.#sheltered = true;
      this.#log.hold("over_indebtedness_filed", dayOf(month, 9), {
        source: "bank_of_france",
        knownOn: dayOf(month, 21),
      });
    } else if (this.#sheltered && wait === 3) {
      const on = dayOf(month, 11);
      this.#log.release("over_indebtedness_filed", on);
      if (!chances.chance(litigation.admitted, "admitted", month)) this.#sheltered = false;
      else {
        this.#log.hold("over_indebtedness_admitted", on, {
          source: "bank_of_france",
          knownOn: on + 8,
          debtCovered: Math.max(0, this.#account.owed),
        });
      }
    } else if (this.#sheltered && wait === 9) this.#measures(month);
  }

  /** What the commission decides: the debt is erased, or paid in small instalments. */
  #measures(month: Month): void {
    const { chances, parameters } = this.#setting;
    const on = dayOf(month, 16);
    this.#sheltered = false;
    this.#log.release("over_indebtedness_admitted", on);
    const owed = this.#account.owed;
    if (owed <= 0) return;
    if (chances.chance(parameters.litigation.erased, "erased", month)) {
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
    this.#log.release("judge_delays", dayOf(month, 20));
  }

  #cost(month: Month, cents: number): void {
    if (month < this.#setting.window.firstMonth) return;
    const on = dayOf(month, 24);
    this.#account.charge("court_cost", cents, on, on);
  }
}
