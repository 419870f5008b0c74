import type { OfferedProgram } from "../warehouse/program.ts";
import type { Answers } from "./answers.ts";
import { fillRecallGap } from "./fill-fairness.ts";
import { ANSWERED, fillAnswers } from "./fill-risk.ts";

/** What fills the computed table of fairness, from lists that stand. */
export const FAIRNESS_PROGRAMS: readonly OfferedProgram[] = [
  { fills: ["audit.recall_gap"], program: fillRecallGap },
];

/** What fills the computed tables that tell the answers of a night; they are asked for once. */
export function answerPrograms(answers: () => Promise<Answers>): readonly OfferedProgram[] {
  return [
    { fills: ANSWERED, program: async (context, tables) => fillAnswers(context, tables, await answers()) },
  ];
}
