import type { FeatureSpec } from "./features.ts";

/**
 * What one feature, or a named pair of them, adds to the log-odds. Between knots values run in a straight line; below the
 * first and above the last they stay. A category's knots are the places of its levels, then one for levels never seen.
 */
export type Term = FeatureTerm | PairTerm;

export interface FeatureTerm {
  readonly kind: "feature";
  readonly name: string;
  /** Place of the feature in the matrix. */
  readonly feature: number;
  readonly knots: readonly number[];
  /** Log-odds at each knot. */
  readonly values: readonly number[];
  /** Log-odds where the feature is missing. */
  readonly missing: number;
}

export interface PairTerm {
  readonly kind: "pair";
  /** Both names, in the order of the matrix. */
  readonly name: string;
  readonly pair: readonly [number, number];
  readonly knots: readonly [readonly number[], readonly number[]];
  /** Log-odds at each knot of the first by each of the second; missing is the last row, and the last column. */
  readonly values: readonly (readonly number[])[];
}

/** What is known of how a model was trained. */
export interface Training {
  readonly rows: number;
  readonly onsets: number;
  /** Rows and onsets of the latest purged window, which chose the strength and the pairs and set the calibration. */
  readonly windowRows: number;
  readonly windowOnsets: number;
  /** How the window was taken: the latest periods, or, where these have too few onsets, a share of households. */
  readonly window: "latest periods" | "share of households";
  /** How strongly features' terms are pulled to 0, chosen on the window: the geometric mean. */
  readonly strength: number;
  /** Share of straight lines in the features' terms, chosen on the window. */
  readonly straight: number;
  /** Slope and shift of the calibration, already inside base and values. */
  readonly slope: number;
  readonly shift: number;
}

/** log-odds = base + the sum of every term's contribution. */
export interface HouseholdRiskModel {
  readonly features: readonly FeatureSpec[];
  /** Mean log-odds of the rows trained on: every term's contributions have mean 0 there. */
  readonly base: number;
  readonly terms: readonly Term[];
  readonly training: Training;
}
