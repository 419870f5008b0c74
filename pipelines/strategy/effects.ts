import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

/** What may be held back at random: the landlord's own initiatives. */
const MAY_BE_HELD_BACK = ["letter", "sms", "email", "call", "visit", "interview"] as const;

/** What may never be held back, and why: help that was asked for, or what the law asks for. */
const NEVER_HELD_BACK: Readonly<Record<string, string>> = {
  plan: "a repayment plan is agreed with a household that asks for one",
  fsl_request: "the housing solidarity fund is asked with a household that wants it",
  fsl_grant: "the housing solidarity fund grants it, not the landlord",
  move_in_diagnosis: "the social diagnosis at move-in is owed to every new entrant",
  caf_report: "the law has the benefit office told of unpaid rent",
  ccapex_referral: "the law has the eviction-prevention commission told before a summons",
  handover: "an act of procedure decides on a household's rights",
  notice_to_pay: "an act of procedure decides on a household's rights",
  summons: "an act of procedure decides on a household's rights",
  enforceable_title: "an act of procedure decides on a household's rights",
  eviction: "an act of procedure decides on a household's rights",
};

const heldBackKind = z.string().superRefine((kind, context) => {
  if (MAY_BE_HELD_BACK.some((allowed) => allowed === kind)) return;
  const reason = NEVER_HELD_BACK[kind];
  context.addIssue({
    code: "custom",
    message:
      reason === undefined
        ? `"${kind}" is nothing that could be held back; choose among ${MAY_BE_HELD_BACK.join(", ")}`
        : `"${kind}" may never be held back from anyone: ${reason}`,
  });
});

const holdBackSchema = z
  .strictObject({
    enabled: z.boolean().default(false),
    share: z
      .number()
      .gt(0)
      .max(0.5)
      .default(0.1)
      .describe("Share of leases and months drawn at random for which the actions below are not offered."),
    actions: z.array(heldBackKind).default([]).describe("Kinds of action that are held back."),
    seed: z.int().min(0).default(1).describe("Another number draws other leases."),
    approved_by: z.string().min(1).optional().describe("Who in the landlord's direction approved it."),
    approved_on: z.iso.date().optional().describe("The day of the approval; months after it are drawn."),
  })
  .superRefine(({ enabled, actions, approved_by, approved_on }, context) => {
    if (!enabled) return;
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (approved_by === undefined)
      refuse("approved_by", "a hold-back needs the name of the person who approved it");
    if (approved_on === undefined)
      refuse("approved_on", "a hold-back needs the day on which it was approved");
    if (actions.length === 0) refuse("actions", "a hold-back names the kinds of action held back");
  })
  .prefault({});

/** How the effect of actions is measured: how long households are followed, what makes a comparison, what is drawn at random. */
export const effectsSchema = z
  .strictObject({
    cure_days: z
      .int()
      .min(31)
      .max(365)
      .default(60)
      .describe("Days after an action within which a month end without a whole term owed is a cure."),
    relapse_months: z
      .int()
      .min(1)
      .max(24)
      .default(6)
      .describe("Month ends after a cure at which a whole term owed again is a relapse."),
    history_months: z
      .int()
      .min(1)
      .max(24)
      .default(6)
      .describe(
        "Closings that the ledger shows before a household is compared: less tells too little of it.",
      ),
    matches: z.int().min(1).max(20).default(5).describe("Households compared at most with each treated one."),
    most_treated: z
      .int()
      .min(1_000)
      .default(10_000)
      .describe(
        "Times that households were treated that are looked at, at most, per kind of action, by hash.",
      ),
    most_at_risk: z
      .int()
      .min(1_000)
      .default(20_000)
      .describe(
        "Household-months without the action that are compared at most, per kind of action, by hash.",
      ),
    minimum_treated: z.int().min(10).default(30).describe("With fewer matched households no effect is told."),
    largest_propensity: z
      .number()
      .min(0.5)
      .max(0.99)
      .default(0.9)
      .describe("A household whose chance to be treated exceeds this has no comparison (Crump et al. 2009)."),
    least_overlap: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe("With a smaller share of the treated comparable there is no control group."),
    routine: z
      .strictObject({
        propensity: z.number().min(0.5).max(1).default(0.5),
        same_day_share: z.number().min(0).max(1).default(0.5),
      })
      .prefault({})
      .describe(
        "A rule, not a choice: most of the treated were likelier than this to be treated, and so large a share of them on one day of the month. It has no control group.",
      ),
    caliper: z
      .number()
      .gt(0)
      .default(0.5)
      .describe("Largest difference in the log-odds of being treated, in their standard deviations."),
    hold_back: holdBackSchema.describe(
      "Actions held back at random from some households, so that their effect is known; off by default.",
    ),
  })
  .prefault({});

/** The statements that give SQL these settings: `strategy.effects` of one row and `strategy.held_back_action`. */
export function effectsTables(effects: z.output<typeof effectsSchema>): string[] {
  const { hold_back } = effects;
  const text = (value: string | undefined): string => (value === undefined ? "null" : quoteText(value));
  const actions = hold_back.enabled ? hold_back.actions : [];
  return [
    `create table strategy.effects as
    select
      ${effects.cure_days}::integer as cure_days,
      ${effects.relapse_months}::integer as relapse_months,
      ${effects.history_months}::integer as history_months,
      ${effects.most_treated}::integer as most_treated,
      ${effects.most_at_risk}::integer as most_at_risk,
      ${effects.minimum_treated}::integer as minimum_treated,
      ${effects.largest_propensity}::double as largest_propensity,
      ${effects.least_overlap}::double as least_overlap,
      ${effects.routine.propensity}::double as routine_propensity,
      ${effects.routine.same_day_share}::double as routine_same_day_share,
      ${hold_back.enabled}::boolean as hold_back,
      ${hold_back.share}::decimal(6, 4) as hold_back_share,
      ${hold_back.seed}::bigint as hold_back_seed,
      ${text(hold_back.approved_by)}::varchar as hold_back_approved_by,
      ${text(hold_back.approved_on)}::date as hold_back_approved_on`,
    "create table strategy.held_back_action (action varchar not null)",
    ...(actions.length > 0
      ? [
          `insert into strategy.held_back_action values ${[...new Set(actions)].map((kind) => `(${quoteText(kind)})`).join(", ")}`,
        ]
      : []),
  ];
}
