import type { OfferedProgram } from "../warehouse/program.ts";
import { fillDifference } from "./fill-difference.ts";
import { fillMatched } from "./fill-matched.ts";

/** What fills the computed tables of effects of actions. */
export const EFFECT_PROGRAMS: readonly OfferedProgram[] = [
  { fills: ["effect.difference"], program: fillDifference },
  { fills: ["effect.matched"], program: fillMatched },
];
