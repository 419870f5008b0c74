import type { DuckDBConnection } from "@duckdb/node-api";
import type { Table } from "apache-arrow";
import { z } from "zod";
import {
  type ComparedCounts,
  type ComparedMonths,
  type ComparedWindow,
  NOT_COUNTED,
} from "../../models/standardisation/standardise.ts";
import { arrowBatches, arrowTable } from "../warehouse/arrow.ts";
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

/** `kpi.compared` over some closings: counted at once, and lease-months a batch at a time. */
export interface ComparedClosings {
  /** Today's agencies, by their id. */
  readonly agencies: readonly string[];
  /** The patterns of bands met: one number a dimension, the band's place among those met. */
  readonly patterns: readonly (readonly number[])[];
  /** The closed months, as yyyy-mm-dd. */
  readonly months: readonly string[];
  countsOf(indicator: ComparedIndicator, window: ComparedWindow): ComparedCounts;
  /** Every lease-month, by household, month and lease; what they hold is the same for each indicator but the outcome. */
  batches(): AsyncGenerator<(indicator: ComparedIndicator) => ComparedMonths>;
  /** Gives back what stands in the database for it. */
  close(): Promise<void>;
}

const DIMENSIONS = ["tenure", "rent_burden", "household_size", "dwelling_type", "benefit_direct"] as const;
const patternRow = z.object({
  tenure: z.string(),
  rent_burden: z.string(),
  household_size: z.string(),
  dwelling_type: z.string(),
  benefit_direct: z.string(),
});

/** Reads the last `closings` closed months of `kpi.compared`. */
export async function readComparedClosings(
  connection: DuckDBConnection,
  closings: number,
): Promise<ComparedClosings> {
  const bands = DIMENSIONS.join(", ");
  const months = await queryRows(
    connection,
    `select distinct month::varchar as month
     from kpi.mix
     semi join (select month from arrears.closing where not is_partial) as closed on mix.month = closed.month
     order by month desc limit ${closings}`,
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
  // Read twice below, and the view only once.
  await connection.run(
    `create or replace temp table compared_closing as
     with household as (
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
     ),
     closing as (
       select month, (row_number() over (order by month) - 1)::integer as place
       from (select distinct month from kpi.mix where month >= '${from}') as told
       semi join (select month from arrears.closing where not is_partial) as closed on told.month = closed.month
     )
     select
       household.place as household, closing.place as month, compared.lease_id, agency.place as agency,
       pattern.place as pattern, ${outcomes.join(", ")}
     from kpi.compared
     inner join closing on compared.month = closing.month
     inner join household on compared.household_id = household.household_id
     inner join agency on compared.agency_id = agency.agency_id
     inner join pattern on ${DIMENSIONS.map((name) => `compared.${name} = pattern.${name}`).join(" and ")}
     where compared.month >= '${from}'`,
  );
  const counts = COMPARED_INDICATORS.flatMap((name) => [
    `count(*) filter (where ${name} <> ${NOT_COUNTED})::integer as ${name}_counted`,
    `count(*) filter (where ${name} = 1)::integer as ${name}_observed`,
  ]);
  const cells = await arrowTable(
    connection,
    `select month, agency, pattern, ${counts.join(", ")} from compared_closing group by month, agency, pattern`,
  );
  return {
    agencies: agencies.map(({ agency_id }) => agency_id),
    patterns: numbered(patterns.map((row) => DIMENSIONS.map((name) => row[name]))),
    months: months.map(({ month }) => month),
    countsOf: (indicator, window) => countsOf(cells, indicator, window, agencies.length, patterns.length),
    async *batches() {
      const columns = ["household", "month", "agency", "pattern", ...COMPARED_INDICATORS];
      for await (const rows of arrowBatches(
        connection,
        `select ${columns.join(", ")} from compared_closing order by household, month, lease_id`,
      )) {
        const places = {
          household: integers(rows, "household"),
          month: integers(rows, "month"),
          agency: integers(rows, "agency"),
          pattern: integers(rows, "pattern"),
        };
        yield (indicator) => ({
          ...places,
          outcome: rows.getChild(indicator)?.toArray() ?? new Uint8Array(0),
        });
      }
    },
    async close() {
      await connection.run("drop table temp.compared_closing");
    },
  };
}

function countsOf(
  cells: Table,
  indicator: ComparedIndicator,
  { first, last }: ComparedWindow,
  agencies: number,
  patterns: number,
): ComparedCounts {
  const counts = {
    counted: new Float64Array(agencies * patterns),
    observed: new Float64Array(agencies * patterns),
  };
  const [month, agency, pattern] = [
    integers(cells, "month"),
    integers(cells, "agency"),
    integers(cells, "pattern"),
  ];
  const [counted, observed] = [
    integers(cells, `${indicator}_counted`),
    integers(cells, `${indicator}_observed`),
  ];
  for (let cell = 0; cell < month.length; cell++) {
    const closing = month[cell] ?? -1;
    if (closing < first || closing > last) continue;
    const place = (agency[cell] ?? 0) * patterns + (pattern[cell] ?? 0);
    counts.counted[place] = (counts.counted[place] ?? 0) + (counted[cell] ?? 0);
    counts.observed[place] = (counts.observed[place] ?? 0) + (observed[cell] ?? 0);
  }
  return counts;
}

function integers(table: Table, name: string): Int32Array {
  return table.getChild(name)?.toArray() ?? new Int32Array(0);
}

function numbered(patterns: readonly (readonly string[])[]): number[][] {
  const places = DIMENSIONS.map((_, dimension) =>
    [...new Set(patterns.map((bands) => bands[dimension]))].sort(),
  );
  return patterns.map((bands) => bands.map((band, dimension) => places[dimension]?.indexOf(band) ?? -1));
}
