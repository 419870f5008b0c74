import { addAt } from "./blend.ts";
import { type Block, meanShares } from "./blocks.ts";
import type { Calibration } from "./calibration.ts";
import type { FeatureSpec } from "./features.ts";
import { type Fitted, slotSums } from "./fit.ts";
import { type LearningRows, type Pair, specOf } from "./learning-rows.ts";
import type { Term } from "./model.ts";

/**
 * Turns what was learnt into terms that can be read one by one. What a pair says of either feature alone is moved into that
 * feature's own term (a functional analysis of variance, cell by cell: Lengerich et al. 2020, Purifying interaction effects);
 * every term is moved to mean 0 over the rows, its mean going into the base; the calibration multiplies all.
 */
export function assembled(
  features: readonly FeatureSpec[],
  { columns, weight }: LearningRows,
  blocks: readonly Block[],
  pairs: readonly Pair[],
  fitted: Fitted,
  { slope, shift }: Calibration,
): { readonly base: number; readonly terms: readonly Term[] } {
  const ofFeature = columns.map((_, place) => Float64Array.from(fitted.values[place] ?? []));
  const ofPair = pairs.map((_, place) => Float64Array.from(fitted.values[columns.length + place] ?? []));
  for (const [place, pair] of pairs.entries()) {
    const block = blocks[columns.length + place];
    const table = ofPair[place];
    if (block?.other === undefined || table === undefined) continue;
    const width = block.other.slots;
    const height = block.one.slots;
    const [down, across] = [sharesOf(block.one), sharesOf(block.other)];
    const rowMeans = Float64Array.from({ length: height }, (_, row) =>
      across.reduce((sum, share, column) => sum + share * (table[row * width + column] ?? 0), 0),
    );
    const columnMeans = Float64Array.from({ length: width }, (_, column) =>
      down.reduce((sum, share, row) => sum + share * (table[row * width + column] ?? 0), 0),
    );
    const mean = down.reduce((sum, share, row) => sum + share * (rowMeans[row] ?? 0), 0);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const at = row * width + column;
        table[at] = (table[at] ?? 0) - (rowMeans[row] ?? 0) - (columnMeans[column] ?? 0) + mean;
      }
    }
    addAt(ofFeature[pair[0]], columns[pair[0]]?.knots, block.one.knots, rowMeans);
    addAt(ofFeature[pair[1]], columns[pair[1]]?.knots, block.other.knots, columnMeans);
    // The mean is in both: taken out once, it is left to the centring below.
  }
  const total = weight.reduce((sum, one) => sum + one, 0);
  const weights = Float64Array.from(weight);
  let base = 0;
  for (let row = 0; row < weight.length; row++)
    base += ((weight[row] ?? 0) * (fitted.logits[row] ?? 0)) / total;
  const centred = (values: Float64Array, block: Block | undefined): number[] => {
    if (block === undefined) return [];
    const sums = slotSums(block, weights);
    const mean = values.reduce((sum, value, slot) => sum + (value * (sums[slot] ?? 0)) / total, 0);
    return Array.from(values, (value) => slope * (value - mean));
  };
  const terms: Term[] = columns.map((column, feature) => {
    const values = centred(ofFeature[feature] ?? new Float64Array(), blocks[feature]);
    const missing = values.pop() ?? 0;
    const { name } = specOf(features, feature);
    // A feature that was always missing says nothing once it is there.
    return column.knots.length === 0
      ? { kind: "feature", name, feature, knots: [0], values: [0], missing }
      : { kind: "feature", name, feature, knots: column.knots, values, missing };
  });
  for (const [place, pair] of pairs.entries()) {
    const block = blocks[columns.length + place];
    if (block?.other === undefined) continue;
    const width = block.other.slots;
    const values = centred(ofPair[place] ?? new Float64Array(), block);
    terms.push({
      kind: "pair",
      name: pair.map((feature) => specOf(features, feature).name).join(" × "),
      pair,
      knots: [block.one.knots, block.other.knots],
      values: Array.from({ length: block.one.slots }, (_, row) =>
        values.slice(row * width, (row + 1) * width),
      ),
    });
  }
  return { base: slope * base + shift, terms };
}

/** Share of the rows in each slot, the missing one too. */
function sharesOf(column: Block["one"]): Float64Array {
  const shares = meanShares(column);
  const missing = column.slot.reduce((sum, slot) => sum + Number(slot === column.slots - 1), 0);
  const share = missing / Math.max(1, column.slot.length);
  return shares.map((value, slot) => (slot === column.slots - 1 ? share : value * (1 - share)));
}
