import { z } from "zod";
import type { Figure, IdentityTerm } from "../disclosure/published-sums.ts";
import { findWithheld } from "../disclosure/withhold.ts";
import { queryRows, quoteText } from "../warehouse/connection.ts";
import type { Program } from "../warehouse/program.ts";

const figureRow = z.object({
  figure: z.enum(["households", "moved_in", "moved_out", "move"]),
  level: z.string(),
  slice_id: z.string(),
  month: z.string(),
  month_number: z.number(),
  segment: z.string(),
  to_segment: z.string(),
  households: z.number(),
  present: z.number().nullable(),
});

const sliceRow = z.object({ level: z.string(), slice_id: z.string(), sector: z.string().nullable() });

const ROWS_AT_ONCE = 5000;

/** Fills `risk.segment_withheld`: which counts of households by type, and of their moves, are withheld, and why. */
export const fillWithheld: Program = async ({ connection, strategy }) => {
  const figures = await queryRows(
    connection,
    `with told as (
      select 'households' as figure, level, slice_id, month, segment, '' as to_segment, households, present
      from risk.segment_count
      union all
      select 'moved_in', level, slice_id, month, segment, '', moved_in, null
      from risk.segment_count
      where moved_in is not null
      union all
      select 'moved_out', level, slice_id, month, segment, '', moved_out, null
      from risk.segment_count
      where moved_out is not null
      union all
      select 'move', 'company', 'company', month, from_segment, to_segment, households, null
      from risk.segment_change
    )
    select told.* replace (month::varchar as month), (year(month) * 12 + month(month))::integer as month_number
    from told
    order by figure, level, slice_id, month, segment, to_segment`,
    figureRow,
  );
  const slices = await queryRows(
    connection,
    "select distinct level, slice_id, sector from kpi.slice order by level, slice_id",
    sliceRow,
  );
  const withheld = findWithheld(
    figures.map(
      (row): Figure => ({
        indicator: nameOf(row),
        level: row.level,
        slice: row.slice_id,
        month: row.month_number,
        cases: row.households,
        baseCases: row.present,
        shareGroup: row.figure === "households" ? "households" : null,
        headline: row.figure !== "move" && row.level === "company",
      }),
    ),
    slices.map(({ level, slice_id, sector }) => ({ level, slice: slice_id, partOf: wholeOf(level, sector) })),
    identitiesOf(figures),
    strategy.disclosure.minimum,
  );
  const rows = [...withheld].flatMap(([index, reason]) => {
    const row = figures[index];
    if (row === undefined) return [];
    const values = [row.figure, row.level, row.slice_id, row.month, row.segment, row.to_segment, reason];
    return [`(${values.map(quoteText).join(", ")})`];
  });
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await connection.run(
      `insert into risk.segment_withheld values ${rows.slice(from, from + ROWS_AT_ONCE).join(", ")}`,
    );
};

type FigureName = Pick<z.output<typeof figureRow>, "figure" | "segment" | "to_segment">;

function nameOf({ figure, segment, to_segment }: FigureName): string {
  return `${figure} ${segment} ${to_segment}`;
}

/** The households of a type are those of the month before, and those who came, less those who left; moves make both. */
function identitiesOf(figures: readonly z.output<typeof figureRow>[]): IdentityTerm[] {
  const segments = [
    ...new Set(figures.filter(({ figure }) => figure === "moved_in").map((row) => row.segment)),
  ];
  const term = (identity: string, of: FigureName, coefficient: number, monthsAfter = 0): IdentityTerm => ({
    identity: identity.replaceAll(" ", "_"),
    indicator: nameOf(of),
    part: "numerator",
    monthsAfter,
    coefficient,
  });
  const moves = new Map(
    figures.filter(({ figure }) => figure === "move").map((row): [string, FigureName] => [nameOf(row), row]),
  );
  return segments.flatMap((segment) => {
    const of = (figure: FigureName["figure"]): FigureName => ({ figure, segment, to_segment: "" });
    return [
      term(`stay ${segment}`, of("households"), 1, 1),
      term(`stay ${segment}`, of("households"), -1),
      term(`stay ${segment}`, of("moved_in"), -1, 1),
      term(`stay ${segment}`, of("moved_out"), 1, 1),
      term(`in ${segment}`, of("moved_in"), -1),
      term(`out ${segment}`, of("moved_out"), -1),
      ...[...moves.values()].flatMap((move) => [
        ...(move.to_segment === segment ? [term(`in ${segment}`, move, 1)] : []),
        ...(move.segment === segment ? [term(`out ${segment}`, move, 1)] : []),
      ]),
    ];
  });
}

function wholeOf(level: string, sector: string | null): { level: string; slice: string } | null {
  if (level === "agency") return sector === null ? null : { level: "sector", slice: sector };
  return level === "sector" ? { level: "company", slice: "company" } : null;
}
