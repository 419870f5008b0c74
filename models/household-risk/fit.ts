import { type Block, slotValues } from "./blocks.ts";
import { leastWithin } from "./quadratic.ts";

/** Rows to learn from. */
export interface Problem {
  readonly blocks: readonly Block[];
  readonly outcome: Uint8Array;
  /** How many rows each row stands for. */
  readonly weight: Float32Array;
  /** Rows that the curvature is measured on, and how many rows each stands for; the slope is always that of all rows. */
  readonly sample: Int32Array;
  readonly sampleWeight: Float32Array;
  /** Log-odds that stand whatever the blocks add; 0 where absent. */
  readonly offset?: Float64Array;
}

export interface Fitted {
  readonly intercept: number;
  /** Log-odds at each block's slots. */
  readonly values: readonly Float64Array[];
  /** Log-odds of each row. */
  readonly logits: Float64Array;
  /** The intercept, then every block's parameters. */
  readonly parameters: Float64Array;
  /** Curvature of the rows' loss where it was measured last; null where that has become poor. */
  readonly curvature: Float64Array | null;
}

const MOST_STEPS = 40;
/** The curvature is measured again when a step leaves more than this share of what it promised to gain. */
const STALE = 0.4;
/** A step that promises less than this share of the loss is the last. */
const TOLERANCE = 1e-7;
/** First steps from afar, of which each measures the curvature. */
const COLD_STEPS = 3;
const LEAST_CURVATURE = 1e-6;
const CHUNK = 2_048;

/**
 * The parameters that make the outcomes likeliest, each pulled to 0 by its penalty, and none negative that
 * may not be: a penalised logistic regression, by Newton's method. The problem is convex: whatever the start, there is one
 * answer. The curvature is measured anew only when steps with the one at hand become poor.
 *
 * @param pulls how strongly each block is pulled to 0.
 * @param start where to begin; parameters that it lacks are 0. Its curvature is used when it has one for every parameter.
 */
export function fitBlocks(
  problem: Problem,
  pulls: readonly number[],
  start?: Pick<Fitted, "parameters"> & Partial<Fitted>,
): Fitted {
  const { blocks, outcome, weight, offset } = problem;
  const offsets = offsetsOf(blocks);
  const size = offsets.at(-1) ?? 1;
  const penalty = new Float64Array(size);
  const notNegative = new Uint8Array(size);
  for (const [place, { basis }] of blocks.entries()) {
    const from = offsets[place] ?? 1;
    for (let at = 0; at < basis.parameters; at++) {
      penalty[from + at] = (pulls[place] ?? 1) * (basis.penalty[at] ?? 0);
      notNegative[from + at] = basis.notNegative[at] ?? 0;
    }
  }
  let parameters = new Float64Array(size);
  if (start === undefined) parameters[0] = offset === undefined ? baseLogit(outcome, weight) : 0;
  else parameters.set(start.parameters);
  let values = valuesOf(blocks, parameters, offsets);
  let logits = logitsAt(parameters, values);
  let loss = lossOf(logits) + pull(parameters);
  let curvature = start?.curvature?.length === size * size ? start.curvature : null;
  let promisedBefore = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = gradientOf(problem, logits, offsets);
    for (let at = 0; at < size; at++) {
      gradient[at] = (gradient[at] ?? 0) + (penalty[at] ?? 0) * (parameters[at] ?? 0);
    }
    curvature ??= curvatureOf(problem, logits, offsets);
    const held = Float64Array.from(curvature);
    for (let at = 0; at < size; at++) {
      held[at * size + at] = (held[at * size + at] ?? 0) + (penalty[at] ?? 0) + LEAST_CURVATURE;
    }
    const target = leastWithin(held, gradient, parameters, notNegative);
    let promised = 0;
    for (let at = 0; at < size; at++) {
      promised -= (gradient[at] ?? 0) * ((target[at] ?? 0) - (parameters[at] ?? 0));
    }
    if (promised < TOLERANCE * loss) break;
    const stale = promised > STALE * promisedBefore;
    promisedBefore = promised;
    let share = 1;
    for (;;) {
      const next = new Float64Array(size);
      for (let at = 0; at < size; at++) {
        next[at] = (parameters[at] ?? 0) + share * ((target[at] ?? 0) - (parameters[at] ?? 0));
      }
      const nextValues = valuesOf(blocks, next, offsets);
      const nextLogits = logitsAt(next, nextValues);
      const nextLoss = lossOf(nextLogits) + pull(next);
      if (nextLoss <= loss - 1e-4 * share * promised || share < 1e-3) {
        if (nextLoss < loss) {
          parameters = next;
          values = nextValues;
          logits = nextLogits;
          loss = nextLoss;
        } else share = 0;
        break;
      }
      share /= 2;
    }
    if (share === 0) break;
    if (stale || share < 1 || (start === undefined && step < COLD_STEPS)) {
      curvature = null;
      promisedBefore = Number.POSITIVE_INFINITY;
    }
  }
  return { intercept: parameters[0] ?? 0, values, logits, parameters, curvature };

  function logitsAt(of: Float64Array, at: readonly Float64Array[]): Float64Array {
    const told = logitsOf(blocks, at, of[0] ?? 0, outcome.length);
    if (offset !== undefined)
      for (let row = 0; row < told.length; row++) told[row] = (told[row] ?? 0) + (offset[row] ?? 0);
    return told;
  }

  function lossOf(of: Float64Array): number {
    let sum = 0;
    for (let row = 0; row < of.length; row++) {
      sum += (weight[row] ?? 0) * lossOfRow(of[row] ?? 0, outcome[row] ?? 0);
    }
    return sum;
  }

  function pull(of: Float64Array): number {
    let sum = 0;
    for (let at = 0; at < size; at++) sum += ((penalty[at] ?? 0) / 2) * (of[at] ?? 0) ** 2;
    return sum;
  }
}

/** Negative log-likelihood of an outcome, in nats. */
export function lossOfRow(logit: number, outcome: number): number {
  const missed = outcome === 1 ? -logit : logit;
  return Math.max(missed, 0) + Math.log1p(Math.exp(-Math.abs(missed)));
}

/** Log-odds of the weighted share of onsets. */
function baseLogit(outcome: Uint8Array, weight: Float32Array): number {
  let ones = 0;
  let all = 0;
  for (let row = 0; row < outcome.length; row++) {
    all += weight[row] ?? 0;
    if (outcome[row] === 1) ones += weight[row] ?? 0;
  }
  return Math.log((ones + 0.5) / (all - ones + 0.5));
}

/** Log-odds of rows: the intercept and, of each block, the values at its slots by the row's share in each. */
export function logitsOf(
  blocks: readonly Block[],
  values: readonly Float64Array[],
  intercept: number,
  rows: number,
): Float64Array {
  const logits = new Float64Array(rows).fill(intercept);
  for (const [place, block] of blocks.entries()) {
    addBlock(logits, block, values[place] ?? new Float64Array(block.slots));
  }
  return logits;
}

function addBlock(logits: Float64Array, { one, other }: Block, values: Float64Array): void {
  const { slot, share } = one;
  const rows = logits.length;
  if (other === undefined) {
    for (let row = 0; row < rows; row++) {
      const at = slot[row] ?? 0;
      const far = share[row] ?? 0;
      const near = values[at] ?? 0;
      logits[row] = (logits[row] ?? 0) + (far === 0 ? near : near + far * ((values[at + 1] ?? 0) - near));
    }
    return;
  }
  const width = other.slots;
  for (let row = 0; row < rows; row++) {
    const at = (slot[row] ?? 0) * width + (other.slot[row] ?? 0);
    const far = share[row] ?? 0;
    const across = other.share[row] ?? 0;
    let told = (1 - far) * (1 - across) * (values[at] ?? 0);
    if (across !== 0) told += (1 - far) * across * (values[at + 1] ?? 0);
    if (far !== 0) told += far * (1 - across) * (values[at + width] ?? 0);
    if (far !== 0 && across !== 0) told += far * across * (values[at + width + 1] ?? 0);
    logits[row] = (logits[row] ?? 0) + told;
  }
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

function valuesOf(
  blocks: readonly Block[],
  parameters: Float64Array,
  offsets: Int32Array,
): readonly Float64Array[] {
  return blocks.map((block, place) => slotValues(block, parameters, offsets[place] ?? 1));
}

/** Slope of the loss of all rows along every parameter. */
function gradientOf({ blocks, outcome, weight }: Problem, logits: Float64Array, offsets: Int32Array) {
  const gradient = new Float64Array(offsets.at(-1) ?? 1);
  const missed = new Float64Array(logits.length);
  let sum = 0;
  for (let row = 0; row < logits.length; row++) {
    const more = (weight[row] ?? 0) * (1 / (1 + Math.exp(-(logits[row] ?? 0))) - (outcome[row] ?? 0));
    missed[row] = more;
    sum += more;
  }
  gradient[0] = sum;
  for (const [place, block] of blocks.entries()) {
    const slots = slotSums(block, missed);
    const { parameters, matrix } = block.basis;
    const from = offsets[place] ?? 1;
    for (let slot = 0; slot < block.slots; slot++) {
      const value = slots[slot] ?? 0;
      if (value === 0) continue;
      for (let at = 0; at < parameters; at++) {
        gradient[from + at] = (gradient[from + at] ?? 0) + value * (matrix[slot * parameters + at] ?? 0);
      }
    }
  }
  return gradient;
}

/** Sums of a number over the rows, by slot. */
export function slotSums({ one, other, slots }: Block, numbers: Float64Array): Float64Array {
  const sums = new Float64Array(slots + (other?.slots ?? 0) + 2);
  const { slot, share } = one;
  const width = other?.slots ?? 1;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row] ?? 0;
    const far = share[row] ?? 0;
    if (other === undefined) {
      const at = slot[row] ?? 0;
      sums[at] = (sums[at] ?? 0) + number * (1 - far);
      if (far !== 0) sums[at + 1] = (sums[at + 1] ?? 0) + number * far;
      continue;
    }
    const at = (slot[row] ?? 0) * width + (other.slot[row] ?? 0);
    const across = other.share[row] ?? 0;
    sums[at] = (sums[at] ?? 0) + number * (1 - far) * (1 - across);
    if (across !== 0) sums[at + 1] = (sums[at + 1] ?? 0) + number * (1 - far) * across;
    if (far === 0) continue;
    sums[at + width] = (sums[at + width] ?? 0) + number * far * (1 - across);
    if (across !== 0) sums[at + width + 1] = (sums[at + width + 1] ?? 0) + number * far * across;
  }
  return sums;
}

/** Curvature of the loss along every two parameters, measured on the sample. */
export function curvatureOf(
  { blocks, sample, sampleWeight }: Problem,
  logits: Float64Array,
  offsets: Int32Array,
) {
  const starts = new Int32Array(blocks.length + 1);
  starts[0] = 1;
  for (const [place, { slots }] of blocks.entries()) starts[place + 1] = (starts[place] ?? 0) + slots;
  const slots = starts.at(-1) ?? 1;
  // Slots that a row has no share in may be one past a block's last: the last row of a block spills into the next by 0.
  const stride = slots + 64;
  const sums = new Float64Array(stride * stride);
  const cells = blocks.map(cellsOf);
  const slotOf = cells.map((count) => new Int32Array(CHUNK * count));
  const shareOf = cells.map((count) => new Float64Array(CHUNK * count));
  const weights = new Float64Array(CHUNK);
  for (let from = 0; from < sample.length; from += CHUNK) {
    const count = Math.min(CHUNK, sample.length - from);
    for (let place = 0; place < count; place++) {
      const row = sample[from + place] ?? 0;
      const probability = 1 / (1 + Math.exp(-(logits[row] ?? 0)));
      const steep = (sampleWeight[from + place] ?? 0) * probability * (1 - probability);
      weights[place] = steep;
      sums[0] = (sums[0] ?? 0) + steep;
    }
    for (const [place, block] of blocks.entries()) {
      const slotsHere = slotOf[place] ?? new Int32Array();
      const sharesHere = shareOf[place] ?? new Float64Array();
      spread(block, sample, from, count, starts[place] ?? 1, slotsHere, sharesHere);
      const cellCount = cells[place] ?? 2;
      for (let row = 0; row < count; row++) {
        for (let cell = row * cellCount; cell < (row + 1) * cellCount; cell++) {
          const at = slotsHere[cell] ?? 0;
          sums[at] = (sums[at] ?? 0) + (sharesHere[cell] ?? 0) * (weights[row] ?? 0);
        }
      }
    }
    for (let one = 0; one < blocks.length; one++) {
      for (let other = one; other < blocks.length; other++) {
        cross(
          sums,
          stride,
          count,
          weights,
          cells[one] ?? 2,
          slotOf[one] ?? new Int32Array(),
          shareOf[one] ?? new Float64Array(),
          cells[other] ?? 2,
          slotOf[other] ?? new Int32Array(),
          shareOf[other] ?? new Float64Array(),
        );
      }
    }
  }
  return projected(blocks, sums, stride, starts, offsets);
}

/** Slots that a row of the block may have a share in. */
function cellsOf({ one, other }: Block): 1 | 2 | 4 {
  if (other === undefined) return one.between ? 2 : 1;
  return one.between || other.between ? 4 : 1;
}

/** Writes the slots of some sampled rows of a block, and the rows' shares in them. */
function spread(
  block: Block,
  sample: Int32Array,
  from: number,
  count: number,
  start: number,
  slots: Int32Array,
  shares: Float64Array,
): void {
  const { one, other } = block;
  const width = other?.slots ?? 1;
  const cells = cellsOf(block);
  for (let place = 0; place < count; place++) {
    const row = sample[from + place] ?? 0;
    const at = start + (one.slot[row] ?? 0) * width + (other?.slot[row] ?? 0);
    const first = cells * place;
    if (cells === 1) {
      slots[first] = at;
      shares[first] = 1;
      continue;
    }
    const far = one.share[row] ?? 0;
    if (cells === 2) {
      slots[first] = at;
      shares[first] = 1 - far;
      slots[first + 1] = at + 1;
      shares[first + 1] = far;
      continue;
    }
    const across = other?.share[row] ?? 0;
    slots[first] = at;
    shares[first] = (1 - far) * (1 - across);
    slots[first + 1] = at + 1;
    shares[first + 1] = (1 - far) * across;
    slots[first + 2] = at + width;
    shares[first + 2] = far * (1 - across);
    slots[first + 3] = at + width + 1;
    shares[first + 3] = far * across;
  }
}

/** Adds weight × share × share of every slot of one block with every slot of another. */
function cross(
  sums: Float64Array,
  stride: number,
  count: number,
  weights: Float64Array,
  oneCells: number,
  oneSlot: Int32Array,
  oneShare: Float64Array,
  otherCells: number,
  otherSlot: Int32Array,
  otherShare: Float64Array,
): void {
  if (oneCells === 1 && otherCells === 1) {
    for (let row = 0; row < count; row++) {
      const at = (oneSlot[row] ?? 0) * stride + (otherSlot[row] ?? 0);
      sums[at] = (sums[at] ?? 0) + (weights[row] ?? 0);
    }
    return;
  }
  for (let row = 0; row < count; row++) {
    const weight = weights[row] ?? 0;
    const from = row * otherCells;
    const to = from + otherCells;
    for (let a = row * oneCells; a < (row + 1) * oneCells; a++) {
      const share = weight * (oneShare[a] ?? 0);
      if (share === 0) continue;
      const base = (oneSlot[a] ?? 0) * stride;
      for (let b = from; b < to; b++) {
        const at = base + (otherSlot[b] ?? 0);
        sums[at] = (sums[at] ?? 0) + share * (otherShare[b] ?? 0);
      }
    }
  }
}

/** From slots to parameters: basisᵀ · sums · basis for every two blocks. */
function projected(
  blocks: readonly Block[],
  sums: Float64Array,
  stride: number,
  starts: Int32Array,
  offsets: Int32Array,
): Float64Array {
  const size = offsets.at(-1) ?? 1;
  const curvature = new Float64Array(size * size);
  curvature[0] = sums[0] ?? 0;
  for (const [one, { slots, basis }] of blocks.entries()) {
    const start = starts[one] ?? 1;
    const offset = offsets[one] ?? 1;
    for (let at = 0; at < basis.parameters; at++) {
      let sum = 0;
      for (let slot = 0; slot < slots; slot++) {
        sum += (sums[start + slot] ?? 0) * (basis.matrix[slot * basis.parameters + at] ?? 0);
      }
      curvature[offset + at] = sum;
      curvature[(offset + at) * size] = sum;
    }
    for (let other = one; other < blocks.length; other++) {
      const second = blocks[other];
      if (second === undefined) continue;
      const width = second.basis.parameters;
      const half = new Float64Array(slots * width);
      for (let slot = 0; slot < slots; slot++) {
        for (let across = 0; across < second.slots; across++) {
          const sum = sums[(start + slot) * stride + (starts[other] ?? 1) + across] ?? 0;
          if (sum === 0) continue;
          for (let at = 0; at < width; at++) {
            half[slot * width + at] =
              (half[slot * width + at] ?? 0) + sum * (second.basis.matrix[across * width + at] ?? 0);
          }
        }
      }
      for (let left = 0; left < basis.parameters; left++) {
        for (let slot = 0; slot < slots; slot++) {
          const factor = basis.matrix[slot * basis.parameters + left] ?? 0;
          if (factor === 0) continue;
          const row = (offset + left) * size + (offsets[other] ?? 1);
          for (let at = 0; at < width; at++) {
            curvature[row + at] = (curvature[row + at] ?? 0) + factor * (half[slot * width + at] ?? 0);
          }
        }
      }
      if (other === one) continue;
      for (let left = 0; left < basis.parameters; left++) {
        for (let at = 0; at < width; at++) {
          const right = (offsets[other] ?? 1) + at;
          curvature[right * size + offset + left] = curvature[(offset + left) * size + right] ?? 0;
        }
      }
    }
  }
  return curvature;
}
