import { DATE, type DuckDBConnection, DuckDBDateValue, VARCHAR } from "@duckdb/node-api";
import type { Vector } from "apache-arrow";
import { z } from "zod";
import { type InsertedColumn, insertColumns } from "../effects/insert-columns.ts";
import { arrowTable } from "../warehouse/arrow.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { Program } from "../warehouse/program.ts";
import { type Figure, PARTS } from "./published-sums.ts";
import { findWithheld } from "./withhold.ts";

const sliceRow = z.object({ level: z.string(), slice_id: z.string(), sector: z.string().nullable() });

const identityRow = z.object({
  identity: z.string(),
  indicator_id: z.string(),
  part: z.enum(PARTS),
  months_after: z.number(),
  coefficient: z.number(),
});

/** Fills `kpi.disclosure`: which figures are withheld, and why. */
export const fillDisclosure: Program = async ({ connection, strategy }) => {
  const { figures, days } = await readFigures(connection);
  const slices = await queryRows(
    connection,
    "select distinct level, slice_id, sector from kpi.slice order by level, slice_id",
    sliceRow,
  );
  const identities = await queryRows(
    connection,
    "select identity, indicator_id, part, months_after, coefficient from kpi.identity order by all",
    identityRow,
  );
  const withheld = findWithheld(
    figures,
    slices.map(({ level, slice_id, sector }) => ({
      level,
      slice: slice_id,
      partOf: wholeOf(level, sector),
    })),
    identities.map((row) => ({
      identity: row.identity,
      indicator: row.indicator_id,
      part: row.part,
      monthsAfter: row.months_after,
      coefficient: row.coefficient,
    })),
    strategy.disclosure.minimum,
  );
  const places = Int32Array.from(withheld.keys());
  const text = (of: (figure: Figure) => string): InsertedColumn => {
    return { type: VARCHAR, at: (row) => of(figureAt(row)) };
  };
  await insertColumns(connection, "kpi", "disclosure", places.length, [
    text(({ indicator }) => indicator),
    text(({ level }) => level),
    text(({ slice }) => slice),
    { type: DATE, at: (row) => new DuckDBDateValue(days[places[row] ?? 0] ?? 0) },
    { type: VARCHAR, at: (row) => withheld.get(places[row] ?? 0) ?? null },
  ]);

  function figureAt(row: number): Figure {
    const figure = figures[places[row] ?? -1];
    if (figure === undefined) throw new Error("a figure is withheld that is none");
    return figure;
  }
};

/** Every figure that counts households, and the first day of its month in days since 1970. */
async function readFigures(
  connection: DuckDBConnection,
): Promise<{ readonly figures: readonly Figure[]; readonly days: ArrayLike<number> }> {
  const table = await arrowTable(
    connection,
    `select
       measure.indicator_id as indicator, level, slice_id as slice, month, cases::integer as cases,
       base_cases::integer as base_cases, share_group, coalesce(indicator.headline, false) as headline,
       (year(month) * 12 + month(month))::integer as month_number
     from kpi.measure
     left join kpi.indicator on measure.indicator_id = indicator.indicator_id
     where cases is not null or base_cases is not null
     order by measure.indicator_id, level, slice_id, month`,
  );
  const column = (name: string): Vector => {
    const found = table.getChild(name);
    if (found === null) throw new Error(`kpi.measure has no column ${name}`);
    return found;
  };
  // A word of a column is made once, however many figures hold it.
  const words = (name: string): ((row: number) => string) => {
    const [data] = column(name).data;
    const known = [...(data?.dictionary ?? [])].map(String);
    return (row) => known[data?.values[row] ?? 0] ?? "";
  };
  const [indicator, level, slice, shareGroup] = [
    words("indicator"),
    words("level"),
    words("slice"),
    words("share_group"),
  ];
  const [cases, baseCases, headline] = [column("cases"), column("base_cases"), column("headline")];
  const month = column("month_number");
  const hasGroup = column("share_group");
  const figures = Array.from({ length: table.numRows }, (_, row): Figure => {
    return {
      indicator: indicator(row),
      level: level(row),
      slice: slice(row),
      month: month.get(row),
      cases: cases.get(row),
      baseCases: baseCases.get(row),
      shareGroup: hasGroup.isValid(row) ? shareGroup(row) : null,
      headline: headline.get(row) === true,
    };
  });
  return { figures, days: column("month").data[0]?.values ?? [] };
}

function wholeOf(level: string, sector: string | null): { level: string; slice: string } | null {
  if (level === "agency") return sector === null ? null : { level: "sector", slice: sector };
  return level === "sector" ? { level: "company", slice: "company" } : null;
}
