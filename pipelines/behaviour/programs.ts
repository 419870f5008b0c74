import type { OfferedProgram } from "../warehouse/program.ts";
import { fillAgreement } from "./fill-agreement.ts";
import { fillHistory } from "./fill-history.ts";
import { fillPrototypes } from "./fill-prototypes.ts";
import { fillWithheld } from "./fill-withheld.ts";

/** What fills the computed tables of ways of paying. */
export const BEHAVIOUR_PROGRAMS: readonly OfferedProgram[] = [
  { fills: ["risk.segment_agreement"], program: fillAgreement },
  { fills: ["risk.segment_history"], program: fillHistory },
  { fills: ["risk.segment_prototype"], program: fillPrototypes },
  { fills: ["risk.segment_withheld"], program: fillWithheld },
];
