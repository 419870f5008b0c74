import { type Block, featureBlock, pairBlock } from "./blocks.ts";
import { type EncodedColumn, encodedRows } from "./encoding.ts";
import type { FeatureSpec } from "./features.ts";
import { hashOf } from "./splits.ts";

/** Two features, by their places in the matrix, the lower first. */
export type Pair = readonly [number, number];

/** Rows as the trainer reads them. */
export interface LearningRows {
  /** Every feature, by its place in the matrix. */
  readonly columns: readonly EncodedColumn[];
  readonly outcome: Uint8Array;
  readonly weight: Float32Array;
  readonly household: Int32Array;
  /** Some of the rows, and how many rows each stands for: the curvature of the loss is measured on these. */
  readonly sample: Int32Array;
  readonly sampleWeight: Float32Array;
}

/** Columns with fewer knots, of the features that may be in a pair. */
export type CoarseColumns = ReadonlyMap<number, EncodedColumn>;

/** Rows without an onset that choices are made on: as many for each onset, and no fewer than the least. */
const OTHERS = { perOnset: 10, least: 10_000 } as const;
/** A sample of more than this share of the rows saves too little: it is all of them. */
const SHARE_WORTHWHILE = 2 / 3;

/** How rows are drawn. */
export interface Drawing {
  readonly seed: number;
  /** Rows that the curvature of the loss is measured on at most. */
  readonly measured: number;
}

/** Draws the sample: half of it onsets where there are enough, always the same for the same rows and seed. */
export function learningRows(
  of: Omit<LearningRows, "sample" | "sampleWeight">,
  { seed, measured }: Drawing,
): LearningRows {
  const { outcome, weight } = of;
  if (measured >= SHARE_WORTHWHILE * outcome.length) {
    return { ...of, sample: Int32Array.from(outcome.keys()), sampleWeight: weight };
  }
  const ones = outcome.reduce((sum, one) => sum + one, 0);
  const zeros = outcome.length - ones;
  const onsets = Math.min(ones, Math.max(measured / 2, measured - zeros));
  const others = Math.min(zeros, measured - onsets);
  const chances = [others / Math.max(1, zeros), onsets / Math.max(1, ones)];
  const sample: number[] = [];
  const sampleWeight: number[] = [];
  for (let row = 0; row < outcome.length; row++) {
    const chance = chances[outcome[row] ?? 0] ?? 1;
    if (chance < 1 && hashOf(row, seed) >= chance * 2 ** 32) continue;
    sample.push(row);
    sampleWeight.push((weight[row] ?? 0) / chance);
  }
  return { ...of, sample: Int32Array.from(sample), sampleWeight: Float32Array.from(sampleWeight) };
}

/**
 * Fewer of these rows, that choices rest on nearly as well: all onsets, and some of the others, each standing for more
 * (Fithian and Hastie 2014, Local case-control sampling, Annals of Statistics 42).
 *
 * @returns rows, and the weight of every row of the whole.
 */
export function thinnedRows(
  of: LearningRows,
  rows: Int32Array,
  seed: number,
): { readonly rows: Int32Array; readonly weight: Float32Array } {
  const ones = rows.reduce((sum, row) => sum + (of.outcome[row] ?? 0), 0);
  const chance = Math.max(OTHERS.least, OTHERS.perOnset * ones) / Math.max(1, rows.length - ones);
  if (chance >= 1) return { rows, weight: of.weight };
  return {
    rows: rows.filter((row) => of.outcome[row] === 1 || hashOf(row, seed + 1) < chance * 2 ** 32),
    weight: of.weight.map((weight, row) => (of.outcome[row] === 1 ? weight : weight / chance)),
  };
}

/** The same with only these rows. */
export function someRows(of: LearningRows, rows: Int32Array, drawing: Drawing): LearningRows {
  return learningRows(
    {
      columns: of.columns.map((column) => encodedRows(column, rows)),
      outcome: Uint8Array.from(rows, (row) => of.outcome[row] ?? 0),
      weight: Float32Array.from(rows, (row) => of.weight[row] ?? 0),
      household: Int32Array.from(rows, (row) => of.household[row] ?? 0),
    },
    drawing,
  );
}

/** A block a feature, in their order. */
export function featureBlocks(features: readonly FeatureSpec[], { columns }: LearningRows): Block[] {
  return columns.map((column, place) => featureBlock(specOf(features, place), column));
}

/** The block of a pair. */
export function blockOfPair(features: readonly FeatureSpec[], coarse: CoarseColumns, pair: Pair): Block {
  const [one, other] = pair.map((place) => coarse.get(place));
  if (one === undefined || other === undefined) throw new Error(`no columns for the pair ${pair.join()}`);
  return pairBlock([specOf(features, pair[0]), specOf(features, pair[1])], [one, other]);
}

export function specOf(features: readonly FeatureSpec[], place: number): FeatureSpec {
  const spec = features[place];
  if (spec === undefined) throw new Error(`no feature ${place}`);
  return spec;
}
