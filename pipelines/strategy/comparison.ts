import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

const rising = z
  .array(z.number().positive())
  .min(1)
  .max(8)
  .refine(
    (limits) => limits.every((limit, i) => i === 0 || limit > (limits[i - 1] ?? 0)),
    "must rise from one limit to the next",
  );

/** How agencies are compared: what makes households alike, how long is looked at, and how few are too few. */
export const comparisonSchema = z
  .strictObject({
    bands: z
      .strictObject({
        tenure_years: rising
          .default([1, 3, 8])
          .describe("Years since the lease began at which a band begins, after the first."),
        rent_burden_percent: rising
          .default([10, 20, 30])
          .describe("Net call over monthly income, in percent, at which a band begins, after the first."),
        household_size: rising
          .refine(
            (limits) => limits.every((limit) => Number.isInteger(limit) && limit > 1),
            "are whole and above 1",
          )
          .default([2, 3, 5])
          .describe("People in the household at which a band begins, after the first."),
      })
      .prefault({})
      .describe("Limits of the bands that households are told apart by; a limit belongs to the band above."),
    window_closings: z
      .int()
      .min(1)
      .default(12)
      .describe("Closings that agencies are compared over, the last one included."),
    history_closings: z
      .int()
      .min(1)
      .default(13)
      .describe("Closings for which the comparison over such a window is told, the last one included."),
    minimum_households: z
      .int()
      .min(0)
      .default(100)
      .describe("Households in the window below which an agency is shown and not judged."),
    minimum_expected: z
      .number()
      .min(0)
      .default(60)
      .describe("Expected cases, in lease-months, below which an agency is shown and not judged."),
    merger: z
      .strictObject({
        before_closings: z
          .int()
          .min(3)
          .default(12)
          .describe("Closings before a merger that those after are held against."),
        after_closings: z
          .int()
          .min(1)
          .default(12)
          .describe("Closings after a merger that are looked at, its own month's included."),
        minimum_landlords: z
          .int()
          .min(3)
          .default(3)
          .describe(
            "Former landlords that the company must be made of for agencies not yet merged to serve as controls.",
          ),
        former_landlords: z
          .array(
            z.strictObject({
              name: z.string().min(1),
              agencies: z
                .array(z.string().min(1))
                .min(1)
                .describe("Codes of its agencies before the merger: globs."),
            }),
          )
          .default([])
          .describe(
            "Which landlords merged. Where they are not told, before and after are shown without controls.",
          ),
      })
      .prefault({})
      .describe("How what followed a merger is looked at."),
  })
  .prefault({});

/** One band of one dimension of the household mix: a row of `strategy.comparison_band`. */
export interface ComparisonBand {
  readonly dimension: "tenure" | "rent_burden" | "household_size" | "dwelling_type" | "benefit_direct";
  readonly band: string;
  /** Lower bound, included; null where the band is a word and not a range. */
  readonly from: number | null;
  /** Upper bound, excluded; null for the last band. */
  readonly to: number | null;
  readonly dimensionFr: string;
  readonly labelFr: string;
}

/**
 * Every band that the household mix can carry, with its French words, in the order in which they are told. Tenure is
 * in years, rent burden in percent of the monthly income, household size in people. 'unknown' ends each dimension.
 */
export function comparisonBands(comparison: z.output<typeof comparisonSchema>): ComparisonBand[] {
  const { tenure_years, rent_burden_percent, household_size } = comparison.bands;
  return [
    ...ranges("tenure", "Ancienneté dans le logement", [0, ...tenure_years], (from, to) => {
      if (from === 0) return `moins de ${years(to ?? 0)}`;
      return to === null ? `${years(from)} et plus` : `${french(from)} à ${years(to)}`;
    }),
    ...ranges("rent_burden", "Taux d’effort", [0, ...rent_burden_percent], (from, to) => {
      if (from === 0) return `moins de ${french(to ?? 0)} %`;
      return to === null ? `${french(from)} % et plus` : `${french(from)} à ${french(to)} %`;
    }),
    ...ranges("household_size", "Taille du ménage", [1, ...household_size], (from, to) => {
      if (to === null) return `${people(from)} et plus`;
      return to - from <= 1 ? people(from) : `${from} à ${people(to - 1)}`;
    }),
    ...["T1", "T2", "T3", "T4", "T5", "T6"].map((type) => ({
      ...word("dwelling_type", "Type de logement", type, type === "T6" ? "T6 et plus" : type),
    })),
    word("dwelling_type", "Type de logement", "unknown", "non renseigné"),
    word("benefit_direct", "Aide au logement", "direct", "versée au bailleur"),
    word("benefit_direct", "Aide au logement", "not_direct", "non versée au bailleur"),
    word("benefit_direct", "Aide au logement", "unknown", "non renseignée"),
  ];
}

type Dimension = ComparisonBand["dimension"];

function ranges(
  dimension: Dimension,
  dimensionFr: string,
  starts: readonly number[],
  label: (from: number, to: number | null) => string,
): ComparisonBand[] {
  const bands = starts.map((from, i) => {
    const to = starts[i + 1] ?? null;
    return {
      dimension,
      band: to === null ? `${from}_plus` : `${from}_${to}`,
      from,
      to,
      dimensionFr,
      labelFr: label(from, to),
    };
  });
  return [...bands, word(dimension, dimensionFr, "unknown", "non renseigné")];
}

function word(dimension: Dimension, dimensionFr: string, band: string, labelFr: string): ComparisonBand {
  return { dimension, band, from: null, to: null, dimensionFr, labelFr };
}

function french(number: number): string {
  return String(number).replace(".", ",");
}

function years(number: number): string {
  return `${french(number)} ${number < 2 ? "an" : "ans"}`;
}

function people(number: number): string {
  return `${number} ${number < 2 ? "personne" : "personnes"}`;
}

/** The statements that give SQL the bands and the former landlords. */
export function comparisonTables(comparison: z.output<typeof comparisonSchema>): string[] {
  const bands = comparisonBands(comparison).map((row, position) => {
    const values = [
      quoteText(row.dimension),
      quoteText(row.band),
      row.from ?? "null",
      row.to ?? "null",
      position + 1,
      quoteText(row.dimensionFr),
      quoteText(row.labelFr),
    ];
    return `(${values.join(", ")})`;
  });
  const landlords = comparison.merger.former_landlords.flatMap(({ name, agencies }) =>
    agencies.map((pattern) => `(${quoteText(name)}, ${quoteText(pattern)})`),
  );
  return [
    `create table strategy.comparison_band (
      dimension varchar not null, band varchar not null, from_value double, to_value double, position integer not null,
      dimension_fr varchar not null, label_fr varchar not null
    )`,
    `insert into strategy.comparison_band values ${bands.join(", ")}`,
    "create table strategy.former_landlord (landlord varchar not null, agency_pattern varchar not null)",
    ...(landlords.length === 0
      ? []
      : [`insert into strategy.former_landlord values ${landlords.join(", ")}`]),
  ];
}
