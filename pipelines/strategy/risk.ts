import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

const ROLES = ["feature", "audit", "operational"] as const;
type Role = (typeof ROLES)[number];

/**
 * What a score may be made of, unless the landlord says otherwise. Each is a table of the contract, or a table and a column:
 * a feature of the model is made of one or several of them (risk.feature_meaning).
 */
const MAY_BE_FEATURES = [
  "dwelling.agency_id",
  "dwelling.surface_m2",
  "dwelling.type",
  "entry",
  "entry.channel",
  "household_situation.adults",
  "household_situation.children",
  "household_situation.reference_income",
  "household_situation.size",
  "lease.start_on",
  "lease_terms.benefit_to_landlord",
  "lease_terms.direct_debit",
  "plan",
  "rejection.reason",
] as const;

/** What no score is made of, whatever the landlord says, with what it is read for. */
const NEVER_FEATURES = {
  action: "operational",
  disposition: "operational",
  "household_audit.age_band": "audit",
  "household_audit.sex": "audit",
  household_contact: "operational",
  "household_situation.digital_consent": "operational",
  "household_situation.preferred_channel": "operational",
  lease_hold: "operational",
  team_capacity: "operational",
} as const satisfies Record<string, Exclude<Role, "feature">>;

const featureRole = (attribute: string) =>
  z.enum(ROLES).default("feature").describe(`What ${attribute} is read for.`);
const otherRole = (attribute: string, role: Exclude<Role, "feature">) =>
  z
    .enum(ROLES)
    .default(role)
    .refine((given) => given !== "feature", {
      message: `no score may be made of ${attribute}: it is audit or operational`,
    })
    .describe(`What ${attribute} is read for.`);

const rolesSchema = z
  .strictObject({
    ...Object.fromEntries(MAY_BE_FEATURES.map((attribute) => [attribute, featureRole(attribute)])),
    ...Object.fromEntries(
      Object.entries(NEVER_FEATURES).map(([attribute, role]) => [attribute, otherRole(attribute, role)]),
    ),
  })
  .prefault({})
  .describe(
    "What each attribute is read for: feature (a score may be made of it), audit (only to check fairness) or operational (only to act). A feature made of an attribute with another role is left out of the model.",
  );

const reasons = (defaults: readonly string[], meaning: string) =>
  z
    .array(z.string().regex(/^[A-Z]{2}\d{2}$/, "is a reason of the bank, such as AM04"))
    .default([...defaults])
    .describe(meaning);

/** How households at risk are found before they owe anything, and how the lists made of it are kept honest. */
export const riskSchema = z
  .strictObject({
    approved: z
      .boolean()
      .default(false)
      .describe(
        "Whether the landlord's direction approved the model: until then a new one runs in shadow, for shadow_months.",
      ),
    shadow_months: z
      .int()
      .min(0)
      .max(12)
      .default(3)
      .describe(
        "Months for which a new model's lists are made and held against what happens, and given to nobody.",
      ),
    horizon_months: z
      .int()
      .min(1)
      .max(6)
      .default(3)
      .describe("Month ends after the date within which a household is asked to fall into arrears."),
    origins_months: z
      .int()
      .min(6)
      .max(120)
      .default(36)
      .describe("Past dates, one a month, that a model learns from at most."),
    least_history_months: z
      .int()
      .min(1)
      .max(24)
      .default(6)
      .describe("Month ends that the ledger shows before the first date that a model learns from."),
    test_origins: z
      .int()
      .min(1)
      .max(24)
      .default(3)
      .describe(
        "Past dates that a model is judged on at least, none of them learnt from: it is judged on all that are scored again.",
      ),
    replayed_origins: z
      .int()
      .min(1)
      .max(36)
      .default(12)
      .describe("Newest past dates for which every household is scored again as it would have been then."),
    training_rows: z
      .int()
      .min(1_000)
      .default(60_000)
      .describe(
        "Households and dates that a model learns from at most: all that fell into arrears, others drawn and weighted.",
      ),
    least_onsets: z
      .int()
      .min(1)
      .default(100)
      .describe("With fewer households that fell into arrears a simple rule serves instead of a model."),
    retrain_days: z.int().min(1).max(366).default(30).describe("Days after which a model is trained anew."),
    fitted_rows: z
      .int()
      .min(1_000)
      .default(40_000)
      .describe(
        "Of these, rows that one model is fitted to at most: again all that fell, others drawn and weighted. More rows take longer and tell little more.",
      ),
    fitted_rows_per_onset: z
      .int()
      .min(2)
      .default(40)
      .describe(
        "Of these again, rows for each household and date that fell: one that fell tells as much as many that did not, and every further one tells less.",
      ),
    replay_blocks: z
      .int()
      .min(1)
      .max(12)
      .default(3)
      .describe(
        "Times that models learn anew for the past dates at most: more cost more, and judge nearly alike.",
      ),
    fallen_per_block: z
      .int()
      .min(1)
      .default(60)
      .describe(
        "Households that must have fallen before the first past date for each time that models learn anew: where few did, some months more change little.",
      ),
    gate_margin: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.02)
      .describe(
        "Share of onsets caught by which a new model may at most fall short of the one in place and of a logistic regression: the lower bound of the 95% interval.",
      ),
    bootstrap_draws: z
      .int()
      .min(200)
      .max(20_000)
      .default(2_000)
      .describe("Times that households are drawn again for an interval."),
    drift_retrain_days: z
      .int()
      .min(1)
      .max(366)
      .default(7)
      .describe("Days after a training from which a red drift brings the next one forward."),
    reasons_raising: z
      .int()
      .min(1)
      .max(20)
      .default(4)
      .describe("Reasons told at most of what raises a household's score."),
    reasons_lowering: z.int().min(0).max(20).default(2).describe("Reasons told at most of what lowers it."),
    reasons_least: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe("What changes the log-odds by less is not told as a reason."),
    new_entrant_months: z
      .int()
      .min(1)
      .max(24)
      .default(3)
      .describe("Months of payments below which a household is a new entrant."),
    clean_months: z
      .int()
      .min(3)
      .max(60)
      .default(12)
      .describe("Months without a whole term owed after which a household is told as clean."),
    expires_days: z.int().min(1).max(366).default(90).describe("Days after which a score counts no more."),
    list_weeks: z.int().min(1).max(12).default(2).describe("Weeks for which a list is valid."),
    untold_capacity_share: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.02)
      .describe(
        "Share of an agency's households without a whole term owed that its list holds where no capacity of its teams is told.",
      ),
    incumbents_factor: z
      .number()
      .min(1)
      .max(5)
      .default(1.5)
      .describe("A listed household stays while it ranks within so many times the length of the list."),
    recently_contacted_days: z
      .int()
      .min(0)
      .max(366)
      .default(28)
      .describe("A household reached within so many days is not listed again."),
    fairness_margin: z
      .number()
      .gt(0)
      .max(0.5)
      .default(0.1)
      .describe(
        "Largest difference in recall between groups that is called fair, its whole interval within it.",
      ),
    psi_amber: z
      .number()
      .gt(0)
      .default(0.1)
      .describe("Population stability index from which a drift is watched."),
    psi_red: z
      .number()
      .gt(0)
      .default(0.25)
      .describe("Population stability index from which a drift is acted on."),
    seed: z.int().min(0).default(1).describe("Another number draws other households to learn from."),
    rejection_reasons: z
      .strictObject({
        hardship: reasons(["AM04"], "Not enough money on the account."),
        administrative: reasons(["AC01", "AC04", "AC06", "MD01"], "An account closed, a mandate missing."),
        dispute: reasons(["MS02", "MD06"], "The household contests the payment."),
      })
      .refine(
        ({ hardship, administrative, dispute }) =>
          new Set([...hardship, ...administrative, ...dispute]).size ===
          hardship.length + administrative.length + dispute.length,
        "name each reason once",
      )
      .prefault({})
      .describe(
        "What the bank's reasons for giving a payment back say of a household; any other is read as unstated. None of a death.",
      ),
    roles: rolesSchema,
  })
  .refine(({ psi_amber, psi_red }) => psi_red >= psi_amber, {
    path: ["psi_red"],
    message: "is not below psi_amber",
  })
  .prefault({});

/**
 * The statements that give SQL these settings: `strategy.risk` of one row, `strategy.rejection_reason` and
 * `strategy.attribute_role`.
 */
export function riskTables(risk: z.output<typeof riskSchema>): string[] {
  const classes = Object.entries(risk.rejection_reasons).flatMap(([name, codes]) =>
    codes.map((code) => `(${quoteText(code)}, ${quoteText(name)})`),
  );
  const roles = Object.entries(risk.roles).map(
    ([attribute, role]) => `(${quoteText(attribute)}, ${quoteText(role)})`,
  );
  return [
    `create table strategy.risk as
    select
      ${risk.approved}::boolean as approved,
      ${risk.shadow_months}::integer as shadow_months,
      ${risk.horizon_months}::integer as horizon_months,
      ${risk.origins_months}::integer as origins_months,
      ${risk.least_history_months}::integer as least_history_months,
      ${risk.test_origins}::integer as test_origins,
      ${risk.replayed_origins}::integer as replayed_origins,
      ${risk.training_rows}::integer as training_rows,
      ${risk.least_onsets}::integer as least_onsets,
      ${risk.retrain_days}::integer as retrain_days,
      ${risk.new_entrant_months}::integer as new_entrant_months,
      ${risk.clean_months}::integer as clean_months,
      ${risk.expires_days}::integer as expires_days,
      ${risk.reasons_raising}::integer as reasons_raising,
      ${risk.reasons_lowering}::integer as reasons_lowering,
      ${risk.list_weeks}::integer as list_weeks,
      ${risk.untold_capacity_share}::double as untold_capacity_share,
      ${risk.incumbents_factor}::double as incumbents_factor,
      ${risk.recently_contacted_days}::integer as recently_contacted_days,
      ${risk.fairness_margin}::double as fairness_margin,
      ${risk.psi_amber}::double as psi_amber,
      ${risk.psi_red}::double as psi_red,
      ${risk.seed}::bigint as seed`,
    "create table strategy.rejection_reason (reason varchar not null, class varchar not null)",
    ...(classes.length > 0 ? [`insert into strategy.rejection_reason values ${classes.join(", ")}`] : []),
    "create table strategy.attribute_role (attribute varchar not null, role varchar not null)",
    `insert into strategy.attribute_role values ${roles.join(", ")}`,
  ];
}
