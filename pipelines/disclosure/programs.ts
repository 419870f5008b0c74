import type { OfferedProgram } from "../warehouse/program.ts";
import { fillDisclosure } from "./fill-disclosure.ts";

/** What fills the computed table of figures that may not be published. */
export const DISCLOSURE_PROGRAMS: readonly OfferedProgram[] = [
  { fills: ["kpi.disclosure"], program: fillDisclosure },
];
