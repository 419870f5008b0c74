import {
  auc,
  averagePrecision,
  brier,
  calibrationBins,
  precisionAt,
} from "../../models/household-risk/metrics.ts";

/** The figures that the peer prints, and observed over expected in each of the top five of 20 equal groups, riskiest first. */
export function rankFigures(
  probabilities: Float64Array,
  outcome: Uint8Array,
): {
  readonly base: number;
  readonly auc: number;
  readonly prauc: number;
  readonly brier: number;
  readonly p_at_1pct: number;
  readonly p_at_5pct: number;
  readonly p_at_10pct: number;
  readonly calibration: readonly number[];
} {
  const at = (share: number) => round(precisionAt(probabilities, outcome, share));
  return {
    base: round(outcome.reduce((sum, one) => sum + one, 0) / outcome.length),
    auc: round(auc(probabilities, outcome)),
    prauc: round(averagePrecision(probabilities, outcome)),
    brier: round(brier(probabilities, outcome)),
    p_at_1pct: at(0.01),
    p_at_5pct: at(0.05),
    p_at_10pct: at(0.1),
    calibration: calibrationBins(probabilities, outcome, 20)
      .slice(-5)
      .reverse()
      .map(({ observed, expected }) => Math.round((1_000 * observed) / expected) / 1_000),
  };
}

function round(number: number): number {
  return Math.round(number * 10_000) / 10_000;
}
