import type { DuckDBConnection } from "@duckdb/node-api";
import { fillPlanEffect } from "./alerts/fill-plan-effect.ts";
import { fillMergerStudy } from "./comparison/fill-merger-study.ts";
import { fillStandardised } from "./comparison/fill-standardised.ts";
import { fillDisclosure } from "./disclosure/fill-disclosure.ts";
import { fillDifference } from "./effects/fill-difference.ts";
import { fillMatched } from "./effects/fill-matched.ts";
import { fillControlLimits } from "./steering/fill-control-limits.ts";
import type { Strategy } from "./strategy/strategy.ts";
import type { FillTable } from "./warehouse/build.ts";

/** What a program that fills a computed table may use. It reads the tables that the model names under `from:`, no other. */
export interface ProgramContext {
  readonly connection: DuckDBConnection;
  readonly strategy: Strategy;
  /** The date on which the night stands. */
  readonly asOf: string;
}

/** Fills one computed table: inserts its rows into the empty table that the model has made. */
export type Program = (context: ProgramContext) => Promise<void>;

/** Who fills each computed table of `sql/`, by the model's id: the only list of them. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  "alert.plan_effect": fillPlanEffect,
  "effect.difference": fillDifference,
  "effect.matched": fillMatched,
  "kpi.control_limit": fillControlLimits,
  "kpi.disclosure": fillDisclosure,
  "kpi.merger_study": fillMergerStudy,
  "kpi.standardised": fillStandardised,
};

/** Fills computed tables by their programs. */
export function fillBy(context: Omit<ProgramContext, "connection">): FillTable {
  return async (connection, table) => {
    const program = PROGRAMS[table];
    if (program === undefined) throw new Error(`${table} is computed, and no program fills it`);
    await program({ ...context, connection });
  };
}
