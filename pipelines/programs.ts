import { ALERT_PROGRAMS } from "./alerts/programs.ts";
import { BEHAVIOUR_PROGRAMS } from "./behaviour/programs.ts";
import { COMPARISON_PROGRAMS } from "./comparison/programs.ts";
import { DISCLOSURE_PROGRAMS } from "./disclosure/programs.ts";
import { EFFECT_PROGRAMS } from "./effects/programs.ts";
import type { Answers } from "./risk/answers.ts";
import { answerPrograms, FAIRNESS_PROGRAMS } from "./risk/programs.ts";
import { STEERING_PROGRAMS } from "./steering/programs.ts";
import type { OfferedProgram } from "./warehouse/program.ts";

/** What fills the computed tables of `sql/` that need no answer of the night's models. */
export const PROGRAMS: readonly OfferedProgram[] = [
  ...ALERT_PROGRAMS,
  ...BEHAVIOUR_PROGRAMS,
  ...COMPARISON_PROGRAMS,
  ...DISCLOSURE_PROGRAMS,
  ...EFFECT_PROGRAMS,
  ...FAIRNESS_PROGRAMS,
  ...STEERING_PROGRAMS,
];

/** What fills every computed table of `sql/`: `answers` gives what the night's models say. */
export function programsWith(answers: () => Promise<Answers>): readonly OfferedProgram[] {
  return [...PROGRAMS, ...answerPrograms(answers)];
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
