import type { DuckDBConnection } from "@duckdb/node-api";
import { fillPlanEffect } from "./alerts/fill-plan-effect.ts";
import { fillAgreement } from "./behaviour/fill-agreement.ts";
import { fillHistory } from "./behaviour/fill-history.ts";
import { fillPrototypes } from "./behaviour/fill-prototypes.ts";
import { fillWithheld } from "./behaviour/fill-withheld.ts";
import { fillMergerStudy } from "./comparison/fill-merger-study.ts";
import { fillStandardised } from "./comparison/fill-standardised.ts";
import { fillDisclosure } from "./disclosure/fill-disclosure.ts";
import { fillDifference } from "./effects/fill-difference.ts";
import { fillMatched } from "./effects/fill-matched.ts";
import { fillRecallGap } from "./risk/fill-fairness.ts";
import {
  fillCalibration,
  fillCard,
  fillContribution,
  fillDrift,
  fillEstimate,
  fillEvaluation,
  fillImportance,
  fillModel,
  fillPastScore,
} from "./risk/fill-risk.ts";
import { learnTonight } from "./risk/lessons.ts";
import { QUESTIONS } from "./risk/model-memory.ts";
import type { PendingFile } from "./state/state.ts";
import { fillControlLimits } from "./steering/fill-control-limits.ts";
import type { Progress } from "./steps.ts";
import type { Strategy } from "./strategy/strategy.ts";
import type { FillTable } from "./warehouse/build.ts";
import type { Workspace } from "./workspace.ts";

/** What a program that fills a computed table may use. It reads the tables that the model names under `from:`, no other. */
export interface ProgramContext {
  readonly connection: DuckDBConnection;
  readonly strategy: Strategy;
  /** The date on which the night stands. */
  readonly asOf: string;
  /** One and the same for all programs of a night: what several of them need is made once for it. */
  readonly night: object;
  /** The landlord's folder, whose state tells what earlier nights learnt; absent where there is none. */
  readonly workspace?: Workspace;
  /** Tells whoever runs the night. */
  readonly warn: (line: string) => void;
  /** Keeps a file that is to join the state with the night's switch. */
  readonly leave: (file: PendingFile) => void;
}

/** Fills one computed table: inserts its rows into the empty table that the model has made. */
export type Program = (context: ProgramContext) => Promise<void>;

/** Who fills each computed table of `sql/`, by the model's id: the only list of them. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  "alert.plan_effect": fillPlanEffect,
  "audit.recall_gap": fillRecallGap,
  "effect.difference": fillDifference,
  "effect.matched": fillMatched,
  "kpi.control_limit": fillControlLimits,
  "kpi.disclosure": fillDisclosure,
  "kpi.merger_study": fillMergerStudy,
  "kpi.standardised": fillStandardised,
  "risk.calibration": fillCalibration,
  "risk.card": fillCard,
  "risk.contribution": fillContribution,
  "risk.drift": fillDrift,
  "risk.estimate": fillEstimate,
  "risk.evaluation": fillEvaluation,
  "risk.importance": fillImportance,
  "risk.model": fillModel,
  "risk.past_score": fillPastScore,
  "risk.segment_agreement": fillAgreement,
  "risk.segment_history": fillHistory,
  "risk.segment_prototype": fillPrototypes,
  "risk.segment_withheld": fillWithheld,
};

/** Something that is learnt before it is used: a step of the night by itself. */
export interface LearningStep {
  readonly step: string;
  /** The computed table that needs it first: what that reads is built beforehand. */
  readonly before: string;
  /** @returns how many rows were learnt from; 0 where nothing was due. */
  readonly learn: (context: ProgramContext, progress: Progress) => Promise<number>;
}

/** All that a night learns, in this order: the only list of them. */
export const LEARNING_STEPS: readonly LearningStep[] = QUESTIONS.map((question) => ({
  step: `learn ${question}`,
  before: "risk.estimate",
  async learn(context, progress) {
    const { trained } = await learnTonight(context, question, (fold, folds) => progress(fold, folds, "fold"));
    return trained?.training_rows ?? 0;
  },
}));

/** What the programs of one night are given; without a landlord's folder nothing is remembered, and nothing kept. */
export type Night = Pick<ProgramContext, "strategy" | "asOf" | "workspace"> &
  Partial<Pick<ProgramContext, "warn" | "leave">>;

/** Fills computed tables by their programs. */
export function fillBy(night: Night): FillTable {
  return async (connection, table) => {
    const program = PROGRAMS[table];
    if (program === undefined) throw new Error(`${table} is computed, and no program fills it`);
    await program(contextOf(night, connection));
  };
}

/** Takes a learning step. The programs of the same night use what came of it, and learn what was not learnt before. */
export async function learnBy(
  night: Night,
  connection: DuckDBConnection,
  { learn }: LearningStep,
  progress: Progress,
): Promise<{ readonly rows: number }> {
  return { rows: await learn(contextOf(night, connection), progress) };
}

function contextOf(night: Night, connection: DuckDBConnection): ProgramContext {
  return { warn: () => undefined, leave: () => undefined, ...night, night, connection };
}

/** The tables whose programs tell what was learnt, tonight or in earlier nights: more than they read. */
export const REMEMBERING: ReadonlySet<string> = new Set([
  "risk.calibration",
  "risk.card",
  "risk.contribution",
  "risk.drift",
  "risk.estimate",
  "risk.evaluation",
  "risk.importance",
  "risk.model",
  "risk.past_score",
]);
