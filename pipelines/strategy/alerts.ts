import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

/** When an alert opens, worsens and closes, and how the effect of its plan is measured. */
export const alertsSchema = z
  .strictObject({
    silent: z
      .array(z.string().regex(/^[a-z0-9_.*]+$/, "is an indicator's id, where * stands for any letters"))
      .default(["*.as_booked", "*.principal_first", "lettered_share"])
      .describe(
        "Indicators that open no alert, * standing for any letters: by default what only repeats another under a second allocation policy, and how much the landlord letters.",
      ),
    closings_to_close: z
      .int()
      .min(1)
      .max(12)
      .default(2)
      .describe("An alert is closed once so many closings running are no longer red."),
    material_share: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe("A figure that moves by less than this share of itself is told as unchanged."),
    longest_look_back_months: z
      .int()
      .min(1)
      .max(60)
      .default(12)
      .describe("The change is explained since the closing before the red began, so many months at most."),
    keep_months: z.int().min(1).default(36).describe("Closed alerts are shown for so many months."),
    measure_closings: z
      .int()
      .min(1)
      .max(12)
      .default(2)
      .describe("The effect of a plan is measured at the closing that is so many after its due date."),
    minimum_controls: z
      .int()
      .min(2)
      .default(4)
      .describe("With fewer agencies out of alert to compare with, no effect is claimed."),
  })
  .prefault({});

/** The statements that give SQL the rules of alerts, one row, and the indicators that open none. */
export function alertTables(alerts: z.output<typeof alertsSchema>): string[] {
  const silent = alerts.silent.map((pattern) => `(${quoteText(pattern)})`);
  return [
    "create table strategy.silent_indicator (pattern varchar not null)",
    ...(silent.length > 0 ? [`insert into strategy.silent_indicator values ${silent.join(", ")}`] : []),
    `create table strategy.alert_rule as
    select
      ${alerts.closings_to_close}::integer as closings_to_close,
      ${alerts.material_share}::double as material_share,
      ${alerts.longest_look_back_months}::integer as longest_look_back_months,
      ${alerts.keep_months}::integer as keep_months,
      ${alerts.measure_closings}::integer as measure_closings,
      ${alerts.minimum_controls}::integer as minimum_controls`,
  ];
}
