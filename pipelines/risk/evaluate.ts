import { type Interval, sharesOf } from "../../models/household-risk/bootstrap.ts";
import { type Duel, onList, type PastRows, records } from "../../models/household-risk/gate.ts";
import { auc, averagePrecision, brier } from "../../models/household-risk/metrics.ts";
import type { Figure } from "./model-memory.ts";

/** What competed on the past dates. */
export interface Judged {
  readonly name: string;
  readonly score: Float64Array;
  /** Whether the score is a probability, so that it can be held against what happened. */
  readonly isProbability: boolean;
}

/** What the figures are counted from: the rows that tell, and how many places there are. */
export interface Ground {
  readonly rows: PastRows;
  readonly stratum: (row: number) => string;
  readonly capacity: ArrayLike<number>;
  /** A day since 1970 as a date. */
  readonly date: (day: number) => string;
  readonly draws: { readonly seed: number; readonly draws: number };
}

const STRATA = ["new_entrant", "never", "clean", "other"] as const;

/**
 * How everything that competed did: at the teams' capacity, as a ranking and as probabilities; date by date, over all, and
 * stratum by stratum.
 */
export function evaluate(
  ground: Ground,
  judged: readonly Judged[],
  fought: readonly (Duel & { readonly metric: string })[],
): Figure[] {
  const { rows } = ground;
  const lists = judged.map(({ name, score }) => ({ name, listed: onList(rows, score, ground.capacity) }));
  const all = Array.from({ length: rows.rows }, (_, row) => row);
  const origins = [...new Set(all.map((row) => rows.origin[row] ?? 0))].sort((one, other) => one - other);
  const told: Figure[] = [];
  for (const [index, { name, score, isProbability }] of judged.entries()) {
    const listed = lists[index]?.listed ?? new Uint8Array(rows.rows);
    const tell = (origin: string, stratum: string, chosen: readonly number[], bounded: boolean) => {
      const figures = figuresOf(ground, chosen, score, listed, isProbability, bounded);
      const onsets = count(chosen, rows.outcome);
      for (const [metric, { value, low, high }] of figures) {
        const figure = { value: finite(value), low: finite(low), high: finite(high) };
        told.push({ model: name, origin, stratum, metric, ...figure, households: chosen.length, onsets });
      }
    };
    tell("pooled", "all", all, true);
    for (const stratum of STRATA) {
      const chosen = all.filter((row) => ground.stratum(row) === stratum);
      if (chosen.length > 0) tell("pooled", stratum, chosen, true);
    }
    for (const origin of origins) {
      const chosen = all.filter((row) => rows.origin[row] === origin);
      tell(ground.date(origin), "all", chosen, false);
    }
  }
  const whole = { households: rows.rows, onsets: count(all, rows.outcome) };
  const pooled = { origin: "pooled", stratum: "all", ...whole };
  for (const { name, mean, worst, regret } of records(rows, lists)) {
    for (const [metric, value] of Object.entries({ recall_mean: mean, recall_worst: worst, regret }))
      told.push({ model: name, ...pooled, metric, value: finite(value), low: null, high: null });
  }
  for (const { rival, difference, metric } of fought) {
    const { value, low, high } = difference;
    const figure = { value: finite(value), low: finite(low), high: finite(high) };
    told.push({ model: rival, ...pooled, metric, ...figure });
  }
  return told;
}

function figuresOf(
  { rows, draws }: Ground,
  chosen: readonly number[],
  score: Float64Array,
  listed: Uint8Array,
  isProbability: boolean,
  bounded: boolean,
): [metric: string, Partial<Interval>][] {
  const outcome = Uint8Array.from(chosen, (row) => rows.outcome[row] ?? 0);
  const scores = Float64Array.from(chosen, (row) => score[row] ?? Number.NaN);
  const places = new Map<number, number>();
  const [onsets, caught, called]: [number[], number[], number[]] = [[], [], []];
  for (const row of chosen) {
    const fell = rows.outcome[row] ?? 0;
    const onIt = listed[row] ?? 0;
    if (fell === 0 && onIt === 0) continue;
    const household = rows.household[row] ?? 0;
    const place = places.get(household) ?? places.size;
    places.set(household, place);
    onsets[place] = (onsets[place] ?? 0) + fell;
    called[place] = (called[place] ?? 0) + onIt;
    caught[place] = (caught[place] ?? 0) + fell * onIt;
  }
  const shares = [onsets, called].map((of) => ({
    numerator: Float64Array.from(caught),
    denominator: Float64Array.from(of),
  }));
  const [recall, precision]: readonly Partial<Interval>[] = bounded
    ? sharesOf(shares, draws)
    : shares.map(({ numerator, denominator }) => ({ value: sum(numerator) / sum(denominator) }));
  return [
    ["caught", { value: sum(caught) }],
    ["listed", { value: sum(called) }],
    ["recall", recall ?? {}],
    ["precision", precision ?? {}],
    ["auc", { value: auc(scores, outcome) }],
    ["average_precision", { value: averagePrecision(scores, outcome) }],
    ...(isProbability
      ? [["brier", { value: brier(scores, outcome) }] satisfies [string, Partial<Interval>]]
      : []),
  ];
}

function count(rows: readonly number[], outcome: ArrayLike<number>): number {
  return rows.reduce((total, row) => total + (outcome[row] ?? 0), 0);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let place = 0; place < values.length; place++) total += values[place] ?? 0;
  return total;
}

/** What no figure can be given for stands as null. */
function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
