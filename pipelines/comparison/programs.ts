import type { OfferedProgram } from "../warehouse/program.ts";
import { fillMergerStudy } from "./fill-merger-study.ts";
import { fillStandardised } from "./fill-standardised.ts";

/** What fills the computed tables of agencies compared at equal mix, and of mergers. */
export const COMPARISON_PROGRAMS: readonly OfferedProgram[] = [
  { fills: ["kpi.merger_study"], program: fillMergerStudy },
  { fills: ["kpi.standardised"], program: fillStandardised },
];
