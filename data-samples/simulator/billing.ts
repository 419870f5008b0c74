import type { Account } from "./account.ts";
import { type Day, dayOf, daysIn, firstDay, lastDay, type Month, monthOf, yearOf } from "./calendar.ts";
import { OTHER_RENT_REVIEW, RENT_REVIEWS } from "./parameters.ts";
import type { Setting } from "./setting.ts";

/** What the household is asked: rent, charges, supplement and rebate, and the yearly adjustment of charges. */
export class Billing {
  rent: number;
  charges: number;
  supplement = 0;
  rebate = 0;
  /** The part of what falls due next month that is no ordinary call. */
  extraComing = 0;
  readonly #setting: Setting;
  readonly #account: Account;

  constructor(setting: Setting, account: Account) {
    this.#setting = setting;
    this.#account = account;
    this.rent = setting.dwelling.rent;
    this.charges = setting.dwelling.charges;
  }

  /** Rent and charges of a whole month. */
  get gross(): number {
    return this.rent + this.charges;
  }

  /** The review of rents on 1 January. */
  review(month: Month): void {
    if (month % 12 !== 0) return;
    this.rent = Math.round(this.rent * (1 + (RENT_REVIEWS[yearOf(month)] ?? OTHER_RENT_REVIEW)));
    const { chances, parameters } = this.#setting;
    const { chargesReview } = parameters.adjustment;
    this.charges = Math.round(this.charges * chances.between(chargesReview, "chargesReview", month));
  }

  /** Books the call of the month; the last one stops on the day of departure. Returns whether the month is whole. */
  call(month: Month, end: Day | null): boolean {
    const { start, ways, home } = this.#setting;
    const from = Math.max(start, firstDay(month));
    const to = end ?? lastDay(month);
    if (to < from) return false;
    const share = (to - from + 1) / daysIn(month);
    const whole = share === 1;
    const bookedOn = Math.max(from, Math.min(to, dayOf(month, ways.bookDay)));
    const dueOn = dayOf(month + 1, ways.dueDay);
    const details = { termMonth: month };
    const account = this.#account;
    account.chargeLater("rent", Math.round(this.rent * share), bookedOn, dueOn, details);
    account.chargeLater("charges", Math.round(this.charges * share), bookedOn, dueOn, details);
    if (whole) {
      account.chargeLater("rent_supplement", this.supplement, bookedOn, dueOn, details);
      account.book.credit("rent_rebate", this.rebate, bookedOn, dueOn, details);
      account.coming -= this.rebate;
    }
    if (end === null && home && (month % 12) + 1 === ways.adjustmentMonth)
      this.#adjust(month, bookedOn, dueOn);
    return whole;
  }

  #adjust(month: Month, bookedOn: Day, dueOn: Day): void {
    const { chances, start, parameters } = this.#setting;
    const { adjustment } = parameters;
    if (month - monthOf(start) < adjustment.afterMonths) return;
    if (chances.chance(adjustment.none, "noAdjustment", month)) return;
    const cents = Math.round(adjustment.mean + adjustment.spread * chances.bell("adjustment", month));
    const { book } = this.#account;
    if (cents > 0) {
      book.debit("charges_adjustment", cents, bookedOn, dueOn, { termMonth: month });
      this.extraComing += cents;
    } else book.credit("charges_adjustment", -cents, bookedOn, dueOn, { termMonth: month });
    this.#account.coming += cents;
  }
}
