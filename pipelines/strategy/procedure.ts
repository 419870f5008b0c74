import { z } from "zod";
import { ACTION_KINDS } from "../contract/action.ts";
import { HOLD_KINDS } from "../contract/lease-hold.ts";
import { quoteText } from "../warehouse/connection.ts";

const actionKind = z.enum(ACTION_KINDS);
const holdKind = z.enum(HOLD_KINDS);
const days = z.int().min(0).max(366);

const step = z.strictObject({
  terms: z.number().positive().describe("Whole terms owed from which the step is asked for."),
  month: z.int().min(0).max(12).describe("Months after the step 1 of the case."),
  day: z.int().min(1).max(31).describe("Day of the month; the last one in a shorter month."),
  actions: z
    .array(z.strictObject({ kind: actionKind, tolerance_days: days.default(3) }))
    .min(1)
    .refine(
      (actions) => actions.filter(({ kind }) => kind === "letter").length === 1,
      "holds one letter: its rank is the place of the step",
    )
    .refine(
      (actions) => new Set(actions.map(({ kind }) => kind)).size === actions.length,
      "names each kind once",
    )
    .describe("What is asked for; an action counts as done within its tolerance before or after the day."),
});

const kinds = z
  .array(actionKind)
  .refine((list) => new Set(list).size === list.length, "names each kind once");

/** The landlord's own procedure: what is done about unpaid terms, when, and what must leave a household in peace. */
export const procedureSchema = z
  .strictObject({
    window_months: z
      .int()
      .min(1)
      .max(36)
      .default(12)
      .describe(
        "Months looked back on by the indicators of conduct that a single month tells too little of.",
      ),
    first_contact_days: days
      .default(10)
      .describe("Days from the first unpaid due date within which a first contact is in time."),
    reminder_gap: z
      .strictObject({ least_days: days.default(7), most_days: days.default(10) })
      .refine((gap) => gap.least_days <= gap.most_days, "has least_days above most_days")
      .prefault({})
      .describe("Days between two reminders of a case: sooner is over-chasing."),
    steps: z
      .array(step)
      .min(1)
      .max(3)
      .refine(
        (steps) =>
          steps.every(({ month }, i) => (i === 0 ? month === 0 : month > (steps[i - 1]?.month ?? 0))),
        "begins in month 0, and each step stands in a later month than the one before",
      )
      .default([
        { terms: 1, month: 0, day: 10, actions: [{ kind: "letter", tolerance_days: 3 }] },
        {
          terms: 2,
          month: 1,
          day: 10,
          actions: [
            { kind: "letter", tolerance_days: 3 },
            { kind: "call", tolerance_days: 7 },
          ],
        },
        { terms: 2, month: 2, day: 17, actions: [{ kind: "letter", tolerance_days: 3 }] },
      ])
      .describe("Letters, each with what goes with it, first to last."),
    list_months: z
      .int()
      .min(0)
      .max(24)
      .default(3)
      .describe("Months for which a list stays valid: letters that left so long before a case count for it."),
    plan: z
      .strictObject({
        longest_months: z.int().min(1).default(6).describe("Months over which a plan may run."),
        minimum_debt: z.number().min(0).default(500).describe("Smallest debt for which a plan is made."),
        tolerance_days: days
          .default(10)
          .describe("Days after its due date in which an instalment is still paid in time."),
        tolerance_euros: z
          .number()
          .min(0)
          .default(5)
          .describe("Euros that may lack for an instalment to be paid."),
        restart_at_step: z.int().min(1).max(3).default(2).describe("Step that a broken plan leads back to."),
      })
      .prefault({}),
    reminders: kinds
      .default(["letter", "sms", "email", "call", "visit"])
      .describe("Kinds of action that remind a household of its debt."),
    collection_acts: kinds
      .default(["handover", "notice_to_pay", "summons", "eviction"])
      .describe("Kinds of action that pursue the debt."),
    offers_of_help: kinds
      .default([
        "interview",
        "move_in_diagnosis",
        "caf_report",
        "ccapex_referral",
        "fsl_request",
        "fsl_grant",
      ])
      .describe("Kinds of action that help; they never count as chasing."),
    contacts: kinds
      .default(["letter", "sms", "email", "call", "visit", "interview"])
      .describe("Kinds of action by which the landlord tries to get in touch with a household."),
    stops: z
      .array(holdKind)
      .default([
        "over_indebtedness_filed",
        "over_indebtedness_admitted",
        "debt_erased",
        "judge_delays",
        "social_cohesion_protocol",
        "disputed_debt",
        "promise_to_pay",
        "deceased",
      ])
      .describe("Holds that stop reminders. Guardianship redirects them."),
    benefit_months: z
      .int()
      .min(1)
      .default(3)
      .describe(
        "Months before a default in which a benefit or rent rebate in the ledger tells that the household has benefit.",
      ),
    move_in_days: days
      .default(60)
      .describe("Days after the lease begins within which a new tenant is offered a social diagnosis."),
  })
  .superRefine(({ reminders, collection_acts, offers_of_help }, context) => {
    const all = [...reminders, ...collection_acts, ...offers_of_help];
    const twice = all.find((kind, i) => all.indexOf(kind) !== i);
    if (twice !== undefined)
      context.addIssue({
        code: "custom",
        message: `${twice} stands in two of reminders, collection_acts and offers_of_help`,
      });
  })
  .prefault({});

/** The statements that give SQL the procedure. */
export function procedureTables(procedure: z.output<typeof procedureSchema>): string[] {
  const { reminder_gap, plan, steps } = procedure;
  const purposeOf = (kind: z.output<typeof actionKind>): string => {
    if (procedure.reminders.includes(kind)) return "'reminder'";
    if (procedure.collection_acts.includes(kind)) return "'collection_act'";
    return procedure.offers_of_help.includes(kind) ? "'offer_of_help'" : "null";
  };
  const stepRows = steps.map(({ terms, month, day }, i) => `(${i + 1}, ${terms}, ${month}, ${day})`);
  const actionRows = steps.flatMap(({ actions }, i) =>
    actions.map(
      ({ kind, tolerance_days }) =>
        `(${i + 1}, ${quoteText(kind)}, ${kind === "letter" ? i + 1 : "null"}, ${tolerance_days})`,
    ),
  );
  const kindRows = ACTION_KINDS.map(
    (kind) => `(${quoteText(kind)}, ${purposeOf(kind)}, ${procedure.contacts.includes(kind)})`,
  );
  return [
    `create table strategy.procedure as
    select
      ${procedure.window_months}::integer as window_months,
      ${procedure.first_contact_days}::integer as first_contact_days,
      ${reminder_gap.least_days}::integer as gap_least_days,
      ${reminder_gap.most_days}::integer as gap_most_days,
      ${plan.longest_months}::integer as plan_longest_months,
      ${plan.minimum_debt}::decimal(12, 2) as plan_minimum_debt,
      ${plan.tolerance_days}::integer as plan_tolerance_days,
      ${plan.tolerance_euros}::decimal(12, 2) as plan_tolerance_euros,
      ${plan.restart_at_step}::integer as plan_restart_step,
      ${procedure.list_months}::integer as list_months,
      ${procedure.benefit_months}::integer as benefit_months,
      ${procedure.move_in_days}::integer as move_in_days`,
    `create table strategy.procedure_step (
      step integer not null, terms double not null, month integer not null, day integer not null
    )`,
    `insert into strategy.procedure_step values ${stepRows.join(", ")}`,
    `create table strategy.procedure_action (
      step integer not null, kind varchar not null, letter_rank integer, tolerance_days integer not null
    )`,
    `insert into strategy.procedure_action values ${actionRows.join(", ")}`,
    "create table strategy.action_kind (kind varchar not null, purpose varchar, is_contact boolean not null)",
    `insert into strategy.action_kind values ${kindRows.join(", ")}`,
    `create table strategy.stop as
    select unnest([${procedure.stops.map(quoteText).join(", ")}]::varchar[]) as kind`,
  ];
}
