import type { DuckDBConnection } from "@duckdb/node-api";
import type { Table } from "apache-arrow";
import { z } from "zod";
import type { FeatureMatrix, FeatureSpec } from "../../models/household-risk/features.ts";
import { arrowTable } from "../warehouse/arrow.ts";
import { queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { featureMatrix, numbers, words } from "./matrix.ts";
import type { Question } from "./model-memory.ts";

/** What a feature means, as risk.feature_meaning tells it. */
export interface Meaning extends FeatureSpec {
  readonly labelFr: string;
  readonly raisesFr: string;
  readonly lowersFr: string;
  readonly missingFr: string;
  readonly display: string;
  /** The words of a category's values. */
  readonly wordsFr: ReadonlyMap<string, string>;
}

/** Households asked about; one value a row, and the rows by date and lease. */
export interface Households {
  readonly rows: number;
  readonly matrix: FeatureMatrix;
  /** Days since 1970. */
  readonly asOf: ArrayLike<number>;
  readonly lease: (row: number) => string;
  /** Places among `agencies`. */
  readonly agency: Int32Array;
  readonly agencies: readonly string[];
}

/** Households asked about at past month ends, with what came after. */
export interface PastHouseholds extends Households {
  /** Last day of the window that was watched, in days since 1970. */
  readonly windowEnds: ArrayLike<number>;
  readonly household: Int32Array;
  readonly stratum: (row: number) => string;
  /** How many households of that date it stands for. */
  readonly weight: Float32Array;
  readonly outcome: Uint8Array;
  /** First day of the month at whose end it had fallen, in days since 1970; NaN where it did not. */
  readonly reached: Float64Array;
  readonly helped: ArrayLike<number>;
  readonly contacted: ArrayLike<number>;
  /** Breaks ties, by a hash of the lease. */
  readonly tie: ArrayLike<number>;
}

const meaningRow = z.object({
  name: z.string(),
  kind: z.enum(["number", "category"]),
  direction: z.enum(["increasing", "decreasing", "none"]),
  labelFr: z.string(),
  raisesFr: z.string(),
  lowersFr: z.string(),
  missingFr: z.string(),
  display: z.string(),
});

const levelRow = z.object({ feature: z.string(), level: z.string(), label_fr: z.string() });

/** The features that a score may be made of, in their order. */
export async function readMeanings(connection: DuckDBConnection): Promise<Meaning[]> {
  const levels = await queryRows(
    connection,
    "select feature, level, label_fr from risk.feature_level order by feature, level",
    levelRow,
  );
  const meanings = await queryRows(
    connection,
    `select
       feature as name, kind, direction, label_fr as "labelFr", raises_fr as "raisesFr", lowers_fr as "lowersFr",
       missing_fr as "missingFr", display
     from risk.feature_meaning
     order by position, feature`,
    meaningRow,
  );
  return meanings.map((meaning) => {
    const own = levels.filter(({ feature }) => feature === meaning.name);
    return { ...meaning, wordsFr: new Map(own.map(({ level, label_fr }) => [level, label_fr])) };
  });
}

/** The households of tonight that a question is asked about. */
export async function readTonight(
  connection: DuckDBConnection,
  question: Question,
  features: readonly FeatureSpec[],
): Promise<Households> {
  const table = await arrowTable(
    connection,
    `select cohort.as_of, cohort.lease_id, cohort.agency_id, ${listed(features)}
     from risk.cohort
     inner join risk.origin on cohort.as_of = origin.as_of and origin.is_tonight
     inner join risk.feature on cohort.as_of = feature.as_of and cohort.lease_id = feature.lease_id
     where cohort.question = ${quoteText(question)}
     order by cohort.as_of, cohort.lease_id`,
  );
  return { ...householdsOf(table, features) };
}

/** The households of past month ends whose window is over, all that were drawn. */
export async function readPast(
  connection: DuckDBConnection,
  question: Question,
  features: readonly FeatureSpec[],
): Promise<PastHouseholds> {
  const table = await arrowTable(
    connection,
    `with contact as (
       select lease_id, action_on
       from contract.action
       where kind in ('call', 'visit', 'interview') and contact is distinct from 'attempted'
     ),
     told as (
       select
         label.question, label.as_of, label.lease_id, label.outcome, label.reached_month, label.helped, origin.window_ends_on,
         least(origin.window_ends_on, coalesce(last_day(label.reached_month), origin.window_ends_on)) as until_on
       from risk.label
       inner join risk.origin on label.as_of = origin.as_of
       where label.question = ${quoteText(question)}
     ),
     contacted as (
       select distinct told.as_of, told.lease_id
       from told
       inner join contact
         on told.lease_id = contact.lease_id and contact.action_on > told.as_of and contact.action_on <= told.until_on
     )
     select
       drawn.as_of, drawn.lease_id, cohort.household_id, cohort.agency_id, cohort.stratum, told.window_ends_on,
       drawn.weight::float as weight,
       told.outcome::utinyint as outcome,
       told.reached_month,
       told.helped::utinyint as helped,
       (contacted.lease_id is not null)::utinyint as contacted,
       ('0x' || md5(drawn.lease_id)[:8])::uinteger::double as tie,
       ${listed(features)}
     from risk.drawn
     inner join told
       on drawn.question = told.question and drawn.as_of = told.as_of and drawn.lease_id = told.lease_id
     inner join risk.cohort
       on drawn.question = cohort.question and drawn.as_of = cohort.as_of and drawn.lease_id = cohort.lease_id
     inner join risk.feature on drawn.as_of = feature.as_of and drawn.lease_id = feature.lease_id
     left join contacted on drawn.as_of = contacted.as_of and drawn.lease_id = contacted.lease_id
     order by drawn.as_of, drawn.lease_id`,
  );
  const stratum = words(table, "stratum");
  const reachedMonth = table.getChild("reached_month");
  const days = numbers(table, "reached_month");
  return {
    ...householdsOf(table, features),
    windowEnds: numbers(table, "window_ends_on"),
    household: words(table, "household_id").codes,
    stratum: (row) => stratum.names[stratum.codes[row] ?? 0] ?? "other",
    weight: Float32Array.from(numbers(table, "weight")),
    outcome: Uint8Array.from(numbers(table, "outcome")),
    reached: Float64Array.from({ length: table.numRows }, (_, row) =>
      reachedMonth?.isValid(row) === true ? (days[row] ?? Number.NaN) : Number.NaN,
    ),
    helped: numbers(table, "helped"),
    contacted: numbers(table, "contacted"),
    tie: numbers(table, "tie"),
  };
}

function householdsOf(table: Table, features: readonly FeatureSpec[]): Households {
  const lease = words(table, "lease_id");
  const agency = words(table, "agency_id");
  return {
    rows: table.numRows,
    matrix: featureMatrix(table, features),
    asOf: numbers(table, "as_of"),
    lease: (row) => lease.names[lease.codes[row] ?? 0] ?? "",
    agency: agency.codes,
    agencies: agency.names,
  };
}

/** Infinite values come through as they are: whoever learns from them takes them for missing. */
function listed(features: readonly FeatureSpec[]): string {
  return features
    .map(
      ({ name, kind }) =>
        `feature.${quoteName(name)}::${kind === "number" ? "float" : "varchar"} as ${quoteName(name)}`,
    )
    .join(", ");
}
