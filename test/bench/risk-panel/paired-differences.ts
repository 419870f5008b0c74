import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A difference with its 95% interval. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const FIGURES = ["auc", "prauc", "p_at_1pct"] as const;
type Figures = Record<(typeof FIGURES)[number], number>;

/**
 * How much higher the one's figures are than the other's on the same rows, with 95% intervals: accounts are drawn again
 * with replacement, each with all its rows (Efron 1979). The same seed draws the same accounts.
 */
export function pairedDifferences(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  rows: { readonly outcome: Uint8Array; readonly account: Int32Array },
  { seed, draws }: { readonly seed: number; readonly draws: number },
): Record<keyof Figures, Difference> {
  const placeOf = new Map<number, number>();
  const place = rows.account.map((account) => {
    const known = placeOf.get(account) ?? placeOf.size;
    placeOf.set(account, known);
    return known;
  });
  const rankings = [one, other].map((scores) => steps(scores, rows.outcome.length));
  const compare = (times: Int32Array): Figures => {
    const [first, second] = rankings.map((ranking) => figuresOf(ranking, rows.outcome, place, times));
    return {
      auc: (first?.auc ?? Number.NaN) - (second?.auc ?? Number.NaN),
      prauc: (first?.prauc ?? Number.NaN) - (second?.prauc ?? Number.NaN),
      p_at_1pct: (first?.p_at_1pct ?? Number.NaN) - (second?.p_at_1pct ?? Number.NaN),
    };
  };
  const whole = compare(new Int32Array(placeOf.size).fill(1));
  const generator = xoroshiro128plus(seed);
  const drawn = Array.from({ length: draws }, () => {
    const times = new Int32Array(placeOf.size);
    for (let draw = 0; draw < times.length; draw++) {
      const chosen = Math.floor(((generator.next() >>> 0) / 2 ** 32) * times.length);
      times[chosen] = (times[chosen] ?? 0) + 1;
    }
    return compare(times);
  });
  const interval = (figure: keyof Figures): Difference => {
    const sorted = drawn.map((figures) => figures[figure]).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
    return { value: rounded(whole[figure]), low: rounded(at(0.025)), high: rounded(at(0.975)) };
  };
  return { auc: interval("auc"), prauc: interval("prauc"), p_at_1pct: interval("p_at_1pct") };
}

/** Rows by falling score, and where each run of equal scores ends. */
interface Ranking {
  readonly order: Uint32Array;
  readonly ends: Uint8Array;
}

function steps(scores: ArrayLike<number>, rows: number): Ranking {
  const order = new Uint32Array(rows).map((_, row) => row);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const ends = new Uint8Array(rows);
  for (let at = 0; at < rows; at++) {
    ends[at] = Number(scores[order[at] ?? 0] !== scores[order[at + 1] ?? -1]);
  }
  return { order, ends };
}

function figuresOf(
  { order, ends }: Ranking,
  outcome: Uint8Array,
  place: Int32Array,
  times: Int32Array,
): Figures {
  let [onsets, others, wins, stepOnsets, stepOthers, precision] = [0, 0, 0, 0, 0, 0];
  let all = 0;
  for (let row = 0; row < outcome.length; row++) all += times[place[row] ?? 0] ?? 0;
  const most = Math.floor(all / 100);
  let [listed, caught] = [0, 0];
  for (let at = 0; at < order.length; at++) {
    const row = order[at] ?? 0;
    const weight = times[place[row] ?? 0] ?? 0;
    const isOnset = outcome[row] === 1;
    if (isOnset) stepOnsets += weight;
    else stepOthers += weight;
    const taken = Math.min(weight, most - listed);
    listed += taken;
    if (isOnset) caught += taken;
    if (ends[at] === 0) continue;
    wins += stepOthers * (onsets + stepOnsets / 2);
    onsets += stepOnsets;
    others += stepOthers;
    if (onsets > 0) precision += (stepOnsets * onsets) / (onsets + others);
    stepOnsets = 0;
    stepOthers = 0;
  }
  return { auc: wins / (onsets * others), prauc: precision / onsets, p_at_1pct: caught / most };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
