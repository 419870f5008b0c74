/**
 * What a number is drawn for. A purpose is known by its place in the list: add at the end, never in between, or every
 * simulated landlord changes.
 */
const PURPOSES = [
  // dwellings and tenancies
  "use",
  "withHome",
  "agency",
  "constructionYear",
  "annexRent",
  "type",
  "surface",
  "building",
  "rent",
  "charges",
  "tenure",
  "startDay",
  "longVacancy",
  "vacancy",
  "startsOnFirst",
  "noticeClause",
  // people
  "adults",
  "children",
  "income",
  "incomeNoise",
  "entryAge",
  "sex",
  "job",
  "behaviour",
  "motivation",
  "margin",
  "cushion",
  "savings",
  "digitalConsent",
  "preferredChannel",
  "firstName",
  "otherFirstName",
  "lastName",
  "nameForm",
  "street",
  "phone",
  "email",
  "guardianship",
  "guardian",
  // life
  "jobLoss",
  "return",
  "returnWage",
  "separation",
  "childrenStay",
  "union",
  "illness",
  "illnessMonths",
  "birth",
  "childLeaves",
  "retirement",
  "death",
  "energyBill",
  "expense",
  "learnt",
  "learntAfter",
  "eventDay",
  // benefit and billing
  "takesUp",
  "cover",
  "toLandlord",
  "rebate",
  "supplement",
  "suspended",
  "suspendedMonths",
  "restored",
  "clawback",
  "clawbackMonths",
  "chargesReview",
  "noAdjustment",
  "adjustment",
  // payment
  "directDebit",
  "channel",
  "inFull",
  "delay",
  "drift",
  "part",
  "partly",
  "borrows",
  "clears",
  "towardsArrears",
  "bankRefuses",
  "administrative",
  "reason",
  "rejectedOn",
  "regularised",
  "regularisedOn",
  "mandateLost",
  "inTwo",
  "together",
  "apart",
  "roundsUp",
  "leavesExtra",
  "extraNow",
  "guarantor",
  "bookedLate",
  "bookedLateDays",
  "forgets",
  // the office
  "lettersOut",
  "adviserAway",
  "firstCall",
  "callOn",
  "callReached",
  "visit",
  "visitOn",
  "interview",
  "interviewOn",
  "interviewReached",
  "approach",
  "pair",
  "promise",
  "promiseDays",
  "promiseKept",
  "planSigned",
  "planMonths",
  "aid",
  "refusal",
  "interim",
  "interimOn",
  "recordedLate",
  "recordedDays",
  "moveInDiagnosis",
  "moveInDay",
  "report",
  "fundMonths",
  "fundGranted",
  "fundShare",
  "reminderFee",
  "rejectionFee",
  "wrongFee",
  "careCall",
  "dispute",
  "disputeDays",
  "outcome",
  "handoverDay",
  "notice",
  "noticeCost",
  "referral",
  "summons",
  "title",
  "delays",
  "protocol",
  "eviction",
  "overIndebtedness",
  "admitted",
  "erased",
  "courtPlanMonths",
  "termsKnown",
  "wronglyCharged",
  "wronglyPosted",
  "mistakeCents",
  "mistakeDay",
  "mistakeMended",
  "repairs",
  "repairsCents",
  // leaving
  "leaves",
  "leavesOnLast",
  "leavesDay",
  "exitRepairs",
  "exitRepairsCents",
  "depositHeld",
  "settles",
  "settlesWhole",
  "settlesShare",
  "settlesOn",
  "writtenOff",
  "deathLeaves",
  // truth
  "examined",
] as const;

/** A reason to draw a number. */
export type Purpose = (typeof PURPOSES)[number];

const KEYS = Object.fromEntries(
  PURPOSES.map((purpose, index) => [purpose, Math.imul(index + 1, 0x85ebca6b)]),
) as Readonly<Record<Purpose, number>>;

/**
 * The chances of one subject (a dwelling, a lease, a household, an agency): a number is a function of the seed, the
 * subject, what it is for and when, never of what was drawn before. Two runs of one household that differ by one
 * action therefore meet the same luck at every other moment.
 */
export class Chances {
  readonly #low: number;
  readonly #high: number;

  constructor(seed: number, subject: number) {
    const seedLow = mix(seed >>> 0);
    const seedHigh = mix(Math.floor(seed / 0x1_0000_0000) >>> 0);
    this.#low = mix(seedLow ^ mix(subject >>> 0));
    this.#high = mix(seedHigh + Math.imul(this.#low, 0x9e3779b1) + Math.floor(subject / 0x1_0000_0000));
  }

  /** A number from 0 (included) to 1 (excluded), for this purpose at this moment (a month, a rank; 0 when once). */
  fraction(purpose: Purpose, at = 0): number {
    const moment = mix(this.#low + Math.imul(at, 0x9e3779b1));
    return mix(moment ^ (this.#high + KEYS[purpose])) / 0x1_0000_0000;
  }

  /** True with the given probability. */
  chance(probability: number, purpose: Purpose, at = 0): boolean {
    return this.fraction(purpose, at) < probability;
  }

  /** A number from `low` (included) to `high` (excluded). */
  between([low, high]: readonly [number, number], purpose: Purpose, at = 0): number {
    return low + (high - low) * this.fraction(purpose, at);
  }

  /** A whole number from `low` to `high`, both included. */
  integer([low, high]: readonly [number, number], purpose: Purpose, at = 0): number {
    return low + Math.floor((high - low + 1) * this.fraction(purpose, at));
  }

  /** A bell-shaped number with mean 0, standard deviation 1, never beyond ±3.5: a sum of four uniform draws. */
  bell(purpose: Purpose, at = 0): number {
    const first = mix(mix(this.#low + Math.imul(at, 0x9e3779b1)) ^ (this.#high + KEYS[purpose]));
    const second = mix(first + 0x6d2b79f5);
    const sum = (first & 0xffff) + (first >>> 16) + (second & 0xffff) + (second >>> 16);
    return (sum / 0x1_0000 - 2) * 1.7320508;
  }

  /** One of the keys of `weights`, in proportion to its weight. */
  choose<Key extends string>(weights: Readonly<Record<Key, number>>, purpose: Purpose, at = 0): Key {
    let total = 0;
    for (const key in weights) total += weights[key];
    let left = this.fraction(purpose, at) * total;
    let chosen: Key | undefined;
    for (const key in weights) {
      if (weights[key] <= 0) continue;
      chosen = key;
      left -= weights[key];
      if (left < 0) break;
    }
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }

  /** One of the items, each as likely. */
  pick<Item>(items: readonly Item[], purpose: Purpose, at = 0): Item {
    const item = items[Math.floor(items.length * this.fraction(purpose, at))];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}

/** Spreads 32 bits evenly over 32 bits, one to one. */
function mix(bits: number): number {
  let mixed = bits | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
