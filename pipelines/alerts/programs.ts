import type { OfferedProgram } from "../warehouse/program.ts";
import { fillPlanEffect } from "./fill-plan-effect.ts";

/** What fills the computed tables of alerts. */
export const ALERT_PROGRAMS: readonly OfferedProgram[] = [
  { fills: ["alert.plan_effect"], program: fillPlanEffect },
];
