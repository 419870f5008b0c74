import { type Block, offsetsOf } from "./blocks.ts";

/** Rows that a curvature is measured on. */
export interface Sampled {
  readonly blocks: readonly Block[];
  /** Rows, and how many each stands for. */
  readonly sample: Int32Array;
  readonly sampleWeight: Float32Array;
}

/** Rows at a time: what is needed of two blocks' rows stays in the processor's nearest memory. */
const CHUNK = 2_048;

/**
 * Where rows of a block lie among the slots: each in one slot, or between it and the next. A pair of features has a second
 * layer where its first feature lies between two slots, and each row a share in both.
 */
interface Layer {
  readonly slot: Int32Array;
  /** Share of the next slot; null where no row has any. */
  readonly far: Float64Array | null;
  /** Share of each row in this layer; null where all of it. */
  readonly share: Float64Array | null;
}

/**
 * Curvature of the loss along every two parameters, parameters × parameters, the intercept first: summed over the sampled
 * rows by slots, of which a row has a share in two a feature at most, then turned into parameters.
 */
export function curvatureOf({ blocks, sample, sampleWeight }: Sampled, logits: Float64Array): Float64Array {
  const starts = new Int32Array(blocks.length + 1);
  starts[0] = 1;
  for (const [place, { slots }] of blocks.entries()) starts[place + 1] = (starts[place] ?? 0) + slots;
  // A row at a block's last slot has no share in the next: it adds 0 to another block's, or beyond the last.
  const stride = (starts.at(-1) ?? 1) + 64;
  const sums = new Float64Array(stride * stride);
  const layers = blocks.map(layersOf);
  const steep = new Float64Array(CHUNK);
  const [once, twice] = [new Float64Array(CHUNK), new Float64Array(CHUNK)];
  for (let from = 0; from < sample.length; from += CHUNK) {
    const rows = sample.subarray(from, from + CHUNK);
    const count = rows.length;
    for (let place = 0; place < count; place++) {
      const probability = 1 / (1 + Math.exp(-(logits[rows[place] ?? 0] ?? 0)));
      const steepHere = (sampleWeight[from + place] ?? 0) * probability * (1 - probability);
      steep[place] = steepHere;
      sums[0] = (sums[0] ?? 0) + steepHere;
    }
    for (const [place, block] of blocks.entries()) fill(layers[place] ?? [], block, rows, starts[place] ?? 1);
    for (const [place, own] of layers.entries()) {
      for (const one of own) {
        const weight = times(steep, one.share, count, once);
        alone(sums, count, weight, one);
        for (const other of layers.slice(place).flat()) {
          cross(sums, stride, count, times(weight, other.share, count, twice), one, other);
        }
      }
    }
  }
  return projected(blocks, sums, stride, starts);
}

function layersOf({ one, other }: Block): Layer[] {
  const layer = (between: boolean, shared: boolean): Layer => ({
    slot: new Int32Array(CHUNK),
    far: between ? new Float64Array(CHUNK) : null,
    share: shared ? new Float64Array(CHUNK) : null,
  });
  if (other === undefined) return [layer(one.between, false)];
  return one.between
    ? [layer(other.between, true), layer(other.between, true)]
    : [layer(other.between, false)];
}

/** Writes where these rows of a block lie. */
function fill(layers: readonly Layer[], { one, other }: Block, rows: Int32Array, start: number): void {
  const last = other ?? one;
  const width = other?.slots ?? 0;
  for (const [second, { slot, far, share }] of layers.entries()) {
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] ?? 0;
      slot[place] = start + ((one.slot[row] ?? 0) + second) * width + (last.slot[row] ?? 0);
      if (far !== null) far[place] = last.share[row] ?? 0;
      if (share !== null) share[place] = second === 1 ? (one.share[row] ?? 0) : 1 - (one.share[row] ?? 0);
    }
  }
}

/** Each weight times the row's share, written to `into`; the weights themselves where the share is all. */
function times(
  weight: Float64Array,
  share: Float64Array | null,
  count: number,
  into: Float64Array,
): Float64Array {
  if (share === null) return weight;
  for (let row = 0; row < count; row++) into[row] = (weight[row] ?? 0) * (share[row] ?? 0);
  return into;
}

/** Adds the rows' weights by slot, with the intercept. */
function alone(sums: Float64Array, count: number, weight: Float64Array, { slot, far }: Layer): void {
  for (let row = 0; row < count; row++) {
    const at = slot[row] ?? 0;
    const whole = weight[row] ?? 0;
    const beyond = far === null ? 0 : whole * (far[row] ?? 0);
    sums[at] = (sums[at] ?? 0) + whole - beyond;
    sums[at + 1] = (sums[at + 1] ?? 0) + beyond;
  }
}

/** Adds the rows' weights by the slots of one layer and those of another. */
function cross(
  sums: Float64Array,
  stride: number,
  count: number,
  weight: Float64Array,
  one: Layer,
  other: Layer,
): void {
  const { slot: down, far: below } = one;
  const { slot: across, far: beyond } = other;
  if (below === null && beyond === null) {
    for (let row = 0; row < count; row++) {
      const at = (down[row] ?? 0) * stride + (across[row] ?? 0);
      sums[at] = (sums[at] ?? 0) + (weight[row] ?? 0);
    }
  } else if (below === null || beyond === null) {
    const between = below ?? beyond ?? weight;
    const next = below === null ? 1 : stride;
    for (let row = 0; row < count; row++) {
      const at = (down[row] ?? 0) * stride + (across[row] ?? 0);
      const whole = weight[row] ?? 0;
      const far = whole * (between[row] ?? 0);
      sums[at] = (sums[at] ?? 0) + whole - far;
      sums[at + next] = (sums[at + next] ?? 0) + far;
    }
  } else {
    for (let row = 0; row < count; row++) {
      const at = (down[row] ?? 0) * stride + (across[row] ?? 0);
      const whole = weight[row] ?? 0;
      const farDown = whole * (below[row] ?? 0);
      const share = beyond[row] ?? 0;
      const farBoth = farDown * share;
      const farAcross = whole * share;
      sums[at] = (sums[at] ?? 0) + whole - farDown - farAcross + farBoth;
      sums[at + 1] = (sums[at + 1] ?? 0) + farAcross - farBoth;
      sums[at + stride] = (sums[at + stride] ?? 0) + farDown - farBoth;
      sums[at + stride + 1] = (sums[at + stride + 1] ?? 0) + farBoth;
    }
  }
}

/** From slots to parameters: basisᵀ · sums · basis for every two blocks. */
function projected(
  blocks: readonly Block[],
  sums: Float64Array,
  stride: number,
  starts: Int32Array,
): Float64Array {
  const offsets = offsetsOf(blocks);
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
