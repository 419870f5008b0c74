import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { designMatrix } from "../../../models/effects/design-matrix.ts";
import { type RiskDifference, riskDifference } from "../../../models/effects/risk-difference.ts";
import { expectedOutcomes, matchRiskSets, type RiskSet } from "../../../models/effects/risk-set-matching.ts";

/** How an invented risk set is drawn: shares between 0 and 1. */
export interface InventedWorld {
  readonly rows: number;
  readonly seed: number;
  /** Share of the treated, and how much more likely the frail are to be treated. */
  readonly treated: number;
  readonly confounding: number;
  /** Added to the chance of the outcome by the treatment. */
  readonly effect: number;
}

export const SETTINGS = { matches: 5, caliper: 0.5, largestPropensity: 0.9 } as const;

/** A risk set and what became of its households. */
export interface InventedRiskSet extends RiskSet {
  readonly outcome: Uint8Array;
}

/** A risk set over twelve months whose frail households are more often treated and less often cured, as their files show. */
export function inventRiskSet(world: InventedWorld): InventedRiskSet {
  const random = xoroshiro128plus(world.seed);
  const draw = (): number => uniformFloat64(random);
  const { rows } = world;
  const frailty = Float64Array.from({ length: rows }, draw);
  const treated = Uint8Array.from(frailty, (frail) =>
    draw() < world.treated * (1 + world.confounding * (2 * frail - 1)) ? 1 : 0,
  );
  const outcome = Uint8Array.from(frailty, (frail, row) =>
    draw() < 0.45 - 0.3 * frail + (treated[row] === 1 ? world.effect : 0) ? 1 : 0,
  );
  const month = Int32Array.from({ length: rows }, () => Math.floor(12 * draw()));
  const exact = Int32Array.from({ length: rows }, () => Math.floor(2 * draw()));
  const matrix = designMatrix(
    [
      { name: "frailty", numbers: frailty },
      { name: "terms", groups: ["1", "2"], codes: exact },
    ],
    rows,
  );
  return {
    matrix,
    treated,
    month,
    exact,
    preferred: Int32Array.from({ length: rows }, () => Math.floor(3 * draw())),
    lease: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 2)),
    sampledShare: new Float64Array(rows).fill(1),
    expected: expectedOutcomes(matrix, treated, [outcome]),
    outcome,
  };
}

/** Matches a risk set and tells the difference; fails where nobody is matched. */
export function differenceIn(set: InventedRiskSet): RiskDifference {
  const { matrix, treated, outcome } = set;
  const expected = expectedOutcomes(matrix, treated, [outcome]);
  const told = riskDifference({
    rows: matrix.rows,
    treated,
    weight: matchRiskSets({ ...set, expected }, SETTINGS).weight,
    household: set.lease,
    outcome,
    expected: expected[0] ?? [],
  });
  if (told === null) throw new Error("nobody is matched");
  return told;
}
