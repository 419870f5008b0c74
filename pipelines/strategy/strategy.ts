import { z } from "zod";
import { alertsSchema } from "./alerts.ts";
import { behaviourSchema } from "./behaviour.ts";
import { comparisonSchema } from "./comparison.ts";
import { controlSchema } from "./control.ts";
import { costSchema } from "./cost.ts";
import { effectsSchema } from "./effects.ts";
import { notificationsSchema } from "./notifications.ts";
import { objectivesSchema } from "./objectives.ts";
import { playbookSchema } from "./playbook.ts";
import { procedureSchema } from "./procedure.ts";
import { riskSchema } from "./risk.ts";
import { rulesSchema } from "./rules.ts";
import { scopesSchema } from "./scopes.ts";

const share = z.number().min(0).max(1);

const namePattern = z.string().refine(isPattern, "is no regular expression with one group");

const feedKeys = z.strictObject({
  files: z.string().min(1).describe("Files of the feed: a glob below inbox/."),
  format: z.enum(["delimited", "parquet", "xlsx", "fec", "cfonb120", "camt", "pain002"]).default("delimited"),
  separator: z.string().length(1).optional().describe("Found in the header line when absent."),
  encoding: z.enum(["auto", "utf-8", "iso-8859-15", "windows-1252"]).default("auto"),
  quote: z.string().length(1).default('"'),
  sheet: z
    .union([z.string().min(1), z.int().min(1)])
    .optional()
    .describe("The sheet to read, by its name or its place from 1; the first when absent."),
  header_row: z.int().min(1).default(1).describe("Row on which the header begins."),
  header_rows: z.int().min(1).max(2).default(1).describe("2 where merged cells stand above the names."),
  optional_columns: z.array(z.string()).default([]).describe("Columns that some files of the feed may lack."),
  delivered_on: namePattern
    .optional()
    .describe(
      "Regular expression on a file's name; its first group is the delivery date, yyyymmdd or yyyy-mm-dd.",
    ),
  delivery: z
    .enum(["all", "full", "delta"])
    .default("all")
    .describe(
      "all: every file counts. full: a delivery replaces the earlier ones. delta: it adds rows and replaces those of the same key.",
    ),
  full_by: namePattern
    .optional()
    .describe(
      "Regular expression on a file's name; a full delivery replaces those with the same first group only.",
    ),
});

/** The options that only some formats know. */
const FORMAT_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  separator: ["delimited", "fec"],
  encoding: ["delimited", "fec"],
  quote: ["delimited"],
  sheet: ["xlsx"],
  header_row: ["xlsx"],
  header_rows: ["xlsx"],
};

const feed = z
  .looseObject({})
  .superRefine((given, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    const { format = "delimited", delivery = "all" } = given;
    for (const [option, formats] of Object.entries(FORMAT_OPTIONS)) {
      if (given[option] !== undefined && !formats.some((name) => name === format))
        refuse(option, `is no option of the format ${format}, only of ${formats.join(" and ")}`);
    }
    if (delivery !== "all" && given.delivered_on === undefined)
      refuse("delivery", `${delivery} needs delivered_on, which tells what replaces what`);
    if (given.full_by !== undefined && delivery !== "full") refuse("full_by", "needs delivery: full");
  })
  .pipe(feedKeys);

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
      max_shrink_share: share
        .default(0.5)
        .describe("A full delivery that has lost a larger share of the rows it replaces is refused."),
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
      late_euros: z
        .number()
        .min(0)
        .default(10)
        .describe("A lease with a larger due balance counts as late, whatever its terms."),
      history_months: z
        .int()
        .min(13)
        .default(120)
        .describe(
          "Months told at most, the month under way included. Older entries stand in the first month's balances.",
        ),
      history_least_share: share
        .default(0.0005)
        .describe(
          "History begins in the month by whose end this share of the entries was booked: a few entries with a mistaken date do not stretch it.",
        ),
    })
    .prefault({}),
  allocation: z
    .strictObject({
      policy: z
        .enum(["legal_default", "principal_first", "as_booked"])
        .default("legal_default")
        .describe(
          "Which allocation arrears follow: Code civil 1342-10; the same with principal before all else; the landlord's own lettering, and the legal default for what is not lettered.",
        ),
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
  comparison: comparisonSchema,
  procedure: procedureSchema,
  rules: rulesSchema,
  effects: effectsSchema,
  risk: riskSchema,
  behaviour: behaviourSchema,
  cost: costSchema,
  bank: z
    .strictObject({
      shortest_reference: z
        .int()
        .min(4)
        .default(8)
        .describe("Letters and digits that a payment reference has at least; shorter ones lead nowhere."),
      least_of_reference: share
        .default(0.65)
        .describe("Share of a reference that must be left for one cut off at the end to be told."),
      minimum_receipts: z
        .int()
        .min(1)
        .default(3)
        .describe("Receipts that name a lease from which it is learnt that their payer pays for it."),
      tolerance_euros: z
        .number()
        .min(0)
        .default(0)
        .describe(
          "Largest difference between a receipt and what was asked for the amount to speak for a lease.",
        ),
      largest_terms: z
        .int()
        .min(1)
        .default(24)
        .describe("A receipt larger than so many of the lease's calls is not believed."),
      settling_days: z
        .int()
        .min(0)
        .default(60)
        .describe("Days before its start and after its end in which a lease is still paid for."),
      ended_months: z
        .int()
        .min(0)
        .default(36)
        .describe("Months after its end from which a reference to a lease is doubted."),
      candidates: z.int().min(1).default(5).describe("Leases listed at most for a receipt that waits."),
      block_days: z
        .int()
        .min(0)
        .default(60)
        .describe("Days for which a receipt that only its amount ties to a lease holds reminders back."),
    })
    .prefault({})
    .describe("How receipts of the bank find their lease."),
  indicators: z
    .record(z.string(), limits.extend({ agencies: z.record(z.string(), limits).default({}) }))
    .default({})
    .describe("Target and thresholds by indicator, and by agency where it has its own."),
  objectives: objectivesSchema,
  control: controlSchema,
  alerts: alertsSchema,
  playbook: playbookSchema,
  notifications: notificationsSchema,
  scopes: scopesSchema,
  nights: z
    .strictObject({
      keep: z.int().min(2).default(7).describe("Nights kept on disk."),
      warehouses: z
        .int()
        .min(1)
        .default(2)
        .describe("Nights whose warehouse is kept too: the last one is built upon and explored."),
      whole_every: z
        .int()
        .min(1)
        .default(7)
        .describe(
          "Every so many nights everything is computed anew, and compared with what would have stayed from the night before.",
        ),
    })
    .prefault({}),
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
