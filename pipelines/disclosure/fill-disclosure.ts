import { DATE, DuckDBDateValue, VARCHAR } from "@duckdb/node-api";
import { z } from "zod";
import { type InsertedColumn, insertColumns } from "../effects/insert-columns.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { Program } from "../warehouse/program.ts";
import { PARTS } from "./published-sums.ts";
import { findWithheld } from "./withhold.ts";

const figureRow = z.object({
  indicator_id: z.string(),
  level: z.string(),
  slice_id: z.string(),
  month: z.string(),
  month_number: z.number(),
  cases: z.number().nullable(),
  base_cases: z.number().nullable(),
  share_group: z.string().nullable(),
  headline: z.boolean(),
});

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
  const figures = await queryRows(
    connection,
    `select measure.indicator_id, level, slice_id, month::varchar as month,
       (year(month) * 12 + month(month))::integer as month_number, cases, base_cases, share_group,
       coalesce(indicator.headline, false) as headline
     from kpi.measure
     left join kpi.indicator on measure.indicator_id = indicator.indicator_id
     where cases is not null or base_cases is not null
     order by measure.indicator_id, level, slice_id, month`,
    figureRow,
  );
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
    figures.map((row) => ({
      indicator: row.indicator_id,
      level: row.level,
      slice: row.slice_id,
      month: row.month_number,
      cases: row.cases,
      baseCases: row.base_cases,
      shareGroup: row.share_group,
      headline: row.headline,
    })),
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
  const rows = [...withheld].flatMap(([index, reason]) => {
    const figure = figures[index];
    return figure === undefined ? [] : [{ ...figure, reason }];
  });
  const text = (column: "indicator_id" | "level" | "slice_id" | "reason"): InsertedColumn => {
    return { type: VARCHAR, at: (row) => rows[row]?.[column] ?? null };
  };
  const day = (row: number) => new DuckDBDateValue(Date.parse(rows[row]?.month ?? "") / 86_400_000);
  await insertColumns(connection, "kpi", "disclosure", rows.length, [
    text("indicator_id"),
    text("level"),
    text("slice_id"),
    { type: DATE, at: day },
    text("reason"),
  ]);
};

function wholeOf(level: string, sector: string | null): { level: string; slice: string } | null {
  if (level === "agency") return sector === null ? null : { level: "sector", slice: sector };
  return level === "sector" ? { level: "company", slice: "company" } : null;
}
