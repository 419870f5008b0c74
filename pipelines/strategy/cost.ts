import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

const rate = z.number().min(0).max(1);

/**
 * What arrears cost: the share of a debt held to be lost, by the age of its oldest unpaid term. The whole debt of departed
 * tenants, and of tenants whose debt began over a year ago, is (CCH R423-10); the other rates are the landlord's own.
 */
export const costSchema = z
  .strictObject({
    depreciation: z
      .strictObject({
        "0_1": rate.default(0),
        "1_3": rate.default(0),
        "3_6": rate.default(0.25),
        "6_12": rate.default(0.5),
      })
      .prefault({})
      .describe("Share of the debt of present tenants that is depreciated, by ageing bucket."),
  })
  .prefault({});

/** The statements that give SQL the rate of each ageing bucket. */
export function costTables(cost: z.output<typeof costSchema>): string[] {
  const rows = Object.entries({ ...cost.depreciation, "12_plus": 1 }).map(
    ([bucket, share]) => `(${quoteText(bucket)}, ${share})`,
  );
  return [
    "create table strategy.depreciation (bucket varchar primary key, rate decimal(6, 4) not null)",
    `insert into strategy.depreciation values ${rows.join(", ")}`,
  ];
}
