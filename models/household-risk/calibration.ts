/** Log-odds times slope, plus shift. */
export interface Calibration {
  readonly slope: number;
  readonly shift: number;
}

/** Spread of the slope around 1 that is thought likely before the rows are seen: few onsets do not overturn it. */
const SLOPE_DEVIATION = 0.25;
const LEAST_SLOPE = 0.2;

/**
 * Slope and shift of log-odds that make the outcomes likeliest (Platt 1999, Probabilistic outputs for support vector
 * machines), the slope held near 1 by a normal prior, and never so low that the order of risks would turn.
 */
export function platt(logits: Float64Array, outcome: Uint8Array, weight: Float32Array): Calibration {
  let slope = 1;
  let shift = 0;
  const firm = 1 / SLOPE_DEVIATION ** 2;
  for (let step = 0; step < 30; step++) {
    let [a, b, aa, ab, bb] = [firm * (slope - 1), 0, firm, 0, 1e-9];
    for (let row = 0; row < logits.length; row++) {
      const logit = logits[row] ?? 0;
      const probability = 1 / (1 + Math.exp(-(slope * logit + shift)));
      const missed = (weight[row] ?? 0) * (probability - (outcome[row] ?? 0));
      const steep = (weight[row] ?? 0) * probability * (1 - probability);
      a += missed * logit;
      b += missed;
      aa += steep * logit * logit;
      ab += steep * logit;
      bb += steep;
    }
    const determinant = aa * bb - ab * ab;
    const change = [(bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant];
    const size = Math.max(Math.abs(change[0] ?? 0), Math.abs(change[1] ?? 0));
    const share = Math.min(1, 1 / size);
    slope = Math.max(LEAST_SLOPE, slope - share * (change[0] ?? 0));
    shift -= share * (change[1] ?? 0);
    if (size < 1e-10) break;
  }
  return { slope, shift };
}

/** The shift alone, the slope given: as many onsets expected as were seen. */
export function shiftFor(
  slope: number,
  logits: Float64Array,
  outcome: Uint8Array,
  weight: Float32Array,
): number {
  let shift = 0;
  for (let step = 0; step < 50; step++) {
    let missed = 0;
    let steep = 1e-9;
    for (let row = 0; row < logits.length; row++) {
      const probability = 1 / (1 + Math.exp(-(slope * (logits[row] ?? 0) + shift)));
      missed += (weight[row] ?? 0) * (probability - (outcome[row] ?? 0));
      steep += (weight[row] ?? 0) * probability * (1 - probability);
    }
    const change = Math.max(-1, Math.min(1, missed / steep));
    shift -= change;
    if (Math.abs(change) < 1e-10) break;
  }
  return shift;
}
