import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows } from "../warehouse/connection.ts";
import { type Counted, placeOf } from "./tally.ts";

/** A figure that the night and the recount tell differently. */
export interface Difference {
  readonly place: string;
  readonly night: Counted | null;
  readonly recount: Counted | null;
}

export interface Comparison {
  /** Figures held equal, by indicator. */
  readonly equal: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
  /** Indicators of the night that no recount tells. */
  readonly untold: readonly string[];
}

const figureRow = z.object({
  indicator_id: z.string(),
  slice: z.string(),
  month: z.string(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  value: z.number().nullable(),
});

/**
 * Holds the figures of a night, before disclosure control, against those counted again: to the cent and to the household,
 * values that are no ratio to nine significant figures. A figure that only one side tells is a difference, unless it is zero over
 * zero.
 */
export async function compareFigures(
  connection: DuckDBConnection,
  counted: ReadonlyMap<string, Counted>,
): Promise<Comparison> {
  const rows = await queryRows(
    connection,
    `select indicator_id, level || '/' || slice_id as slice, month::varchar as month, numerator::double as numerator,
       denominator::double as denominator, value
     from kpi.measure order by all`,
    figureRow,
  );
  const told = new Set([...counted.keys()].map(indicatorOf));
  const equal = new Map<string, number>();
  const differences: Difference[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    if (!told.has(row.indicator_id)) continue;
    const place = placeOf(row.indicator_id, row.slice, row.month);
    seen.add(place);
    const night = { numerator: row.numerator, denominator: row.denominator ?? 0, value: row.value };
    const recount = counted.get(place) ?? null;
    if (recount === null ? isNothing(night) : isSame(night, recount))
      equal.set(row.indicator_id, (equal.get(row.indicator_id) ?? 0) + 1);
    else differences.push({ place, night, recount });
  }
  for (const [place, recount] of counted)
    if (!seen.has(place) && !isNothing(recount)) differences.push({ place, night: null, recount });
  const untold = [...new Set(rows.map(({ indicator_id }) => indicator_id))].filter((id) => !told.has(id));
  return { equal, differences, untold };
}

function isNothing({ numerator, denominator, value }: Counted): boolean {
  return [numerator, denominator, value].every((number) => number === null || number === 0);
}

function isSame(one: Counted, other: Counted): boolean {
  const isNear = (a: number | null, b: number | null, tolerance: number) =>
    a === null || b === null ? a === b : Math.abs(a - b) <= tolerance;
  return (
    isNear(one.numerator, other.numerator, 0.004) &&
    isNear(one.denominator, other.denominator, 0.004) &&
    isNear(one.value, other.value, 1e-9 * Math.max(1, Math.abs(one.value ?? 0)))
  );
}

function indicatorOf(place: string): string {
  return place.slice(0, place.indexOf(" | "));
}
