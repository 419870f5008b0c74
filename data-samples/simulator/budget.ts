import type { Life } from "./life.ts";
import type { Setting } from "./setting.ts";

/**
 * A household's purse: what comes in, what it is used to spend, what it has put by. Spending follows income slowly, so
 * that a fall in income first eats the savings and reaches the rent only months later.
 */
export class Budget {
  savings: number;
  /** What the household is used to spend in a month, rent apart. */
  spending: number;
  /** Share of spending given up for good, found in an interview. */
  thrift = 0;
  /** What can still be found this month, once the rent is paid. */
  left = 0;
  readonly #setting: Setting;
  readonly #life: Life;
  #cushion: number;

  constructor(setting: Setting, life: Life, asked: number, gross: number) {
    const { household } = life;
    this.#setting = setting;
    this.#life = life;
    this.#cushion = household.cushionMonths * gross;
    const [least, added] = setting.parameters.people.savedAtFirst;
    this.savings = this.#cushion * (least + added * household.savedShare);
    this.spending = Math.max(life.needs, (life.income - asked) * (1 - household.margin));
  }

  /** Savings as a share of one month's call, at most 1: how much breath is left. */
  breath(asked: number): number {
    return asked <= 0 ? 1 : Math.min(1, Math.max(0, this.savings) / asked);
  }

  /** Spending follows what income and the call of the month leave. */
  follow(asked: number, benefitToTenant: number): void {
    const { life } = this.#setting.parameters;
    const { household, income, needs } = this.#life;
    const usual = (income + benefitToTenant - asked) * (1 - household.margin - this.thrift);
    const target = Math.max(needs, usual);
    this.spending += (target - this.spending) * (target < this.spending ? life.cutsBack : life.spendsMore);
  }

  /** What could go to the rent this month, at this much effort (0 to 1). */
  free(effort: number, benefitToTenant: number): number {
    const { squeeze, rentFirst, leastSpending } = this.#setting.parameters.life;
    const { income, needs, expense } = this.#life;
    const held = this.spending * squeeze * effort;
    const spent = Math.max(this.spending - held, leastSpending * needs);
    const byHabit = income + benefitToTenant + this.savings - spent - expense;
    const setApart = rentFirst * effort * (income + benefitToTenant - needs);
    return Math.max(byHabit, setApart);
  }

  /** Closes the month: what was found and not paid is saved, up to the cushion that the household keeps. */
  close(free: number, paid: number): void {
    const kept = Math.max(0, free - paid);
    this.savings = Math.min(kept, this.#cushion);
    this.left = kept + this.#setting.parameters.office.putOff * this.spending;
  }

  /** What income leaves once the call is met and some spending held back: what a careful adviser sees. */
  margin(asked: number, benefitToTenant: number): number {
    const { spendingKept } = this.#setting.parameters.plan;
    return this.#life.income + benefitToTenant - spendingKept * this.spending - asked;
  }

  /** Takes from what is left this month. */
  take(cents: number): void {
    this.left -= cents;
    this.savings = Math.max(0, this.savings - cents);
  }
}
