import type { FeatureSpec } from "../../../models/household-risk/features.ts";
import type { Rule } from "../../../models/household-risk/rules.ts";

/** Months of scoring, both included. */
export interface Months {
  readonly from: number;
  readonly to: number;
}

/** A real panel of accounts, and the question asked of it. */
export interface Panel {
  readonly name: "credit" | "rental";
  /** File of the panel, and the table it is read into. */
  readonly file: string;
  readonly table: string;
  /** Options of DuckDB's CSV reader. */
  readonly reading: string;
  /** Queries beside this module that make `account_month`, in their order. */
  readonly queries: readonly string[];
  readonly features: readonly FeatureSpec[];
  /** Rules that need no model; the one that ranks the training rows best is the best rule. */
  readonly rules: readonly Rule[];
  readonly train: Months;
  readonly test: Months;
  /** SQL conditions on `account_month`. */
  readonly strata: Readonly<Record<string, string>>;
  readonly lists: Lists | null;
}

/** Monthly lists, by one model learnt on months before them; onsets of `onsets` have six months of lists before them. */
export interface Lists {
  readonly train: Months;
  readonly scored: Months;
  readonly onsets: Months;
}

const neither = (names: string): FeatureSpec[] => specs(names, "none");
const raises = (names: string): FeatureSpec[] => specs(names, "increasing");
const lowers = (names: string): FeatureSpec[] => specs(names, "decreasing");

function specs(names: string, direction: FeatureSpec["direction"]): FeatureSpec[] {
  return names.split(" ").map((name) => ({ name, kind: "number", direction }));
}

/** The 24 features of the published figures, as they stand, no direction told. */
export const PLAIN_CREDIT: readonly FeatureSpec[] = neither(
  `${Array.from({ length: 12 }, (_, lag) => `status_${lag}`).join(" ")} months_observed tenure late_3 late_6 late_12 late_all arrears_3 arrears_6 arrears_12 arrears_all since_arrears since_late`,
);

const CREDIT_FEATURES: readonly FeatureSpec[] = [
  ...neither(
    "status_0 status_1 status_2 status_3 status_4 status_5 run_1 state_2 run_2 state_3 run_3 tenure",
  ),
  ...neither("reopened empty_share first_status"),
  ...raises("late_3 late_6 late_12 late_all late_share arrears_3 arrears_6 arrears_12 arrears_all"),
  ...raises("spells_per_billed arrears_share_8"),
  ...lowers("since_arrears"),
  ...neither("run_1_if_billed state_2_if_billed run_2_if_billed tenure_if_billed"),
  ...neither("reopened_if_billed empty_share_if_billed"),
  ...raises("late_share_if_billed arrears_12_if_billed arrears_all_if_billed"),
  ...raises("spells_per_billed_if_billed arrears_share_8_if_billed"),
  ...lowers("since_arrears_if_billed"),
  ...raises("fall_rate"),
];

/** Task A: who of those not in arrears is in arrears in one of the next 3 months. */
export const CREDIT: Panel = {
  name: "credit",
  file: "credit_record.csv.gz",
  table: "credit_record",
  reading: "types = {'STATUS': 'varchar'}",
  queries: ["credit-record.sql"],
  features: CREDIT_FEATURES,
  rules: [
    rule("late_months_3", "late_3", 1),
    rule("late_months_12", "late_12", 1),
    rule("late_months", "late_all", 1),
    rule("arrears_months", "arrears_all", 1),
    rule("months_since_arrears", "since_arrears", -1),
    rule("months_since_late", "since_late", -1),
  ],
  train: { from: -36, to: -10 },
  test: { from: -6, to: -3 },
  strata: { never_in_arrears: "since_arrears is null", clean_12_months: "arrears_12 = 0" },
  lists: {
    train: { from: -36, to: -16 },
    scored: { from: -12, to: -1 },
    onsets: { from: -6, to: 0 },
  },
};

/**
 * Task A with what is known of accounts of neighbouring numbers: to be told beside the panel's own figures, never for them.
 * Drawing accounts again takes neighbours apart, so that intervals are too narrow here.
 */
export const LINKED_CREDIT: Panel = {
  ...CREDIT,
  queries: [...CREDIT.queries, "credit-neighbours.sql"],
  features: [
    ...CREDIT_FEATURES,
    ...neither("neighbours_known neighbours_billed"),
    ...raises("neighbours_in_arrears neighbours_arrears_12 neighbours_arrears_share neighbours_late_share"),
  ],
};

/** Task B: who of those who paid their rent well this month pays late or short in one of the next 3. */
export const RENTAL: Panel = {
  name: "rental",
  file: "rental_payments.csv.gz",
  table: "rental_payments",
  reading: "",
  queries: ["rental-payments.sql"],
  features: [
    ...raises(
      "day_0 day_1 day_2 day_3 day_mean_3 day_mean_6 day_mean_12 day_mean_all day_latest_3 day_latest_12",
    ),
    ...raises("after_5th_12 after_10th_12 bad_3 bad_6 bad_12 bad_all bad_share"),
    ...lowers("since_bad"),
    ...neither(
      "day_earliest_12 day_spread_12 day_trend least_paid_12 months_paid_12 months_paid tenure rent",
    ),
  ],
  rules: [
    rule("mean_day_paid_12", "day_mean_12", 1),
    rule("bad_months_12", "bad_12", 1),
    rule("day_paid_last_month", "day_0", 1),
    rule("months_since_bad", "since_bad", -1),
  ],
  train: { from: 5, to: 19 },
  test: { from: 24, to: 27 },
  strata: { never_bad: "since_bad is null" },
  lists: null,
};

function rule(name: string, feature: string, sign: 1 | -1): Rule {
  return { name, feature, labelFr: name, sign, missing: "least" };
}
