import { offsetsOf } from "./blocks.ts";
import { curvatureOf } from "./curvature.ts";
import { factorOf } from "./factor.ts";
import type { Fitted, Problem } from "./fit.ts";

/** However little, or much, a term varies, it is pulled to 0 at least, and at most, so strongly. */
const PULL = { least: 0.1, most: 3_000 } as const;
const LEAST_CURVATURE = 1e-6;

/**
 * How strongly each block would best be pulled to 0, from what was learnt with the pulls at hand: as many parameters as
 * the rows really tell apart, by the sum of their squares. A feature that tells nothing is pulled flat, one that tells
 * much is left free. One step of the method of Fellner and Schall, as in Wood and Fasiolo 2017, A generalized
 * Fellner-Schall method for smoothing parameter optimization, Biometrics 73.
 */
export function adaptedPulls(problem: Problem, pulls: readonly number[], fitted: Fitted): number[] {
  const { blocks } = problem;
  const { parameters, logits } = fitted;
  const offsets = offsetsOf(blocks);
  const size = offsets.at(-1) ?? 1;
  const curvature = curvatureOf(problem, logits);
  const penalty = new Float64Array(size);
  const free = [0];
  const blockOf: number[] = [-1];
  for (const [place, { basis }] of blocks.entries()) {
    for (let parameter = 0; parameter < basis.parameters; parameter++) {
      const at = (offsets[place] ?? 1) + parameter;
      penalty[at] = basis.penalty[parameter] ?? 0;
      const pull = (pulls[place] ?? 1) * (penalty[at] ?? 0);
      curvature[at * size + at] = (curvature[at * size + at] ?? 0) + pull + LEAST_CURVATURE;
      if (basis.notNegative[parameter] === 1 && parameters[at] === 0) continue;
      free.push(at);
      blockOf.push(place);
    }
  }
  const told = new Float64Array(blocks.length);
  const squares = new Float64Array(blocks.length);
  for (const [place, variance] of factorOf(curvature, size).inverseDiagonal(free).entries()) {
    const at = free[place] ?? 0;
    const block = blockOf[place] ?? -1;
    if (block < 0) continue;
    const pull = (pulls[block] ?? 1) * (penalty[at] ?? 0);
    told[block] = (told[block] ?? 0) + 1 - pull * variance;
    squares[block] = (squares[block] ?? 0) + (penalty[at] ?? 0) * (parameters[at] ?? 0) ** 2;
  }
  return Array.from(told, (count, block) => {
    const square = squares[block] ?? 0;
    return square === 0 ? PULL.most : Math.min(PULL.most, Math.max(PULL.least, count / square));
  });
}
