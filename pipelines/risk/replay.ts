import { caught, onList, type PastRows } from "../../models/household-risk/gate.ts";
import { auc } from "../../models/household-risk/metrics.ts";
import {
  fitRule,
  RULES,
  type Rule,
  ruleContributions,
  ruleScore,
  sigmoid,
} from "../../models/household-risk/rules.ts";
import type { Strategy } from "../strategy/strategy.ts";
import type { PastHouseholds } from "./households.ts";

/** A part of the past that is scored by what was known before it began. */
export interface Block {
  /** Days since 1970: only rows whose window was over by then are learnt from. */
  readonly knownOn: number;
  /** Past dates scored, in days since 1970, ascending. */
  readonly origins: readonly number[];
}

/** Which past dates are scored again, and by what was known when. */
export interface Replay {
  readonly blocks: readonly Block[];
  /** Households that fell, among the rows that the first block learns from. */
  readonly fallen: number;
}

/** How far back, and how often anew, models are held against past dates. */
export interface ReplayLimits {
  readonly replayed: number;
  readonly tested: number;
  readonly leastFallen: number;
  /** Blocks at most, and how many households must have fallen for each. */
  readonly blocks: number;
  readonly fallenPerBlock: number;
}

/**
 * Cuts the newest past dates, all of whose households were drawn, into blocks: as many dates as `replayed_origins` asks for, or
 * fewer, not under `test_origins`, so that enough households fell before the first of them to learn from. Where even the
 * fewest leave too few, the rule alone is replayed, over all of them. There are fewer blocks where few fell.
 */
export function planReplay(past: PastHouseholds, limits: ReplayLimits): Replay {
  const origins = replayableOrigins(past).slice(-limits.replayed);
  const fewest = Math.min(limits.tested, origins.length);
  for (let many = origins.length; many >= Math.max(fewest, 1); many--) {
    const chosen = origins.slice(-many);
    const fallen = fallenBefore(past, chosen[0] ?? 0);
    if (fallen >= limits.leastFallen) return { blocks: blocksOf(chosen, limits, fallen), fallen };
  }
  const [first = 0] = origins.slice(-fewest);
  const fallen = fallenBefore(past, first);
  return { blocks: blocksOf(origins, limits, fallen), fallen };
}

/** Past dates of which every household was drawn, ascending. */
function replayableOrigins({ rows, asOf, weight }: PastHouseholds): number[] {
  const whole = new Map<number, boolean>();
  for (let row = 0; row < rows; row++) {
    const origin = asOf[row] ?? 0;
    whole.set(origin, (whole.get(origin) ?? true) && weight[row] === 1);
  }
  const origins = [...whole.keys()].sort((one, other) => one - other);
  const lastDrawn = origins.findLastIndex((origin) => whole.get(origin) === false);
  return origins.slice(lastDrawn + 1);
}

function fallenBefore(past: PastHouseholds, day: number): number {
  const fallen = new Set<number>();
  for (let row = 0; row < past.rows; row++)
    if (past.outcome[row] === 1 && (past.windowEnds[row] ?? 0) <= day) fallen.add(past.household[row] ?? 0);
  return fallen.size;
}

function blocksOf(origins: readonly number[], limits: ReplayLimits, fallen: number): Block[] {
  const worthwhile = Math.max(1, Math.floor(fallen / limits.fallenPerBlock));
  const count = Math.min(limits.blocks, worthwhile, origins.length);
  return Array.from({ length: count }, (_, block) => {
    const own = origins.slice(
      Math.floor((block * origins.length) / count),
      Math.floor(((block + 1) * origins.length) / count),
    );
    return { knownOn: own[0] ?? 0, origins: own };
  });
}

/**
 * Whether a row says what would have happened: a household that was helped and did not fall may have been saved by the help,
 * so that it is no false alarm and nothing to learn from.
 */
export function tells({ helped, outcome }: PastHouseholds, row: number): boolean {
  return helped[row] !== 1 || outcome[row] === 1;
}

/** Rows to learn from: those whose window was over on that day. */
export function learntBy(past: PastHouseholds, day: number): Int32Array {
  const rows = new Int32Array(past.rows);
  let count = 0;
  for (let row = 0; row < past.rows; row++)
    if ((past.windowEnds[row] ?? 0) <= day && tells(past, row)) rows[count++] = row;
  return rows.slice(0, count);
}

/** Rows to fit models to, and how many households each stands for. */
export interface FittedRows {
  /** 1 for a row that is fitted to. */
  readonly kept: Uint8Array;
  readonly weight: Float32Array;
}

/** How many of these rows a model is fitted to at most: in proportion to those that fell, and no more than `fitted_rows`. */
export function mostFitted(
  fallen: number,
  { fitted_rows, fitted_rows_per_onset }: Pick<Strategy["risk"], "fitted_rows" | "fitted_rows_per_onset">,
): number {
  return Math.min(fitted_rows, fitted_rows_per_onset * fallen);
}

/**
 * At most so many of these rows to fit models to: all that fell, and of the others a share drawn by a hash of household and
 * date, each of which stands for as many more.
 */
export function thin(past: PastHouseholds, rows: Int32Array, most: number): FittedRows {
  const kept = new Uint8Array(past.rows);
  const weight = Float32Array.from(past.weight);
  const fallen = rows.reduce((sum, row) => sum + (past.outcome[row] ?? 0), 0);
  const share = Math.min(1, Math.max(most - fallen, fallen) / Math.max(rows.length - fallen, 1));
  for (const row of rows) {
    if (past.outcome[row] === 1) {
      kept[row] = 1;
      continue;
    }
    // Weyl's sequence over the dates: a household is drawn at some of them, never all or none for its hash alone.
    const drawn = ((past.tie[row] ?? 0) / 2 ** 32 + (past.asOf[row] ?? 0) * GOLDEN_RATIO) % 1;
    if (drawn >= share) continue;
    kept[row] = 1;
    weight[row] = (past.weight[row] ?? 1) / share;
  }
  return { kept, weight };
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Rows of these dates. */
export function rowsOn(past: PastHouseholds, origins: readonly number[]): Int32Array {
  const wanted = new Set(origins);
  const rows = new Int32Array(past.rows);
  let count = 0;
  for (let row = 0; row < past.rows; row++) if (wanted.has(past.asOf[row] ?? 0)) rows[count++] = row;
  return rows.slice(0, count);
}

/** The lists of past dates: which one each row could be on, and how long each is. */
export interface PastLists {
  readonly list: Int32Array;
  readonly capacity: Float64Array;
}

/**
 * One list for each date and agency, as long as `placesOf` says, given the date as a day since 1970; none where it says
 * nothing.
 */
export function pastLists(
  { rows, asOf, agency, agencies }: PastHouseholds,
  placesOf: (agency: string, day: number) => number,
): PastLists {
  const lists = new Map<number, number>();
  const capacity: number[] = [];
  const list = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [day, code] = [asOf[row] ?? 0, agency[row] ?? 0];
    const key = day * agencies.length + code;
    const known = lists.get(key) ?? lists.size;
    if (known === lists.size) {
      lists.set(key, known);
      capacity.push(placesOf(agencies[code] ?? "", day));
    }
    list[row] = known;
  }
  return { list, capacity: Float64Array.from(capacity) };
}

/** These rows as models compete on them. */
export function pastRows(past: PastHouseholds, rows: Int32Array, { list }: PastLists): PastRows {
  const of = (values: ArrayLike<number>): Float64Array => valuesAt(values, rows, 0);
  return {
    rows: rows.length,
    origin: of(past.asOf),
    household: of(past.household),
    list: of(list),
    outcome: of(past.outcome),
    tie: of(past.tie),
    weight: of(past.weight),
  };
}

/**
 * The simple rule that caught most onsets, at the teams' capacity, among these rows; where nobody can be called, the one that
 * ranks best; the first where nobody fell.
 */
export function chooseRule(past: PastHouseholds, rows: Int32Array, lists: PastLists): Rule {
  const [first] = RULES;
  if (first === undefined) throw new Error("there is no rule");
  const there = pastRows(past, rows, lists);
  const canCall = rows.some((row) => (lists.capacity[lists.list[row] ?? 0] ?? 0) > 0);
  let best = { rule: first, worth: Number.NEGATIVE_INFINITY };
  for (const rule of RULES) {
    const column = columnOf(past, rule);
    if (column === undefined) continue;
    const score = ruleScore(rule, valuesAt(column, rows, Number.NaN));
    const worth = canCall ? caught(there, onList(there, score, lists.capacity)) : auc(score, there.outcome);
    if (worth > best.worth) best = { rule, worth };
  }
  return best.rule;
}

/** The column that a rule reads; absent where the landlord's roles leave it out. */
export function columnOf({ matrix }: Pick<PastHouseholds, "matrix">, rule: Rule): Float32Array | undefined {
  return matrix.columns[matrix.features.findIndex(({ name }) => name === rule.feature)];
}

/** What a rule would have told at the replayed dates, each fitted on what was known before its block: by row of the past. */
export function replayRule(past: PastHouseholds, rule: Rule, blocks: readonly Block[]): Float64Array {
  const probability = new Float64Array(past.rows).fill(Number.NaN);
  const column = columnOf(past, rule) ?? new Float32Array(past.rows).fill(Number.NaN);
  for (const { knownOn, origins } of blocks) {
    const fitted = fitRuleOn(past, rule, learntBy(past, knownOn));
    const rows = rowsOn(past, origins);
    const added = ruleContributions(rule, fitted, valuesAt(column, rows, Number.NaN));
    for (const [place, row] of rows.entries()) probability[row] = sigmoid(fitted.base + (added[place] ?? 0));
  }
  return probability;
}

/** Gives a rule its probabilities from these rows. */
export function fitRuleOn(past: PastHouseholds, rule: Rule, rows: Int32Array): ReturnType<typeof fitRule> {
  const column = columnOf(past, rule) ?? new Float32Array(past.rows).fill(Number.NaN);
  return fitRule(
    rule,
    valuesAt(column, rows, Number.NaN),
    valuesAt(past.outcome, rows, 0),
    valuesAt(past.weight, rows, 1),
  );
}

/** The values of these rows; `missing` where a row has none. */
function valuesAt(values: ArrayLike<number>, rows: Int32Array, missing: number): Float64Array {
  const chosen = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++) chosen[place] = values[rows[place] ?? 0] ?? missing;
  return chosen;
}
