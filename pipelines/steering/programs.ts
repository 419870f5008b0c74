import type { OfferedProgram } from "../warehouse/program.ts";
import { fillControlLimits } from "./fill-control-limits.ts";

/** What fills the computed table of control limits. */
export const STEERING_PROGRAMS: readonly OfferedProgram[] = [
  { fills: ["kpi.control_limit"], program: fillControlLimits },
];
