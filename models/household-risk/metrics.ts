/** One of the groups of equal size that scores are cut into, lowest first. */
export interface CalibrationBin {
  readonly rows: number;
  readonly expected: number;
  readonly observed: number;
}

/**
 * The chance that a row with the outcome is scored above one without it, equal scores counting half (area under the ROC
 * curve, as the Mann-Whitney statistic). NaN without both kinds of row.
 */
export function auc(scores: ArrayLike<number>, outcome: ArrayLike<number>): number {
  let onsets = 0;
  let wins = 0;
  let others = 0;
  for (const { ones, zeros } of ties(scores, outcome)) {
    wins += zeros * onsets + (ones * zeros) / 2;
    onsets += ones;
    others += zeros;
  }
  return wins / (onsets * others);
}

/** Mean precision over the onsets, by falling score; equal scores are one step (area under the precision-recall steps). */
export function averagePrecision(scores: ArrayLike<number>, outcome: ArrayLike<number>): number {
  let onsets = 0;
  let rows = 0;
  let sum = 0;
  for (const { ones, zeros } of ties(scores, outcome)) {
    onsets += ones;
    rows += ones + zeros;
    sum += (ones * onsets) / rows;
  }
  return sum / onsets;
}

/** Mean squared difference between probability and outcome (Brier 1950). */
export function brier(probabilities: ArrayLike<number>, outcome: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < outcome.length; row++) {
    sum += ((probabilities[row] ?? Number.NaN) - (outcome[row] ?? 0)) ** 2;
  }
  return sum / outcome.length;
}

/** Mean negative log-likelihood of the outcomes, in nats. */
export function logLoss(probabilities: ArrayLike<number>, outcome: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < outcome.length; row++) {
    const probability = probabilities[row] ?? Number.NaN;
    sum -= Math.log(outcome[row] === 1 ? probability : 1 - probability);
  }
  return sum / outcome.length;
}

/** Share of onsets among the highest-scored `share` of the rows (rounded down; equal scores in the order of the rows). */
export function precisionAt(scores: ArrayLike<number>, outcome: ArrayLike<number>, share: number): number {
  const most = Math.floor(outcome.length * share);
  const order = byFallingScore(scores);
  let onsets = 0;
  for (let place = 0; place < most; place++) onsets += outcome[order[place] ?? 0] ?? 0;
  return onsets / most;
}

/** Expected and observed onsets in `bins` groups of equal size by rising probability. */
export function calibrationBins(
  probabilities: ArrayLike<number>,
  outcome: ArrayLike<number>,
  bins: number,
): CalibrationBin[] {
  const order = byFallingScore(probabilities).reverse();
  return Array.from({ length: bins }, (_, bin) => {
    const from = Math.floor((bin * order.length) / bins);
    const to = Math.floor(((bin + 1) * order.length) / bins);
    let expected = 0;
    let observed = 0;
    for (let place = from; place < to; place++) {
      const row = order[place] ?? 0;
      expected += probabilities[row] ?? Number.NaN;
      observed += outcome[row] ?? 0;
    }
    return { rows: to - from, expected, observed };
  });
}

/** Rows by falling score; equal scores keep the order of the rows. */
function byFallingScore(scores: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(scores.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  return order.sort((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || one - other);
}

/**
 * Groups of equal score, highest first. What stands in a group is counted, and never where: scores are sorted by themselves,
 * without their rows, which takes a tenth of the time.
 */
function* ties(
  scores: ArrayLike<number>,
  outcome: ArrayLike<number>,
): Generator<{ readonly ones: number; readonly zeros: number }> {
  const [withIt, without] = [sortedWhere(scores, outcome, 1), sortedWhere(scores, outcome, 0)];
  let [lastWith, lastWithout] = [withIt.length - 1, without.length - 1];
  while (lastWith >= 0 || lastWithout >= 0) {
    const score = Math.max(
      withIt[lastWith] ?? Number.NEGATIVE_INFINITY,
      without[lastWithout] ?? Number.NEGATIVE_INFINITY,
    );
    const [beforeWith, beforeWithout] = [lastWith, lastWithout];
    while (lastWith >= 0 && withIt[lastWith] === score) lastWith--;
    while (lastWithout >= 0 && without[lastWithout] === score) lastWithout--;
    yield { ones: beforeWith - lastWith, zeros: beforeWithout - lastWithout };
  }
}

/** The scores of the rows with this outcome, lowest first. */
function sortedWhere(scores: ArrayLike<number>, outcome: ArrayLike<number>, wanted: number): Float64Array {
  const chosen = new Float64Array(scores.length);
  let count = 0;
  for (let row = 0; row < scores.length; row++)
    if (outcome[row] === wanted) chosen[count++] = scores[row] ?? Number.NaN;
  return chosen.subarray(0, count).sort();
}
