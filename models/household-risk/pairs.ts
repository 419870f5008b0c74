import type { FeatureSpec } from "./features.ts";
import { fitBlocks, logitsOf } from "./fit.ts";
import { blockOfPair, type CoarseColumns, type LearningRows, type Pair } from "./learning-rows.ts";
import { standardErrorsGained } from "./loss.ts";

/** What was learnt on some rows, and what it expects there and in the window. */
export interface Learnt {
  readonly fit: LearningRows;
  readonly fitLogits: Float64Array;
  readonly window: LearningRows;
  readonly windowLogits: Float64Array;
}

/** Pairs looked at closely. */
const CANDIDATES = 30;
/** A pair lowers the loss of the window by this many standard errors at least; all of them together by more. */
const LEAST_GAIN = { each: 0.2, together: 1 } as const;
/** A category of more levels is in no pair. */
const MOST_LEVELS = 24;
/** Cells a side, in the first look at every pair. */
const CELLS = 8;

/**
 * The likeliest pairs, likeliest first: those whose cells, of one feature by the other, leave most to explain once each
 * feature has had its say (as FAST does: Lou et al. 2013, Accurate intelligible models with pairwise interactions).
 */
export function candidatePairs(
  features: readonly FeatureSpec[],
  learnt: readonly Learnt[],
  strength: number,
): Pair[] {
  const places = features.flatMap(({ kind, levels = [] }, place) =>
    kind === "category" && levels.length > MOST_LEVELS ? [] : [place],
  );
  const gains = new Map<string, { readonly pair: Pair; gain: number }>();
  for (const { fit: rows, fitLogits } of learnt) {
    const { outcome, weight } = rows;
    const missed = new Float64Array(outcome.length);
    const steep = new Float64Array(outcome.length);
    const noise = new Float64Array(outcome.length);
    for (let row = 0; row < outcome.length; row++) {
      const probability = 1 / (1 + Math.exp(-(fitLogits[row] ?? 0)));
      missed[row] = (weight[row] ?? 0) * ((outcome[row] ?? 0) - probability);
      steep[row] = (weight[row] ?? 0) * probability * (1 - probability);
      noise[row] = (weight[row] ?? 0) * (steep[row] ?? 0);
    }
    const cells = new Map(places.map((place) => [place, cellsOf(rows, place)]));
    const varied = places.filter((place) => new Set(cells.get(place)).size > 1);
    for (const [at, one] of varied.entries()) {
      for (const other of varied.slice(at + 1)) {
        const key = `${one},${other}`;
        const found = gains.get(key) ?? { pair: [one, other] as const, gain: 0 };
        found.gain += gainOf(cells.get(one), cells.get(other), { missed, steep, noise, strength });
        gains.set(key, found);
      }
    }
  }
  return [...gains.values()]
    .filter(({ gain }) => gain > 0)
    .sort((one, other) => other.gain - one.gain)
    .slice(0, CANDIDATES)
    .map(({ pair }) => pair);
}

/**
 * The pairs that may earn their place, of the candidates: each is learnt on top of what is there already, and kept only
 * if it lowers the loss of the window.
 *
 * @param columns of each part, those of its rows to learn from and of its window.
 */
export function pairsThatHelp(
  features: readonly FeatureSpec[],
  candidates: readonly Pair[],
  learnt: readonly Learnt[],
  columns: readonly { readonly fit: CoarseColumns; readonly window: CoarseColumns }[],
  of: { readonly strength: number; readonly most: number },
): Pair[] {
  const kept: Pair[] = [];
  let before = learnt.map(({ fitLogits, windowLogits }) => ({ fit: fitLogits, window: windowLogits }));
  for (const pair of candidates) {
    if (kept.length === of.most) break;
    const tried = learnt.map((part, place) => {
      const coarse = columns[place];
      const offsets = before[place];
      if (coarse === undefined || offsets === undefined) throw new Error(`no columns for part ${place}`);
      const blocks = [blockOfPair(features, coarse.fit, pair)];
      const fitted = fitBlocks({ ...part.fit, blocks, offset: offsets.fit }, [of.strength]);
      const added = logitsOf(
        [blockOfPair(features, coarse.window, pair)],
        fitted.values,
        fitted.intercept,
        part.window.outcome.length,
      );
      return { fit: fitted.logits, window: added.map((logit, row) => logit + (offsets.window[row] ?? 0)) };
    });
    const gain = standardErrorsGained(
      learnt.map(({ window }) => window),
      before.map(({ window }) => window),
      tried.map(({ window }) => window),
    );
    if (gain < LEAST_GAIN.each) continue;
    kept.push(pair);
    before = tried;
  }
  return kept.sort(([one, other], [first, second]) => one - first || other - second);
}

/**
 * Whether pairs lower the loss of the windows by more than noise, rows of one household counting as one.
 *
 * @param without log-odds of the windows' rows without pairs, and `withPairs` with them.
 */
export function pairsHelp(
  windows: readonly LearningRows[],
  without: readonly Float64Array[],
  withPairs: readonly Float64Array[],
): boolean {
  return standardErrorsGained(windows, without, withPairs) > LEAST_GAIN.together;
}

/** The cell of each row: neighbouring knots together, missing by itself, last. */
function cellsOf({ columns }: LearningRows, place: number): Uint8Array {
  const column = columns[place];
  if (column === undefined) throw new Error(`no column ${place}`);
  const { slot, share, slots, knots } = column;
  const cell = Uint8Array.from({ length: slots }, (_, at) =>
    at === slots - 1 ? CELLS : Math.floor((at * Math.min(CELLS, knots.length)) / Math.max(1, knots.length)),
  );
  return Uint8Array.from(slot, (at, row) => cell[at + ((share[row] ?? 0) >= 0.5 ? 1 : 0)] ?? CELLS);
}

/** What a value a cell, pulled to 0, would gain in log-likelihood, twice, less what chance alone would. */
function gainOf(
  one: Uint8Array | undefined,
  other: Uint8Array | undefined,
  of: {
    readonly missed: Float64Array;
    readonly steep: Float64Array;
    readonly noise: Float64Array;
    readonly strength: number;
  },
): number {
  if (one === undefined || other === undefined) return 0;
  const { missed, steep, noise, strength } = of;
  const width = CELLS + 1;
  const sums = new Float64Array(width * width);
  const steeps = new Float64Array(width * width);
  const noises = new Float64Array(width * width);
  for (let row = 0; row < missed.length; row++) {
    const cell = (one[row] ?? 0) * width + (other[row] ?? 0);
    sums[cell] = (sums[cell] ?? 0) + (missed[row] ?? 0);
    steeps[cell] = (steeps[cell] ?? 0) + (steep[row] ?? 0);
    noises[cell] = (noises[cell] ?? 0) + (noise[row] ?? 0);
  }
  return sums.reduce(
    (gain, sum, cell) => gain + (sum ** 2 - (noises[cell] ?? 0)) / ((steeps[cell] ?? 0) + strength),
    0,
  );
}
