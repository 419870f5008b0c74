import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import type { AgencyPanel } from "../../models/merger-effect/group-time.ts";
import { fitExpectation, type MixDesign, mixDesign } from "../../models/standardisation/expectation.ts";
import { arrowTable } from "../warehouse/arrow.ts";
import { queryRows } from "../warehouse/connection.ts";

/** What mergers are looked at for: columns of `kpi.compared`. */
export const MERGER_INDICATORS = ["share_1_term", "share_3_terms", "onset_rate"] as const;

export type MergerIndicator = (typeof MERGER_INDICATORS)[number];

/** Agencies and their mergers, with one panel an indicator over all closed months. */
export interface MergerPanel {
  readonly agencies: readonly { readonly id: string; readonly mergedOn: string | null }[];
  /** Place of the month of each agency's merger among the closed months; null where it lies outside or there was none. */
  readonly mergedIn: readonly (number | null)[];
  /** Former landlords of the company; null where the strategy does not tell. */
  readonly landlords: number | null;
  /** For each indicator, each agency's share less what its mix lets expect; null where nothing ever happened. */
  readonly panels: Readonly<Record<MergerIndicator, AgencyPanel | null>>;
}

const DIMENSIONS = ["tenure", "rent_burden", "household_size", "dwelling_type", "benefit_direct"] as const;

const agencyRow = z.object({
  agency_id: z.string(),
  merged_on: z.string().nullable(),
  company_landlords: z.number().nullable(),
});

/**
 * Reads what mergers are looked at by: for each agency and closed month, the share observed less the share expected from the
 * mix, by one expectation fitted on all agencies and months.
 */
export async function readMergerPanel(connection: DuckDBConnection): Promise<MergerPanel> {
  const agencies = await queryRows(
    connection,
    `select merger.agency_id, merger.merged_on::varchar as merged_on, merger.company_landlords
     from kpi.merger
     semi join kpi.mix on merger.agency_id = mix.agency_id
     order by merger.agency_id`,
    agencyRow,
  );
  const months = await queryRows(
    connection,
    "select month::varchar as month from arrears.closing where not is_partial order by month",
    z.object({ month: z.string() }),
  );
  const bands = DIMENSIONS.join(", ");
  const patterns = await queryRows(
    connection,
    `select distinct ${bands} from kpi.mix order by ${bands}`,
    z.record(z.string(), z.string()),
  );
  const counts = MERGER_INDICATORS.flatMap((name) => [
    `count(${name})::integer as ${name}_counted`,
    `coalesce(sum(${name}), 0)::integer as ${name}_observed`,
  ]);
  const cells = await arrowTable(
    connection,
    `with agency as (
       select agency_id, (row_number() over (order by agency_id) - 1)::integer as place
       from kpi.merger
       semi join kpi.mix on merger.agency_id = mix.agency_id
     ),
     closing as (
       select month, (row_number() over (order by month) - 1)::integer as place
       from arrears.closing
       where not is_partial
     ),
     pattern as (
       select ${bands}, (row_number() over (order by ${bands}) - 1)::integer as place
       from (select distinct ${bands} from kpi.mix)
     ),
     cell as (
       select agency_id, month, ${bands}, ${counts.join(", ")}
       from kpi.compared
       group by agency_id, month, ${bands}
     )
     select
       agency.place as agency, closing.place as month, pattern.place as pattern,
       ${MERGER_INDICATORS.flatMap((name) => [`${name}_counted`, `${name}_observed`]).join(", ")}
     from cell
     inner join agency on cell.agency_id = agency.agency_id
     inner join closing on cell.month = closing.month
     inner join pattern on ${DIMENSIONS.map((name) => `cell.${name} = pattern.${name}`).join(" and ")}
     order by agency, month, pattern`,
  );
  const integers = (name: string): Int32Array => cells.getChild(name)?.toArray() ?? new Int32Array(0);
  const design = mixDesign(
    patterns.map((row) =>
      DIMENSIONS.map((name) => [...new Set(patterns.map((other) => other[name]))].indexOf(row[name])),
    ),
  );
  const places = { agency: integers("agency"), month: integers("month"), pattern: integers("pattern") };
  const panelOf = (name: MergerIndicator): AgencyPanel | null =>
    adjustedPanel(design, places, integers(`${name}_counted`), integers(`${name}_observed`), {
      agencies: agencies.length,
      months: months.length,
    });
  return {
    agencies: agencies.map(({ agency_id, merged_on }) => ({ id: agency_id, mergedOn: merged_on })),
    mergedIn: agencies.map(({ merged_on }) => {
      const place =
        merged_on === null
          ? -1
          : months.findIndex(({ month }) => month.slice(0, 7) === merged_on.slice(0, 7));
      return place === -1 ? null : place;
    }),
    landlords: agencies[0]?.company_landlords ?? null,
    panels: {
      share_1_term: panelOf("share_1_term"),
      share_3_terms: panelOf("share_3_terms"),
      onset_rate: panelOf("onset_rate"),
    },
  };
}

function adjustedPanel(
  design: MixDesign,
  places: { readonly agency: Int32Array; readonly month: Int32Array; readonly pattern: Int32Array },
  counted: Int32Array,
  observed: Int32Array,
  { agencies, months }: { readonly agencies: number; readonly months: number },
): AgencyPanel | null {
  const countedOf = new Float64Array(design.terms.length);
  const observedOf = new Float64Array(design.terms.length);
  for (const [cell, pattern] of places.pattern.entries()) {
    countedOf[pattern] = (countedOf[pattern] ?? 0) + (counted[cell] ?? 0);
    observedOf[pattern] = (observedOf[pattern] ?? 0) + (observed[cell] ?? 0);
  }
  const all = countedOf.reduce((sum, count) => sum + count, 0);
  const cases = observedOf.reduce((sum, count) => sum + count, 0);
  if (cases === 0 || cases === all) return null;
  const { probability } = fitExpectation(design, countedOf, observedOf);
  const excess = Array.from({ length: agencies }, () => new Float64Array(months));
  const homes = Array.from({ length: agencies }, () => new Float64Array(months));
  for (const [cell, pattern] of places.pattern.entries()) {
    const [agency, month] = [places.agency[cell] ?? 0, places.month[cell] ?? 0];
    const [more, held] = [excess[agency], homes[agency]];
    if (more === undefined || held === undefined) continue;
    const count = counted[cell] ?? 0;
    more[month] = (more[month] ?? 0) + (observed[cell] ?? 0) - count * (probability[pattern] ?? 0);
    held[month] = (held[month] ?? 0) + count;
  }
  return {
    values: excess.map((row, agency) =>
      row.map((value, month) => value / (homes[agency]?.[month] || Number.NaN)),
    ),
    weights: homes.map(
      (row) => row.reduce((sum, count) => sum + count, 0) / Math.max(1, row.filter((n) => n > 0).length),
    ),
  };
}
