import type { Account } from "./account.ts";
import type { Billing } from "./billing.ts";
import type { Day, Month } from "./calendar.ts";
import type { Life } from "./life.ts";
import type { Setting } from "./setting.ts";

/** Housing benefit: granted on the income of some months ago, paid on the due date, suspended and put right. */
export class HousingBenefit {
  /** Monthly, in cents; 0 for those who have none. */
  amount = 0;
  toLandlord = false;
  readonly #setting: Setting;
  readonly #account: Account;
  readonly #billing: Billing;
  readonly #life: Life;
  readonly #takesUp: boolean;
  readonly #incomes: number[] = [];
  #suspendedFor = 0;
  #suspendedTerms: { readonly term: Month; readonly cents: number }[] = [];
  /** The benefit that last month's call will receive. */
  #coming = 0;

  constructor(setting: Setting, account: Account, billing: Billing, life: Life) {
    const { chances, home, parameters } = setting;
    const { benefit } = parameters;
    this.#setting = setting;
    this.#account = account;
    this.#billing = billing;
    this.#life = life;
    this.#takesUp = home && chances.chance(benefit.takeUp, "takesUp");
    const { incomeBand } = life.situations[0] ?? { incomeBand: 1 };
    if (
      home &&
      incomeBand >= benefit.supplementBand &&
      chances.chance(benefit.supplementShare, "supplement")
    ) {
      billing.supplement = chances.integer(benefit.supplementCents, "supplement", 1);
    }
    if (this.#takesUp) this.#grant(life.income);
    this.toLandlord = this.amount > 0 && chances.chance(benefit.toLandlord, "toLandlord");
  }

  get suspended(): boolean {
    return this.#suspendedFor > 0;
  }

  /** What the household itself receives this month, when the landlord does not. */
  get toTenant(): number {
    return this.toLandlord || this.suspended ? 0 : this.amount;
  }

  /** Looks at the household's income each quarter, as it was some months before. */
  review(month: Month): void {
    this.#incomes.push(this.#life.income);
    const { lag } = this.#setting.parameters.benefit;
    if (this.#incomes.length > lag + 1) this.#incomes.shift();
    if (month % 3 === 0 && this.#takesUp) this.#grant(this.#incomes[0] ?? this.#life.income);
  }

  /** Tells the benefit whether last month's call was for a whole month: only then is it due. */
  called(whole: boolean): void {
    this.#coming = whole && this.toLandlord ? this.amount : 0;
  }

  /** The benefit of `term` reaches the landlord on the day that the term falls due, unless it is suspended. */
  fallDue(term: Month, dueOn: Day): void {
    const cents = this.#coming;
    this.#coming = 0;
    if (cents <= 0) return;
    const { chances, parameters } = this.#setting;
    const { benefit } = parameters;
    if (this.#suspendedFor > 0) {
      this.#suspendedTerms.push({ term, cents });
      this.#suspendedFor--;
      if (this.#suspendedFor === 0) this.#restore(term, dueOn, benefit.restoredWithArrears);
      return;
    }
    if (chances.chance(benefit.suspended, "suspended", term)) {
      this.#suspendedFor = chances.integer(benefit.suspendedMonths, "suspendedMonths", term);
      this.#suspendedTerms = [{ term, cents }];
      return;
    }
    this.#account.relieve("housing_benefit", cents, dueOn, dueOn, caf(term));
    if (chances.chance(benefit.clawback, "clawback", term)) {
      const back = Math.round(cents * chances.between(benefit.clawbackMonths, "clawbackMonths", term));
      const on = dueOn + benefit.clawbackAfterDays;
      this.#account.charge("housing_benefit", back, on, on, {
        payer: "caf",
        termMonth: term,
      });
    }
  }

  /** Somebody helped the household to put its file right: the suspension ends within the month. */
  putRight(): void {
    if (this.#suspendedFor > 1) this.#suspendedFor = 1;
  }

  #restore(at: Month, dueOn: Day, withArrears: number): void {
    const { chances, parameters } = this.#setting;
    const on = dueOn + parameters.benefit.restoredAfterDays;
    if (chances.chance(withArrears, "restored", at)) {
      for (const { term, cents } of this.#suspendedTerms) {
        this.#account.relieve("housing_benefit", cents, on, on, caf(term));
      }
    }
    this.#suspendedTerms = [];
  }

  #grant(income: number): void {
    const { chances, parameters } = this.#setting;
    const { benefit } = parameters;
    const { threshold } = benefit;
    const { adults, children } = this.#life;
    const scale = threshold.adult + threshold.further * (adults - 1) + threshold.child * children;
    const ratio = income / scale;
    const gross = this.#billing.gross;
    const cover = Math.min(
      benefit.cover,
      benefit.cover -
        benefit.slope * (ratio - benefit.fallsFrom) +
        benefit.coverSpread * chances.bell("cover"),
    );
    const amount = cover < benefit.least ? 0 : Math.round((gross * cover) / 100) * 100;
    if (Math.abs(amount - this.amount) >= benefit.leastChange) {
      if (this.amount === 0 && amount > 0) this.toLandlord = chances.chance(benefit.toLandlord, "toLandlord");
      this.amount = amount;
    }
    this.#billing.rebate =
      this.amount > 0 && ratio < benefit.rebateBelow ? chances.integer(benefit.rebateCents, "rebate") : 0;
  }
}

function caf(term: Month): {
  readonly payer: "caf";
  readonly channel: "transfer";
  readonly termMonth: Month;
} {
  return { payer: "caf", channel: "transfer", termMonth: term };
}
