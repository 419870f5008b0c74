import { z } from "zod";

/** When a figure is red: how long beyond its threshold, and when the monthly flow behind it has left its control limits. */
export const controlSchema = z
  .strictObject({
    level_closings: z
      .int()
      .min(1)
      .max(12)
      .default(2)
      .describe("A figure is red once so many closings running lie beyond its red threshold."),
    least_change: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.005)
      .describe(
        "A month closer than this share of what was expected is never out of its limits: a change too small to act on.",
      ),
    limit: z
      .number()
      .min(2)
      .max(6)
      .default(3.2)
      .describe(
        "Width of a flow's control limits, in standard deviations of its forecast one month ahead. Wider limits mean fewer false alerts and later true ones.",
      ),
    step_months: z
      .int()
      .min(1)
      .max(6)
      .default(3)
      .describe("Months over which a lasting step is looked for, the month judged included."),
    back: z
      .number()
      .min(0.5)
      .max(3)
      .default(1.5)
      .describe(
        "After a shift, a month is back when it lies within so many standard deviations of what was expected before the shift.",
      ),
    accept_months: z
      .int()
      .min(2)
      .max(24)
      .default(6)
      .describe(
        "A shift that has lasted so many months becomes the level that later months are held against.",
      ),
    minimum_months: z
      .int()
      .min(12)
      .max(60)
      .default(18)
      .describe("Months that a slice must have told before one is judged."),
    minimum_volume: z
      .int()
      .min(1)
      .default(50)
      .describe("Households behind a month below which it is not judged."),
    minimum_expected: z
      .number()
      .min(1)
      .default(5)
      .describe("Cases expected in a month below which a count is not judged."),
  })
  .prefault({});

/** The statement that gives SQL what it needs of these rules: one row of `strategy.control`. */
export function controlTables(control: z.output<typeof controlSchema>): string[] {
  return [`create table strategy.control as select ${control.level_closings}::integer as level_closings`];
}
