import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { arrowTable } from "../warehouse/arrow.ts";
import { queryRows } from "../warehouse/connection.ts";

/** What agencies are compared on: columns of `kpi.compared` and ids of `kpi.indicator`. */
export const COMPARED_INDICATORS = [
  "share_1_term",
  "share_2_terms",
  "share_3_terms",
  "share_12_months",
  "share_late",
  "onset_rate",
] as const;

export type ComparedIndicator = (typeof COMPARED_INDICATORS)[number];

/** What an outcome column holds where the lease-month does not count for the indicator. */
export const NOT_COUNTED = 255;

/** `kpi.compared` in memory: one entry a lease-month in every array, sorted by month. */
export interface ComparedColumns {
  /** Today's agencies, by their id. */
  readonly agencies: readonly string[];
  /** The patterns of bands met: one number a dimension, the band's place among those met. */
  readonly patterns: readonly (readonly number[])[];
  /** The closed months, as yyyy-mm-dd. */
  readonly months: readonly string[];
  /** First entry of each month, and the number of entries behind the last. */
  readonly starts: readonly number[];
  readonly household: Int32Array;
  readonly agency: Int32Array;
  readonly pattern: Int32Array;
  readonly outcomes: Readonly<Record<ComparedIndicator, Uint8Array>>;
}

const DIMENSIONS = ["tenure", "rent_burden", "household_size", "dwelling_type", "benefit_direct"] as const;
const patternRow = z.object({
  tenure: z.string(),
  rent_burden: z.string(),
  household_size: z.string(),
  dwelling_type: z.string(),
  benefit_direct: z.string(),
});

/** Reads the last `closings` closed months of `kpi.compared`; all of them when not said. */
export async function readComparedMonths(
  connection: DuckDBConnection,
  closings?: number,
): Promise<ComparedColumns> {
  const bands = DIMENSIONS.join(", ");
  const months = await queryRows(
    connection,
    `select distinct month::varchar as month
     from kpi.mix
     semi join (select month from arrears.closing where not is_partial) as closed on mix.month = closed.month
     order by month desc ${closings === undefined ? "" : `limit ${closings}`}`,
    z.object({ month: z.string() }),
  );
  months.reverse();
  const from = months[0]?.month ?? "9999-12-31";
  const agencies = await queryRows(
    connection,
    "select distinct agency_id from kpi.mix order by agency_id",
    z.object({ agency_id: z.string() }),
  );
  const patterns = await queryRows(
    connection,
    `select distinct ${bands} from kpi.mix where month >= '${from}' order by ${bands}`,
    patternRow,
  );
  const outcomes = COMPARED_INDICATORS.map(
    (name) => `coalesce(${name}, ${NOT_COUNTED})::utinyint as ${name}`,
  );
  const table = await arrowTable(
    connection,
    `with household as (
       select household_id, (row_number() over (order by household_id) - 1)::integer as place
       from (select distinct household_id from kpi.mix where month >= '${from}')
     ),
     agency as (
       select agency_id, (row_number() over (order by agency_id) - 1)::integer as place
       from (select distinct agency_id from kpi.mix)
     ),
     pattern as (
       select ${bands}, (row_number() over (order by ${bands}) - 1)::integer as place
       from (select distinct ${bands} from kpi.mix where month >= '${from}')
     )
     select
       household.place as household, agency.place as agency, pattern.place as pattern,
       (year(month) * 12 + month(month))::integer as month_number, ${outcomes.join(", ")}
     from kpi.compared
     inner join household on compared.household_id = household.household_id
     inner join agency on compared.agency_id = agency.agency_id
     inner join pattern on ${DIMENSIONS.map((name) => `compared.${name} = pattern.${name}`).join(" and ")}
     where compared.month >= '${from}'
     order by month_number, household, lease_id`,
  );
  const integers = (name: string): Int32Array => table.getChild(name)?.toArray() ?? new Int32Array(0);
  const flags = (name: string): Uint8Array => table.getChild(name)?.toArray() ?? new Uint8Array(0);
  return {
    agencies: agencies.map(({ agency_id }) => agency_id),
    patterns: numbered(patterns.map((row) => DIMENSIONS.map((name) => row[name]))),
    months: months.map(({ month }) => month),
    starts: startsOf(integers("month_number")),
    household: integers("household"),
    agency: integers("agency"),
    pattern: integers("pattern"),
    outcomes: {
      share_1_term: flags("share_1_term"),
      share_2_terms: flags("share_2_terms"),
      share_3_terms: flags("share_3_terms"),
      share_12_months: flags("share_12_months"),
      share_late: flags("share_late"),
      onset_rate: flags("onset_rate"),
    },
  };
}

function numbered(patterns: readonly (readonly string[])[]): number[][] {
  const places = DIMENSIONS.map((_, dimension) =>
    [...new Set(patterns.map((bands) => bands[dimension]))].sort(),
  );
  return patterns.map((bands) => bands.map((band, dimension) => places[dimension]?.indexOf(band) ?? -1));
}

function startsOf(months: Int32Array): number[] {
  const starts: number[] = [];
  for (let i = 0; i < months.length; i++) if (i === 0 || months[i] !== months[i - 1]) starts.push(i);
  return [...starts, months.length];
}
