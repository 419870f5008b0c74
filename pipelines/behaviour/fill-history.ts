import { DATE, DuckDBDateValue, VARCHAR } from "@duckdb/node-api";
import { z } from "zod";
import { HABIT_FIGURES, LEARNT_SEGMENTS } from "../../models/payment-behaviour/archetypes.ts";
import { memberships } from "../../models/payment-behaviour/membership.ts";
import { insertColumns } from "../effects/insert-columns.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { Program } from "../warehouse/program.ts";
import { readHabits } from "./read-habits.ts";

/** Fills `risk.segment_history`: the type of each household at each closing, all told by tonight's types. */
export const fillHistory: Program = async ({ connection, strategy }) => {
  const { habits, household, leaseOf, month, noHabit } = await readHabits(connection);
  const prototypes = await queryRows(
    connection,
    "select segment, figure, prototype from risk.segment_prototype",
    z.object({ segment: z.string(), figure: z.string(), prototype: z.number().nullable() }),
  );
  const centres = LEARNT_SEGMENTS.flatMap((segment) =>
    HABIT_FIGURES.map(
      (figure) =>
        prototypes.find((row) => row.segment === segment && row.figure === figure)?.prototype ?? Number.NaN,
    ),
  );
  const without = Array.from({ length: habits.rows }, (_, row) => noHabit(row));
  const types = memberships(
    habits,
    household,
    without.map((reason) => (reason === null ? 1 : 0)),
    Float64Array.from(centres),
    {
      changeRatio: strategy.behaviour.change_ratio,
      changeMonths: strategy.behaviour.change_months,
    },
  );
  await insertColumns(connection, "risk", "segment_history", habits.rows, [
    { type: VARCHAR, at: (row) => leaseOf[household[row] ?? 0] ?? null },
    { type: DATE, at: (row) => new DuckDBDateValue(month[row] ?? 0) },
    { type: VARCHAR, at: (row) => without[row] ?? LEARNT_SEGMENTS[types[row] ?? 0] ?? null },
  ]);
};
