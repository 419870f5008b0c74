import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

/** Families of indicators, as the models' headers name them. */
const FAMILIES = [
  "recovery",
  "arrears",
  "departed",
  "ageing",
  "flows",
  "fees",
  "conduct",
  "plans",
  "social",
  "cost",
  "productivity",
  "freshness",
] as const;

/**
 * Management by objectives: how a target is proposed to a slice from its own closings before the year. The landlord's own
 * thresholds, under `indicators`, go before a proposal.
 */
export const objectivesSchema = z
  .strictObject({
    adopt: z
      .boolean()
      .default(true)
      .describe("Proposals count as targets where the landlord has set none; otherwise they are only shown."),
    agencies: z
      .enum(["general", "own"])
      .default("general")
      .describe(
        "An agency without a target of its own takes the landlord's general one, or the one proposed from its own closings.",
      ),
    year_begins: z
      .int()
      .min(1)
      .max(12)
      .default(1)
      .describe(
        "Month in which targets are set, 1 to 12, from the closings before it: they stand for a year.",
      ),
    months: z.int().min(12).max(60).default(24).describe("Closings that a proposal starts from, at most."),
    minimum_months: z.int().min(2).max(60).default(12).describe("With fewer closings nothing is proposed."),
    prior_volume: z
      .number()
      .min(0)
      .default(500)
      .describe(
        "A slice's mean is drawn to the company's as if the company's stood on so many cases, the slice's on its own number.",
      ),
    improvement: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.05)
      .describe("Improvement asked for, as a share of the figure, or of what it lacks to 100%."),
    red_margin: z
      .number()
      .min(0)
      .max(1)
      .default(0.15)
      .describe("Distance of the red threshold from the slice's usual figure, as the same share, at least."),
    red_spread: z
      .number()
      .min(0)
      .default(2)
      .describe("The same in standard deviations of the slice's closings; the larger of the two counts."),
    amber_share: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe("The amber threshold stands at this share of the distance to the red one."),
    minimum_volume: z.int().min(0).default(50).describe("Minimum volume that goes with a proposal."),
    families: z
      .array(z.enum(FAMILIES))
      .default([
        "recovery",
        "arrears",
        "departed",
        "flows",
        "fees",
        "plans",
        "social",
        "cost",
        "productivity",
        "conduct",
      ])
      .describe("Families of indicators for which targets are proposed."),
    without: z
      .array(z.string().min(1))
      .default(["lettered_share"])
      .describe("Indicators of these families for which none is: they describe, and are no aim."),
    never: z
      .array(z.string().min(1))
      .default(["unlawful_fees", "chased_though_paid", "legal_and_social.evictions_in_truce"])
      .describe(
        "Indicators, with those below them (a.b of a), of which no case is right: their target is 0, and one case is red.",
      ),
  })
  .prefault({});

/** The statements that give SQL the rules of objectives. */
export function objectiveTables(objectives: z.output<typeof objectivesSchema>): string[] {
  const list = (words: readonly string[]) => `[${words.map(quoteText).join(", ")}]::varchar[]`;
  return [
    `create table strategy.objective_rule as
    select
      ${objectives.adopt} as adopt,
      ${objectives.agencies === "own"} as own_agencies,
      ${objectives.year_begins}::integer as year_begins,
      ${objectives.months}::integer as months,
      ${objectives.minimum_months}::integer as minimum_months,
      ${objectives.prior_volume}::double as prior_volume,
      ${objectives.improvement}::double as improvement,
      ${objectives.red_margin}::double as red_margin,
      ${objectives.red_spread}::double as red_spread,
      ${objectives.amber_share}::double as amber_share,
      ${objectives.minimum_volume}::integer as minimum_volume,
      ${list(objectives.families)} as families,
      ${list(objectives.without)} as without,
      ${list(objectives.never)} as never`,
  ];
}
