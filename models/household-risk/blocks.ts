import type { EncodedColumn } from "./encoding.ts";
import type { FeatureSpec } from "./features.ts";

/** A linear map from parameters to the values at a block's slots, with what holds the parameters back. */
export interface Basis {
  readonly parameters: number;
  /** Slots × parameters, row after row. */
  readonly matrix: Float64Array;
  /** Each parameter's share in the pull to 0. */
  readonly penalty: Float64Array;
  /** 1 where a parameter may not be negative. */
  readonly notNegative: Uint8Array;
}

/** One term of the model while it is learnt: its rows' slots, and the parameters that its slots' values are made of. */
export interface Block {
  readonly one: EncodedColumn;
  /** The second column of a pair; absent for a single feature. */
  readonly other?: EncodedColumn;
  readonly slots: number;
  readonly basis: Basis;
}

/** A function on the slots of one column. */
type SlotFunction = readonly number[];

interface Column {
  readonly encoded: EncodedColumn;
  readonly monotone: boolean;
  /** Steps from each knot to the next, falling for a feature that lowers the risk: each is 0 or 1, and 0 where missing. */
  readonly steps: readonly SlotFunction[];
  /** The steps, or a category's levels, less their mean; then the missing level. */
  readonly centred: readonly SlotFunction[];
  readonly missing: SlotFunction;
}

/**
 * A single feature: a step between two knots a parameter, so that a feature of known direction has none that is negative;
 * a category has a parameter a level. All have mean 0 over the rows where the feature is present, so that what is seldom
 * or never seen is pulled to the mean.
 */
export function featureBlock(feature: FeatureSpec, encoded: EncodedColumn): Block {
  const { monotone, centred } = columnOf(feature, encoded);
  const scale = feature.kind === "category" ? 1 : Math.max(1, encoded.knots.length - 1) / USUAL_STEPS;
  const missing = centred.length - 1;
  return {
    one: encoded,
    slots: encoded.slots,
    basis: basisOf(encoded.slots, centred, {
      penalty: (place) => (place === missing ? 1 : scale),
      notNegative: (place) => monotone && place !== missing,
    }),
  };
}

/** Steps of a feature at which a parameter's pull to 0 is the strength itself. */
const USUAL_STEPS = 8;

/**
 * A pair of features: what both together add to what each adds alone. Where a feature has a direction, every parameter
 * moves along it whatever the other feature's value: of two such features both the corner (both beyond) and the edge
 * (one beyond suffices) are offered, so that together may weigh more, or less, than the sum.
 */
export function pairBlock(
  features: readonly [FeatureSpec, FeatureSpec],
  encoded: readonly [EncodedColumn, EncodedColumn],
): Block {
  const one = columnOf(features[0], encoded[0]);
  const other = columnOf(features[1], encoded[1]);
  const free: SlotFunction[] = [];
  const held: SlotFunction[] = [];
  const product = (left: SlotFunction, right: SlotFunction): SlotFunction =>
    left.flatMap((a) => right.map((b) => a * b));
  const either = (left: SlotFunction, right: SlotFunction): SlotFunction =>
    left.flatMap((a) => right.map((b) => a + b - a * b));
  if (one.monotone && other.monotone) {
    for (const left of one.steps) {
      for (const right of other.steps) held.push(product(left, right), either(left, right));
      held.push(product(left, other.missing));
    }
    for (const right of other.steps) held.push(product(one.missing, right));
    free.push(product(one.missing, other.missing));
  } else if (one.monotone) {
    for (const left of one.steps) for (const right of slotsOf(other)) held.push(product(left, right));
    for (const right of other.centred) free.push(product(one.missing, right));
  } else if (other.monotone) {
    for (const right of other.steps) for (const left of slotsOf(one)) held.push(product(left, right));
    for (const left of one.centred) free.push(product(left, other.missing));
  } else {
    for (const left of one.centred) for (const right of other.centred) free.push(product(left, right));
  }
  const slots = encoded[0].slots * encoded[1].slots;
  return {
    one: encoded[0],
    other: encoded[1],
    slots,
    basis: basisOf(slots, [...held, ...free], {
      penalty: () => 1,
      notNegative: (place) => place < held.length,
    }),
  };
}

function columnOf(feature: FeatureSpec, encoded: EncodedColumn): Column {
  const { slots, knots } = encoded;
  const means = meanShares(encoded);
  const missing = Array.from({ length: slots }, (_, slot) => Number(slot === slots - 1));
  const monotone = feature.kind === "number" && feature.direction !== "none";
  const falling = feature.direction === "decreasing";
  const steps: SlotFunction[] =
    feature.kind === "category"
      ? knots.map((_, level) => Array.from({ length: slots }, (_, slot) => Number(slot === level)))
      : knots
          .slice(1)
          .map((_, step) =>
            Array.from({ length: slots }, (_, slot) =>
              slot === slots - 1 ? 0 : Number(falling ? slot <= step : slot > step),
            ),
          );
  const centred = steps.map((step) => {
    const mean = step.reduce((sum, value, slot) => sum + value * (means[slot] ?? 0), 0);
    const unseen = (slot: number) => feature.kind === "category" && (means[slot] ?? 0) === 0;
    return step.map((value, slot) => (slot === slots - 1 || unseen(slot) ? 0 : value - mean));
  });
  return { encoded, monotone, steps, centred: [...centred, missing], missing };
}

/** One function a slot: 1 there and 0 elsewhere. */
function slotsOf({ encoded: { slots } }: Column): SlotFunction[] {
  return Array.from({ length: slots }, (_, one) =>
    Array.from({ length: slots }, (_, slot) => Number(slot === one)),
  );
}

/** Mean share of each slot over the rows where the feature is present. */
export function meanShares({ slots, slot, share }: EncodedColumn): Float64Array {
  const sums = new Float64Array(slots + 1);
  for (let row = 0; row < slot.length; row++) {
    const at = slot[row] ?? 0;
    const far = share[row] ?? 0;
    sums[at] = (sums[at] ?? 0) + 1 - far;
    sums[at + 1] = (sums[at + 1] ?? 0) + far;
  }
  const present = Math.max(1, slot.length - (sums[slots - 1] ?? 0));
  return sums.map((sum) => sum / present).subarray(0, slots);
}

function basisOf(
  slots: number,
  functions: readonly SlotFunction[],
  of: { readonly penalty: (place: number) => number; readonly notNegative: (place: number) => boolean },
): Basis {
  const parameters = functions.length;
  const matrix = new Float64Array(slots * parameters);
  for (const [place, values] of functions.entries()) {
    for (let slot = 0; slot < slots; slot++) matrix[slot * parameters + place] = values[slot] ?? 0;
  }
  return {
    parameters,
    matrix,
    penalty: Float64Array.from(functions, (_, place) => of.penalty(place)),
    notNegative: Uint8Array.from(functions, (_, place) => Number(of.notNegative(place))),
  };
}

/** The values at a block's slots that these parameters make. */
export function slotValues({ slots, basis }: Block, parameters: Float64Array, from: number): Float64Array {
  const values = new Float64Array(slots);
  for (let slot = 0; slot < slots; slot++) {
    let sum = 0;
    for (let place = 0; place < basis.parameters; place++) {
      sum += (basis.matrix[slot * basis.parameters + place] ?? 0) * (parameters[from + place] ?? 0);
    }
    values[slot] = sum;
  }
  return values;
}

/** Where each block's parameters begin, after the intercept; and at the end, how many there are. */
export function offsetsOf(blocks: readonly Block[]): Int32Array {
  const offsets = new Int32Array(blocks.length + 1);
  offsets[0] = 1;
  for (const [place, { basis }] of blocks.entries()) {
    offsets[place + 1] = (offsets[place] ?? 0) + basis.parameters;
  }
  return offsets;
}
