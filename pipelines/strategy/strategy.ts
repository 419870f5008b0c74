import { z } from "zod";

const share = z.number().min(0).max(1);

const delivery = z
  .string()
  .refine(isPattern, "is no regular expression with one group")
  .describe(
    "Regular expression on a file's name; its first group is the delivery date, yyyymmdd or yyyy-mm-dd.",
  );

const feed = z.strictObject({
  files: z.string().min(1).describe("Files of the feed: a glob below inbox/."),
  format: z.enum(["delimited", "parquet"]).default("delimited"),
  separator: z.string().length(1).optional().describe("Found in the header line when absent."),
  encoding: z.enum(["auto", "utf-8", "windows-1252"]).default("auto"),
  quote: z.string().length(1).default('"'),
  delivered_on: delivery.optional(),
  optional_columns: z.array(z.string()).default([]).describe("Columns that some files of the feed may lack."),
});

const limits = z.strictObject({
  target: z.number().optional(),
  amber: z.number(),
  red: z.number(),
  minimum_volume: z.int().min(0).default(0).describe("Below this many cases no status is given."),
});

const component = z.enum(["principal", "fee", "court_cost"]);

/** The landlord's strategy, as `vigie.yaml` writes it. Every threshold of a night stands here and nowhere else. */
export const strategySchema = z.strictObject({
  landlord: z.strictObject({ name: z.string().min(1), country: z.enum(["fr", "be"]).default("fr") }),
  feeds: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, "is lower case letters, digits and _"), feed),
  ignore: z.array(z.string()).default([]).describe("Files of inbox/ that no feed reads, on purpose: globs."),
  load: z
    .strictObject({
      max_rejected_share: share
        .default(0.001)
        .describe("A night that rejects a larger share of the rows it read is refused."),
      max_gap_euros: z
        .number()
        .min(0)
        .default(0)
        .describe("Largest gap, per lease or account, with the landlord's own figures."),
    })
    .prefault({}),
  arrears: z
    .strictObject({
      grace_days: z
        .int()
        .min(0)
        .max(60)
        .default(10)
        .describe("Days after its due date from which an unpaid call is a term owed."),
      net_call_floor_share: share
        .default(0.1)
        .describe("Where benefit leaves less than this share of the gross call, a term is the gross call."),
      new_entrant_months: z.int().min(1).default(12),
      repeat_window_months: z.int().min(1).default(24),
    })
    .prefault({}),
  allocation: z
    .strictObject({
      policy: z.literal("legal_default").default("legal_default").describe("Code civil 1342-10."),
      ranking: z
        .array(component)
        .length(3)
        .refine((ranking) => new Set(ranking).size === 3, "names each component once")
        .default(["principal", "fee", "court_cost"])
        .describe("Due debts that the debtor gains most by clearing, first to last."),
    })
    .prefault({}),
  disclosure: z
    .strictObject({
      minimum: z
        .int()
        .min(0)
        .default(10)
        .describe("Figures that stand on 1 to this many households are withheld."),
    })
    .prefault({}),
  indicators: z
    .record(z.string(), limits.extend({ agencies: z.record(z.string(), limits).default({}) }))
    .default({})
    .describe("Target and thresholds by indicator, and by agency where it has its own."),
  nights: z.strictObject({ keep: z.int().min(2).default(7).describe("Nights kept on disk.") }).prefault({}),
});

/** A landlord's strategy, defaults filled in. */
export type Strategy = z.output<typeof strategySchema>;

/** How one kind of file of the inbox is read. */
export type Feed = z.output<typeof feed>;

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(`${pattern}|`).exec("")?.length === 2;
  } catch {
    return false;
  }
}
