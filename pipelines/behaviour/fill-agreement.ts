import { DOUBLE, INTEGER, VARCHAR } from "@duckdb/node-api";
import { stabilityOf } from "../../models/payment-behaviour/stability.ts";
import { insertColumns } from "../effects/insert-columns.ts";
import type { Program } from "../warehouse/program.ts";
import { readLearningHabits } from "./read-habits.ts";

/** Fills `risk.segment_agreement`: how alike the types come out when they are learnt again on other households or months. */
export const fillAgreement: Program = async ({ connection, strategy }) => {
  const { clear_ratio, refits, seed } = strategy.behaviour;
  const { habits, household, month, anchorRows } = await readLearningHabits(connection, strategy.behaviour);
  if (habits.rows === 0) return;
  const last = month.reduce((latest, day) => Math.max(latest, day));
  const isLast = Uint8Array.from(month, (day) => (day === last ? 1 : 0));
  const found = stabilityOf(habits, household, isLast, { anchorRows, clearRatio: clear_ratio, refits, seed });
  const told = Object.entries({
    redrawn_mean: found.redrawnMean,
    redrawn_least: found.redrawnLeast,
    halves: found.halves,
    month_before: found.monthBefore,
  });
  const households = isLast.reduce((sum, one) => sum + one, 0);
  await insertColumns(connection, "risk", "segment_agreement", told.length, [
    { type: VARCHAR, at: (row) => told[row]?.[0] ?? null },
    { type: DOUBLE, at: (row) => told[row]?.[1] ?? null },
    { type: INTEGER, at: () => households },
  ]);
};
