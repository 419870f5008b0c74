import { type Factor, factorOf } from "./factor.ts";

/** Rounds of descent and exact solution; each leaves fewer coordinates undecided. */
const MOST_ROUNDS = 60;
const SWEEPS = 2;
/** What is not negative and less than this is 0. */
const LEAST = 1e-12;

/**
 * The point that makes gradient·(point − from) + ½ (point − from)ᵀ · curvature · (point − from) least, with none of the
 * marked coordinates negative. Some sweeps of coordinate descent guess which coordinates end at 0; the others are solved
 * for at once, and those that would turn negative stop at 0; and again, until no slope calls for more (an active-set method, as
 * in Nocedal and Wright 2006, Numerical Optimization, chapter 16).
 *
 * @param curvature symmetric and positive definite, size × size.
 * @param factor of the curvature: given again with the same curvature, what it has computed before is not computed anew.
 */
export function leastWithin(
  curvature: Float64Array,
  gradient: Float64Array,
  from: Float64Array,
  notNegative: Uint8Array,
  factor: Factor = factorOf(curvature, gradient.length),
): Float64Array {
  const size = gradient.length;
  const point = Float64Array.from(from);
  const slope = Float64Array.from(gradient);
  const move = (at: number, change: number): void => {
    point[at] = (point[at] ?? 0) + change;
    const row = at * size;
    for (let other = 0; other < size; other++) {
      slope[other] = (slope[other] ?? 0) + change * (curvature[row + other] ?? 0);
    }
  };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      for (let at = 0; at < size; at++) {
        if (notNegative[at] === 0) continue;
        const here = point[at] ?? 0;
        const wanted = here - (slope[at] ?? 0) / (curvature[at * size + at] ?? 1);
        const change = (wanted < LEAST ? 0 : wanted) - here;
        if (change !== 0) move(at, change);
      }
    }
    const free = freePlaces();
    const steps = factor.solve(
      free,
      free.map((at) => -(slope[at] ?? 0)),
    );
    // How far all may go together before the first turns negative.
    let share = 1;
    for (const [place, at] of free.entries()) {
      const step = steps[place] ?? 0;
      if (notNegative[at] === 1 && (point[at] ?? 0) + share * step < 0) share = (point[at] ?? 0) / -step;
    }
    if (share < 1 && goTo(free, steps, 1)) continue;
    goTo(free, steps, share);
    if (share === 1 && settled()) break;
  }
  return point;

  /**
   * Moves these coordinates by a share of their steps, to 0 where that would make them negative.
   *
   * @returns false, and nothing is moved, where that would gain nothing.
   */
  function goTo(places: readonly number[], steps: Float64Array, share: number): boolean {
    const change = new Float64Array(size);
    for (const [place, at] of places.entries()) {
      const here = point[at] ?? 0;
      const next = here + share * (steps[place] ?? 0);
      change[at] = (notNegative[at] === 1 && next < LEAST ? 0 : next) - here;
    }
    const after = slope.slice();
    for (let at = 0; at < size; at++) {
      const by = change[at] ?? 0;
      if (by === 0) continue;
      const row = at * size;
      for (let other = 0; other < size; other++) {
        after[other] = (after[other] ?? 0) + by * (curvature[row + other] ?? 0);
      }
    }
    let more = 0;
    for (let at = 0; at < size; at++) more += (change[at] ?? 0) * ((slope[at] ?? 0) + (after[at] ?? 0));
    if (!(more < 0)) return false;
    for (let at = 0; at < size; at++) point[at] = (point[at] ?? 0) + (change[at] ?? 0);
    slope.set(after);
    return true;
  }

  /** Whether no coordinate at 0 would gain by rising. */
  function settled(): boolean {
    for (let at = 0; at < size; at++) {
      const steep = curvature[at * size + at] ?? 1;
      if (notNegative[at] === 1 && point[at] === 0 && (slope[at] ?? 0) < -1e-6 * Math.sqrt(steep))
        return false;
    }
    return true;
  }

  /** Coordinates that may move: those that the factor holds already first, then the others, the farther from 0 the sooner. */
  function freePlaces(): number[] {
    const isFree = (at: number) => notNegative[at] === 0 || (point[at] ?? 0) > 0;
    const bound = factor.last.findIndex((at) => !isFree(at));
    const kept = bound === -1 ? factor.last : factor.last.slice(0, bound);
    const known = new Set(kept);
    const others: number[] = [];
    for (let at = 0; at < size; at++) if (isFree(at) && !known.has(at)) others.push(at);
    const far = (at: number) =>
      notNegative[at] === 0
        ? Number.POSITIVE_INFINITY
        : (point[at] ?? 0) * Math.sqrt(curvature[at * size + at] ?? 1);
    const distance = Float64Array.from({ length: size }, (_, at) => far(at));
    others.sort((one, other) => {
      const [near, away] = [distance[one] ?? 0, distance[other] ?? 0];
      return near === away ? one - other : away - near;
    });
    return [...kept, ...others];
  }
}
