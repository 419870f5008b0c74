import { z } from "zod";

const share = z.number().min(0).max(1);

/** How payment habits are told: what counts as paid, over how many months, and when a household changes its type. */
export const behaviourSchema = z
  .strictObject({
    window_months: z
      .int()
      .min(6)
      .max(24)
      .default(12)
      .describe("Closings of which a habit is made, the last one included."),
    new_months: z
      .int()
      .min(1)
      .max(12)
      .default(6)
      .describe("Months of a lease in which it is new: too young for a habit."),
    least_calls: z
      .int()
      .min(3)
      .max(12)
      .default(6)
      .describe("With fewer calls within the window no habit is told."),
    history_months: z.int().min(13).max(60).default(24).describe("Closings for which types are told."),
    settling_days: z
      .int()
      .min(0)
      .max(31)
      .default(7)
      .describe("Days after a closing from which types are told at it: what was paid by then is booked."),
    strip_months: z.int().min(12).max(60).default(24).describe("Months of a household's strip of payments."),
    full_share: share
      .default(0.95)
      .describe("Share of a call from which it counts as paid in full: what is rounded off is no habit."),
    skipped_share: share.default(0.05).describe("Share of a call up to which nothing counts as paid of it."),
    late_days: z
      .int()
      .min(7)
      .max(31)
      .default(20)
      .describe("Days after the due date from which a payment counts as late as can be."),
    spread_days: z
      .int()
      .min(3)
      .max(31)
      .default(10)
      .describe("Mean difference in days between payments from which a habit counts as none."),
    missing_share: share
      .default(0.5)
      .describe("Share of the calls skipped, or paid in part, from which it counts as most of them."),
    falling_share: share
      .default(0.65)
      .describe(
        "Fall in the share paid, last three months against those before, that counts as a full stop.",
      ),
    learn_months: z
      .int()
      .min(1)
      .max(24)
      .default(12)
      .describe("Closings from which the landlord's own types are learnt."),
    learn_rows: z
      .int()
      .min(1_000)
      .default(20_000)
      .describe("Household-months learnt from at most, drawn by hash."),
    anchor_households: z
      .int()
      .min(1)
      .default(30)
      .describe(
        "How many households the shipped description of a type weighs: the fewer the landlord has, the more it holds.",
      ),
    clear_ratio: share
      .default(0.7)
      .describe(
        "A type is learnt from households whose distance to it is at most this share of that to any other.",
      ),
    change_ratio: share
      .default(0.6)
      .describe(
        "A household changes its type at once where its distance to the new one is at most this share.",
      ),
    change_months: z
      .int()
      .min(1)
      .max(6)
      .default(3)
      .describe("Else it changes after so many closings nearer to another type than to its own."),
    refits: z
      .int()
      .min(2)
      .max(200)
      .default(20)
      .describe(
        "Times that the types are learnt again, on households drawn anew, to tell how stable they are.",
      ),
    seed: z.int().min(0).default(1).describe("Seed of those draws."),
  })
  .prefault({});

/** The statement that gives SQL these settings: `strategy.behaviour` of one row. */
export function behaviourTables(behaviour: z.output<typeof behaviourSchema>): string[] {
  return [
    `create table strategy.behaviour as
    select
      ${behaviour.window_months}::integer as window_months,
      ${behaviour.new_months}::integer as new_months,
      ${behaviour.least_calls}::integer as least_calls,
      ${behaviour.history_months}::integer as history_months,
      ${behaviour.settling_days}::integer as settling_days,
      ${behaviour.strip_months}::integer as strip_months,
      ${behaviour.full_share}::decimal(6, 4) as full_share,
      ${behaviour.skipped_share}::decimal(6, 4) as skipped_share,
      ${behaviour.late_days}::integer as late_days,
      ${behaviour.spread_days}::integer as spread_days,
      ${behaviour.missing_share}::decimal(6, 4) as missing_share,
      ${behaviour.falling_share}::decimal(6, 4) as falling_share`,
  ];
}
