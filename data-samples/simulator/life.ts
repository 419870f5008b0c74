import { type Day, dayOf, type Month, yearOf } from "./calendar.ts";
import type { SituationRecord } from "./landlord-records.ts";
import { OTHER_RENT_REVIEW, type Parameters, RENT_REVIEWS } from "./parameters.ts";
import { ageIn, type Household, situationOf, type Work } from "./people.ts";

export type LifeEventKind =
  | "job_loss"
  | "insurance_ends"
  | "return_to_work"
  | "separation"
  | "union"
  | "illness"
  | "health_again"
  | "birth"
  | "child_leaves"
  | "retirement"
  | "death";

export interface LifeEvent {
  readonly month: Month;
  readonly kind: LifeEventKind;
}

/**
 * What befalls one household, month after month, whatever it owes: its composition, its income, what it cannot go
 * without, expenses it did not choose. Two accounts of one household live the same life.
 */
export class Life {
  readonly household: Household;
  readonly events: LifeEvent[] = [];
  /** Told to the landlord, in the order in which they came to be true. */
  readonly situations: SituationRecord[];
  adults: number;
  children: number;
  /** This month's income, housing benefit apart, in cents. */
  income: number;
  /** What the household cannot go without this month, rent apart. */
  needs = 0;
  /** An expense of this month that nobody chose. */
  expense = 0;
  alive = true;

  readonly #parameters: Parameters;
  #work: Work;
  #wage: number;
  #retired: boolean;
  #illFor = 0;
  #outOfWorkFor = 0;
  #prices = 1;

  constructor(household: Household, start: Day, parameters: Parameters) {
    this.household = household;
    this.#parameters = parameters;
    this.adults = household.adults;
    this.children = household.children;
    this.#work = household.work;
    this.#retired = household.work === "retired";
    this.#wage = household.income;
    this.income = this.#incomeNow();
    this.situations = [this.#situation(start, start)];
  }

  /** Lives one more month. Months are given in order, none left out. */
  advance(month: Month): void {
    const { chances } = this.household;
    if (month % 12 === 0) this.#newYear(month);
    const told = this.events.length;
    this.#workAndHealth(month);
    this.#family(month);
    this.income = this.#incomeNow();
    const { life } = this.#parameters;
    const { needs } = life;
    this.needs =
      this.#prices * (needs.adult + needs.further * (this.adults - 1) + needs.child * this.children) +
      (this.#illFor > 0 ? life.illnessCents : 0);
    this.expense = chances.chance(life.expense, "expense", month)
      ? chances.between(life.expenseCents, "expense", month + 100_000)
      : 0;
    const winter = month % 12 < life.energyBillMonths;
    if (winter && chances.chance(life.energyBill / life.energyBillMonths, "energyBill", month)) {
      this.expense += chances.between(life.energyBillCents, "energyBill", month + 100_000);
    }
    if (this.events.length > told) this.#tell(month);
  }

  #newYear(month: Month): void {
    const review = 1 + (RENT_REVIEWS[yearOf(month)] ?? OTHER_RENT_REVIEW);
    this.#prices *= review;
    this.#wage *= review;
  }

  #workAndHealth(month: Month): void {
    const { life } = this.#parameters;
    const { ages } = life;
    const { chances } = this.household;
    const age = ageIn(this.household, month);
    if (!this.#retired && age >= chances.integer(life.retirementAge, "retirement")) {
      this.#retired = true;
      if (this.#work !== "none" && this.#work !== "retired") this.#wage *= life.retirementIncome;
      this.#work = "retired";
      this.#outOfWorkFor = 0;
      this.#note(month, "retirement");
    } else if (this.#outOfWorkFor > 0) {
      const late = this.#outOfWorkFor > life.laterReturnAfterMonths;
      const slower = age > ages.returnToWork.above ? ages.returnToWork.factor : 1;
      const hazard = (late ? life.laterReturn : life.returnToWork) * slower;
      if (chances.chance(hazard, "return", month)) {
        this.#outOfWorkFor = 0;
        this.#wage *= chances.between(life.returnWage, "returnWage", month);
        this.#note(month, "return_to_work");
      } else {
        this.#outOfWorkFor++;
        if (this.#outOfWorkFor === life.insuranceMonths + 1) this.#note(month, "insurance_ends");
      }
    } else if (this.#work === "stable" || this.#work === "precarious") {
      const hazard = life.jobLoss[this.#work] * (age < ages.jobLoss.below ? ages.jobLoss.factor : 1);
      if (chances.chance(hazard, "jobLoss", month)) {
        this.#outOfWorkFor = 1;
        this.#note(month, "job_loss");
      }
    }
    const frailty = age > ages.illness.above ? ages.illness.factor : ages.illness.otherwise;
    if (this.#illFor > 0) {
      this.#illFor--;
      if (this.#illFor === 0) this.#note(month, "health_again");
    } else if (chances.chance(life.illness * frailty, "illness", month)) {
      this.#illFor = chances.integer(life.illnessMonths, "illnessMonths", month);
      this.#note(month, "illness");
    }
    const dying = life.death * (age > ages.death.above ? ages.death.factor : 1);
    if (age >= ages.death.from && this.adults === 1 && chances.chance(dying, "death", month)) {
      this.alive = false;
      this.#note(month, "death");
    }
  }

  #family(month: Month): void {
    const { life } = this.#parameters;
    const { ages } = life;
    const { chances } = this.household;
    const age = ageIn(this.household, month);
    const parting = life.separation * (age > ages.separation.above ? ages.separation.factor : 1);
    if (this.adults > 1 && chances.chance(parting, "separation", month)) {
      this.adults--;
      this.#wage *= life.separationIncome;
      if (!chances.chance(life.childrenStay, "childrenStay", month)) this.children = 0;
      this.#note(month, "separation");
    } else if (this.adults === 1 && age < ages.union.below && chances.chance(life.union, "union", month)) {
      this.adults++;
      this.#wage *= life.unionIncome;
      this.#note(month, "union");
    }
    const births = this.adults > 1 ? life.birth.couple : life.birth.single;
    const mayBear = age < ages.birth.below && this.children < life.mostChildren;
    const mayLeave = age >= ages.childLeaves.from && this.children > 0;
    if (mayBear && chances.chance(births, "birth", month)) {
      this.children++;
      this.#wage *= life.birthIncome;
      this.#note(month, "birth");
    } else if (mayLeave && chances.chance(life.childLeaves, "childLeaves", month)) {
      this.children--;
      this.#note(month, "child_leaves");
    }
  }

  #incomeNow(): number {
    const { life } = this.#parameters;
    const { minimum } = life;
    const insured = this.#outOfWorkFor <= life.insuranceMonths ? life.unemployed : life.uninsured;
    const earned =
      this.#wage * (this.#outOfWorkFor > 0 ? insured : 1) * (this.#illFor > 0 ? life.illnessIncome : 1);
    const least =
      this.#prices * (minimum.adult + minimum.further * (this.adults - 1) + minimum.child * this.children);
    return Math.round(
      Math.max(earned, least) + this.#prices * minimum.allowance * Math.max(0, this.children - 1),
    );
  }

  #note(month: Month, kind: LifeEventKind): void {
    this.events.push({ month, kind });
  }

  /** The landlord learns of the new situation later, or never. */
  #tell(month: Month): void {
    const { life } = this.#parameters;
    const { chances } = this.household;
    const before = this.situations.at(-1);
    const day = dayOf(month, chances.integer(life.eventDay, "eventDay", month));
    const validFrom = Math.max(day, (before?.validFrom ?? day) + 1);
    const size = this.adults + this.children;
    const moved = before === undefined || before.size !== size || before.adults !== this.adults;
    if (!chances.chance(moved ? life.learnt.composition : life.learnt.income, "learnt", month)) return;
    const knownOn = validFrom + chances.integer(life.learntAfterDays, "learntAfter", month);
    this.situations.push(this.#situation(validFrom, knownOn));
  }

  #situation(validFrom: Day, knownOn: Day): SituationRecord {
    const { people } = this.#parameters;
    return situationOf(this.adults, this.children, this.income, validFrom, knownOn, people);
  }
}
