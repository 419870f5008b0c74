import { DOUBLE, INTEGER, VARCHAR } from "@duckdb/node-api";
import { HABIT_FIGURES, LEARNT_SEGMENTS } from "../../models/payment-behaviour/archetypes.ts";
import { archetypes, learnPrototypes } from "../../models/payment-behaviour/prototypes.ts";
import { insertColumns } from "../effects/insert-columns.ts";
import type { Program } from "../warehouse/program.ts";
import { readLearningHabits } from "./read-habits.ts";

/** Fills `risk.segment_prototype`: what each type of payment behaviour is like among this landlord's own households. */
export const fillPrototypes: Program = async ({ connection, strategy }) => {
  const { habits, anchorRows } = await readLearningHabits(connection, strategy.behaviour);
  const learnt = learnPrototypes(habits, { anchorRows, clearRatio: strategy.behaviour.clear_ratio });
  const shipped = archetypes().centres;
  const segmentOf = (place: number): number => Math.floor(place / HABIT_FIGURES.length);
  const told = (values: Float64Array) => (place: number) => {
    const value = values[place] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
  await insertColumns(connection, "risk", "segment_prototype", shipped.length, [
    { type: VARCHAR, at: (place) => LEARNT_SEGMENTS[segmentOf(place)] ?? null },
    { type: VARCHAR, at: (place) => HABIT_FIGURES[place % HABIT_FIGURES.length] ?? null },
    { type: DOUBLE, at: told(shipped) },
    { type: DOUBLE, at: told(learnt.centres) },
    { type: INTEGER, at: (place) => learnt.rows[segmentOf(place)] ?? 0 },
  ]);
};
