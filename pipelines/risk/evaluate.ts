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

/** Rows of which figures are told together, and whether their shares have an interval. */
interface Part {
  readonly origin: string;
  readonly stratum: string;
  readonly rows: Int32Array;
  readonly bounded: boolean;
}

/**
 * How everything that competed did: at the teams' capacity, as a ranking and as probabilities; date by date, over all, and
 * stratum by stratum.
 */
export function evaluate(
  ground: Ground,
  judged: readonly Judged[],
  fought: readonly (Duel & { readonly metric: string })[],
): Figure[] {
  const { rows, draws } = ground;
  const lists = judged.map(({ name, score }) => ({ name, listed: onList(rows, score, ground.capacity) }));
  const parts = partsOf(ground);
  const told: Figure[] = [];
  const catches = lists.map(({ listed }) => parts.map((part) => catchesOf(rows, part.rows, listed)));
  const isBounded = (_: Catches, place: number) => parts[place]?.bounded === true;
  const drawn = catches.flatMap((ofParts) => ofParts.filter(isBounded));
  const intervals = sharesOf(
    drawn.flatMap(({ caught, onsets, called }) =>
      [onsets, called].map((denominator) => ({ numerator: caught, denominator })),
    ),
    draws,
  );
  for (const [index, { name, score, isProbability }] of judged.entries()) {
    for (const [place, part] of parts.entries()) {
      const found = catches[index]?.[place];
      if (found === undefined) continue;
      const at = 2 * drawn.indexOf(found);
      const shares = part.bounded
        ? [intervals[at], intervals[at + 1]]
        : [found.onsets, found.called].map((of) => ({ value: sum(found.caught) / sum(of) }));
      const outcome = Uint8Array.from(part.rows, (row) => rows.outcome[row] ?? 0);
      const figures = figuresOf(found, shares, chosenOf(score, part.rows), outcome, isProbability);
      const { origin, stratum } = part;
      const counts = { households: part.rows.length, onsets: sum(outcome) };
      for (const [metric, { value, low, high }] of figures) {
        const figure = { value: finite(value), low: finite(low), high: finite(high) };
        told.push({ model: name, origin, stratum, metric, ...figure, ...counts });
      }
    }
  }
  const pooled = { origin: "pooled", stratum: "all", households: rows.rows, onsets: sum(rows.outcome) };
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

/** All rows, those of each stratum that has any, and those of each date. */
function partsOf({ rows, stratum, date }: Ground): Part[] {
  const all = Int32Array.from({ length: rows.rows }, (_, row) => row);
  const strata = groupedBy(all, stratum);
  const origins = groupedBy(all, (row) => rows.origin[row] ?? 0);
  return [
    { origin: "pooled", stratum: "all", rows: all, bounded: true },
    ...STRATA.flatMap((name): Part[] => {
      const own = strata.get(name);
      return own === undefined ? [] : [{ origin: "pooled", stratum: name, rows: own, bounded: true }];
    }),
    ...[...origins]
      .sort(([one], [other]) => one - other)
      .map(([day, own]): Part => ({ origin: date(day), stratum: "all", rows: own, bounded: false })),
  ];
}

function groupedBy<Key>(rows: Int32Array, keyOf: (row: number) => Key): Map<Key, Int32Array> {
  const groups = new Map<Key, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return new Map([...groups].map(([key, group]) => [key, Int32Array.from(group)]));
}

/** Of households that fell or were listed, one place each: how often they fell, were listed, and both. */
interface Catches {
  readonly onsets: Float64Array;
  readonly called: Float64Array;
  readonly caught: Float64Array;
}

function catchesOf(rows: PastRows, chosen: Int32Array, listed: Uint8Array): Catches {
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
  return {
    onsets: Float64Array.from(onsets),
    called: Float64Array.from(called),
    caught: Float64Array.from(caught),
  };
}

function figuresOf(
  { caught, called }: Catches,
  [recall, precision]: readonly (Partial<Interval> | undefined)[],
  scores: Float64Array,
  outcome: Uint8Array,
  isProbability: boolean,
): [metric: string, Partial<Interval>][] {
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

function chosenOf(values: Float64Array, rows: Int32Array): Float64Array {
  const chosen = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++) chosen[place] = values[rows[place] ?? 0] ?? Number.NaN;
  return chosen;
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
