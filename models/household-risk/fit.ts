import { type Block, offsetsOf, slotValues } from "./blocks.ts";
import { curvatureOf } from "./curvature.ts";
import { type Factor, factorOf } from "./factor.ts";
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
/**
 * The curvature is measured again when a step leaves more than this share of what it promised to gain; not before so many
 * steps, since what is poor at once is the sample, and would be as poor again.
 */
const STALE = { share: 0.5, steps: 3 } as const;
/** A step that promises less than this share of the loss is the last. */
const TOLERANCE = 1e-6;
/** First steps from afar, of which each measures the curvature, roughly: on one of so many sampled rows. */
const COLD = { steps: 3, oneOf: 4 } as const;
const LEAST_CURVATURE = 1e-6;

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
  start?: Pick<Fitted, "parameters" | "curvature">,
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
  let held: { readonly curvature: Float64Array; readonly factor: Factor } | null = null;
  let promisedBefore = Number.POSITIVE_INFINITY;
  let measuredAt = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = gradientOf(problem, logits, offsets);
    for (let at = 0; at < size; at++) {
      gradient[at] = (gradient[at] ?? 0) + (penalty[at] ?? 0) * (parameters[at] ?? 0);
    }
    const isCold = start === undefined && step < COLD.steps;
    if (curvature === null) measuredAt = step;
    curvature ??= curvatureOf(isCold ? oneOf(COLD.oneOf, problem) : problem, logits);
    held ??= heldBack(curvature, penalty);
    const target = leastWithin(held.curvature, gradient, parameters, notNegative, held.factor);
    let promised = 0;
    for (let at = 0; at < size; at++) {
      promised -= (gradient[at] ?? 0) * ((target[at] ?? 0) - (parameters[at] ?? 0));
    }
    if (promised < TOLERANCE * loss) break;
    const isStale = promised > STALE.share * promisedBefore && step - measuredAt >= STALE.steps;
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
    if (isStale || share < 1 || isCold) {
      curvature = null;
      held = null;
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

/** The same with one sampled row of so many, which stands for the others. */
function oneOf(many: number, problem: Problem): Problem {
  const { sample, sampleWeight } = problem;
  const first = (_: number, place: number) => place % many === 0;
  return {
    ...problem,
    sample: sample.filter(first),
    sampleWeight: sampleWeight.filter(first).map((weight) => weight * many),
  };
}

/** The curvature of the rows' loss and of the penalty, and what factors it as long as neither changes. */
function heldBack(curvature: Float64Array, penalty: Float64Array) {
  const size = penalty.length;
  const sum = curvature.slice();
  for (let at = 0; at < size; at++) {
    sum[at * size + at] = (sum[at * size + at] ?? 0) + (penalty[at] ?? 0) + LEAST_CURVATURE;
  }
  return { curvature: sum, factor: factorOf(sum, size) };
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

function addBlock(logits: Float64Array, { one, other }: Block, given: Float64Array): void {
  const { slot, share } = one;
  const rows = logits.length;
  // One more than there are slots: a row at the last has no share in the next.
  const values = new Float64Array(given.length + 1);
  values.set(given);
  if (other === undefined && !one.between) {
    for (let row = 0; row < rows; row++) {
      logits[row] = (logits[row] ?? 0) + (values[slot[row] ?? 0] ?? 0);
    }
    return;
  }
  if (other === undefined) {
    for (let row = 0; row < rows; row++) {
      const at = slot[row] ?? 0;
      const near = values[at] ?? 0;
      logits[row] = (logits[row] ?? 0) + near + (share[row] ?? 0) * ((values[at + 1] ?? 0) - near);
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
  if (other === undefined && !one.between) {
    for (let row = 0; row < numbers.length; row++) {
      const at = slot[row] ?? 0;
      sums[at] = (sums[at] ?? 0) + (numbers[row] ?? 0);
    }
    return sums;
  }
  if (other === undefined) {
    for (let row = 0; row < numbers.length; row++) {
      const at = slot[row] ?? 0;
      const number = numbers[row] ?? 0;
      const beyond = number * (share[row] ?? 0);
      sums[at] = (sums[at] ?? 0) + number - beyond;
      sums[at + 1] = (sums[at + 1] ?? 0) + beyond;
    }
    return sums;
  }
  const width = other.slots;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row] ?? 0;
    const far = share[row] ?? 0;
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
