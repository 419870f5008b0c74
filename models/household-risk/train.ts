import { assembled } from "./assembly.ts";
import { bestShare, blended, pooled } from "./blend.ts";
import type { Block } from "./blocks.ts";
import { platt, shiftFor } from "./calibration.ts";
import { encode, encodedRows, endsOf, knotsOf, levelKnots, thinned } from "./encoding.ts";
import type { FeatureMatrix, FeatureSpec } from "./features.ts";
import { type Fitted, fitBlocks, logitsOf } from "./fit.ts";
import {
  blockOfPair,
  type CoarseColumns,
  featureBlocks,
  type LearningRows,
  learningRows,
  type Pair,
  someRows,
  specOf,
  thinnedRows,
} from "./learning-rows.ts";
import { lossOfRows } from "./loss.ts";
import type { HouseholdRiskModel } from "./model.ts";
import { candidatePairs, type Learnt, pairsHelp, pairsThatHelp } from "./pairs.ts";
import { adaptedPulls } from "./pulls.ts";
import { type Split, splitsOf } from "./splits.ts";

export interface TrainOptions {
  readonly seed: number;
  /** Index of the origin (as-of date) of each row, rising with time, one a month. */
  readonly period: Int32Array;
  /** Origins left out before the window that calibrates: the months until an outcome is known. */
  readonly embargo: number;
  /** Fewer onsets than this, or fewer rows without, are too few to learn from. */
  readonly leastOnsets: number;
  /** How many rows each row stands for; 1 where absent. */
  readonly weight?: Float32Array;
  /** One number per household, whose rows stand and fall together; each row by itself where absent. */
  readonly household?: Int32Array;
}

/** What one training chose by its windows, and a later one may begin from. */
export interface Choices {
  /** How strongly terms are pulled to 0. */
  readonly strength: number;
  /** The same, feature by feature. */
  readonly pulls: readonly number[];
  /** Pairs that lowered the loss one after the other. */
  readonly pairs: readonly Pair[];
}

/** A model, with what its training chose. */
export interface Trained {
  readonly model: HouseholdRiskModel;
  readonly choices: Choices;
}

/** Too few onsets to learn from: a rule serves instead. */
export class TooFewOnsets extends Error {
  readonly onsets: number;
  readonly least: number;

  constructor(onsets: number, least: number) {
    super(`${onsets} onsets to learn from, and at least ${least} are needed`);
    this.name = "TooFewOnsets";
    this.onsets = onsets;
    this.least = least;
  }
}

interface Settings {
  readonly mostKnots: number;
  /** How strongly terms may be pulled to 0, strongest first. */
  readonly strengths: readonly number[];
  /** How often the pull of each term is adapted to what it tells. */
  readonly adaptations: number;
  readonly mostPairs: number;
  /**
   * Rows that the curvature is measured on at most, some twenty-five a parameter: it only says how to step, and
   * steps by a rough one end where those by an exact one do.
   */
  readonly measured: number;
  readonly additive: boolean;
}

const ADDITIVE: Settings = {
  mostKnots: 16,
  strengths: [100, 30, 10, 3, 1, 0.3],
  adaptations: 3,
  mostPairs: 8,
  measured: 15_000,
  additive: true,
};
const LOGISTIC: Settings = {
  mostKnots: 2,
  strengths: [1],
  adaptations: 0,
  mostPairs: 0,
  measured: 15_000,
  additive: false,
};
/** All adapted pulls times one of these: rows of one household tell less than as many of others. */
const CAUTION = [1, 3, 10] as const;
const FEWEST_KNOTS = 4;
/** Knots of a feature within a pair. */
const PAIR_KNOTS = 6;

/**
 * Learns who will fall into arrears: additive piecewise-linear terms, monotone by each feature's direction, and the named
 * pairs of features that lower the loss on the latest purged window by more than noise. The window also chooses how
 * strongly terms are pulled to 0 and how straight they are, and sets the calibration, which is folded into the weights; the
 * weights themselves are then learnt on all rows. The same rows in the same order give the same model bit for bit.
 *
 * @throws TooFewOnsets
 */
export async function train(
  matrix: FeatureMatrix,
  outcome: Uint8Array,
  options: TrainOptions,
): Promise<HouseholdRiskModel> {
  return (await trainFrom(matrix, outcome, options)).model;
}

/**
 * The same, beginning from what a training on other rows chose: its strength and its pairs are taken as they are, its pulls
 * are adapted once to these rows. The windows decide as before whether that is better, whether pairs help together and how
 * straight terms are. What is chosen on earlier dates for later ones has seen nothing of what it is judged on.
 *
 * @throws TooFewOnsets
 */
export async function trainFrom(
  matrix: FeatureMatrix,
  outcome: Uint8Array,
  options: TrainOptions,
  choices?: Choices,
): Promise<Trained> {
  return learn(matrix, outcome, options, ADDITIVE, choices);
}

/** Learns a logistic regression, linear in each number between its least and its greatest value: a peer to beat. */
export async function trainLogistic(
  matrix: FeatureMatrix,
  outcome: Uint8Array,
  options: TrainOptions,
): Promise<HouseholdRiskModel> {
  return learn(matrix, outcome, options, LOGISTIC).model;
}

/** The rows of one split, and what is learnt on them. */
interface Part {
  readonly fitRows: Int32Array;
  readonly windowRows: Int32Array;
  readonly fit: LearningRows;
  readonly window: LearningRows;
  /** As learnt without pairs. */
  fitted: Fitted | undefined;
}

function learn(
  matrix: FeatureMatrix,
  outcome: Uint8Array,
  options: TrainOptions,
  settings: Settings,
  choices?: Choices,
): Trained {
  const { seed } = options;
  const onsets = outcome.reduce((sum, one) => sum + one, 0);
  const fewer = Math.min(onsets, matrix.rows - onsets);
  if (fewer < Math.max(1, options.leastOnsets)) throw new TooFewOnsets(fewer, options.leastOnsets);
  const features = settings.additive
    ? matrix.features
    : matrix.features.map((feature): FeatureSpec => ({ ...feature, direction: "none" }));
  const rows = encodedMatrix({ ...matrix, features }, outcome, options, settings);
  const { by, splits } = splitsOf(outcome, options.period, options.household, options);
  const parts = splits.map(({ fit, window }): Part => {
    const { rows: fitRows, weight } = thinnedRows(rows, fit, seed);
    return {
      fitRows,
      windowRows: window,
      fit: someRows({ ...rows, weight }, fitRows, { seed, measured: settings.measured }),
      window: someRows(rows, window, { seed, measured: 0 }),
      fitted: undefined,
    };
  });
  const { strength, pulls } =
    choices === undefined ? chosenPulls(features, parts, settings) : pullsFrom(features, parts, choices);
  const additive = parts.map((part) => learntOf(features, part));
  const candidates =
    choices?.pairs ?? (settings.mostPairs === 0 ? [] : candidatePairs(features, additive, strength));
  const coarse = coarseColumns(matrix, features, rows, candidates);
  const coarseOf = parts.map(({ fitRows, windowRows }) => ({
    fit: rowsOfAll(coarse, fitRows),
    window: rowsOfAll(coarse, windowRows),
  }));
  const helpful =
    choices?.pairs ??
    pairsThatHelp(features, candidates, additive, coarseOf, { strength, most: settings.mostPairs });
  const { pairs, windowLogits, start } = together(features, parts, additive, coarseOf, helpful, {
    pulls,
    strength,
  });

  const windowRows = Int32Array.from(splits.flatMap(({ window }) => [...window]));
  const windowOutcome = Uint8Array.from(windowRows, (row) => outcome[row] ?? 0);
  const windowWeight = Float32Array.from(windowRows, (row) => rows.weight[row] ?? 0);
  const straight = settings.additive
    ? encodedMatrix({ ...matrix, features }, outcome, options, LOGISTIC)
    : undefined;
  const straightParts = straight && splits.map((split) => straightPart(features, straight, split, seed));
  const straightLogits = straightParts?.map(({ windowLogits }) => windowLogits);
  const windows = parts.map(({ window }) => window);
  const share = straightLogits === undefined ? 0 : bestShare(windows, windowLogits, straightLogits);

  const blocks = [
    ...featureBlocks(features, rows),
    ...pairs.map((pair) => blockOfPair(features, coarse, pair)),
  ];
  const bent = fitBlocks(
    { ...rows, blocks },
    [...pulls, ...pairs.map(() => strength)],
    start && onMore(start, rows, parts[0]?.fit),
  );
  const fitted =
    straight === undefined || share === 0
      ? bent
      : blended(
          bent,
          rows.columns,
          fitStraight(features, straight, straightParts?.[0]),
          straight.columns,
          share,
        );
  const { slope } = platt(
    joined(windowLogits.map((bent, place) => pooled(bent, straightLogits?.[place] ?? bent, share))),
    windowOutcome,
    windowWeight,
  );
  const shift = shiftFor(
    slope,
    Float64Array.from(windowRows, (row) => fitted.logits[row] ?? 0),
    windowOutcome,
    windowWeight,
  );
  const model: HouseholdRiskModel = {
    features: matrix.features,
    ...assembled(matrix.features, rows, blocks, pairs, fitted, { slope, shift }),
    training: {
      rows: matrix.rows,
      onsets,
      windowRows: windowRows.length,
      windowOnsets: windowOutcome.reduce((sum, one) => sum + one, 0),
      window: by,
      straight: settings.additive ? share : 1,
      strength: Math.exp(pulls.reduce((sum, pull) => sum + Math.log(pull), 0) / pulls.length),
      slope,
      shift,
    },
  };
  // Of a feature that did not vary here nothing is known: its pull is no choice for rows where it does.
  const varied = (place: number) => (rows.columns[place]?.knots.length ?? 0) > 1;
  return {
    model,
    choices: {
      strength,
      pulls: pulls.map((pull, place) => (varied(place) ? pull : strength)),
      pairs: helpful,
    },
  };
}

function encodedMatrix(
  { features, columns, rows }: FeatureMatrix,
  outcome: Uint8Array,
  { weight, household, seed }: TrainOptions,
  settings: Settings,
): LearningRows {
  const onsets = outcome.reduce((sum, one) => sum + one, 0);
  const most = Math.max(FEWEST_KNOTS, Math.min(settings.mostKnots, Math.floor(Math.sqrt(onsets))));
  return learningRows(
    {
      columns: features.map((feature, place) => {
        const column = columns[place] ?? new Float32Array();
        const knots = (): number[] => {
          if (feature.kind === "category") return levelKnots(feature);
          return settings.additive ? knotsOf(column, outcome, most) : endsOf(column);
        };
        return encode(feature, column, knots());
      }),
      outcome,
      weight: weight ?? new Float32Array(rows).fill(1),
      household: household ?? Int32Array.from({ length: rows }, (_, row) => row),
    },
    { seed, measured: settings.measured },
  );
}

/** Learns one straight line a feature, as a logistic regression does; from what a part of the rows says, if any. */
function fitStraight(
  features: readonly FeatureSpec[],
  rows: LearningRows,
  part?: { readonly fitted: Fitted; readonly fit: LearningRows },
): Fitted {
  return fitBlocks(
    { ...rows, blocks: featureBlocks(features, rows) },
    features.map(() => 1),
    part && onMore(part.fitted, rows, part.fit),
  );
}

/**
 * What was learnt on some rows, as the start on more rows of their kind: the curvature there was, as much greater as they
 * weigh more, says well enough how to step.
 */
function onMore({ parameters, curvature }: Fitted, rows: LearningRows, fewer: LearningRows | undefined) {
  const weightOf = ({ weight }: LearningRows) => weight.reduce((sum, one) => sum + one, 0);
  const times = fewer === undefined ? 1 : weightOf(rows) / weightOf(fewer);
  return { parameters, curvature: curvature?.map((value) => value * times) ?? null };
}

/** Straight lines learnt on the rows of a split outside its window, and the log-odds of its window by them. */
function straightPart(
  features: readonly FeatureSpec[],
  rows: LearningRows,
  { fit, window }: Split,
  seed: number,
): { readonly fit: LearningRows; readonly fitted: Fitted; readonly windowLogits: Float64Array } {
  const { rows: fitRows, weight } = thinnedRows(rows, fit, seed);
  const drawing = { seed, measured: LOGISTIC.measured };
  const some = someRows({ ...rows, weight }, fitRows, drawing);
  const fitted = fitStraight(features, some);
  const asked = someRows(rows, window, { seed, measured: 0 });
  const blocks = featureBlocks(features, asked);
  const windowLogits = logitsOf(blocks, fitted.values, fitted.intercept, asked.outcome.length);
  return { fit: some, fitted, windowLogits };
}

/** The strength whose loss on the windows is least; every part is left as learnt with it. */
function bestStrength(
  features: readonly FeatureSpec[],
  parts: readonly Part[],
  strengths: readonly number[],
): number {
  let best = { strength: strengths[0] ?? 1, loss: Number.POSITIVE_INFINITY };
  let from: readonly (Fitted | undefined)[] = parts.map(() => undefined);
  for (const strength of strengths) {
    const { fitted, loss } = fitParts(
      features,
      parts,
      features.map(() => strength),
      from,
    );
    if (loss >= best.loss) break;
    best = { strength, loss };
    from = keep(parts, fitted);
  }
  return best.strength;
}

/** How strongly terms are pulled to 0, and each feature; every part is left as learnt with it. */
interface Pulls {
  readonly strength: number;
  readonly pulls: readonly number[];
}

/**
 * One strength for all, then a pull for each feature, adapted on the first part to what the feature tells there, and made
 * more cautious where the windows ask for it; the one strength where that is no better.
 */
function chosenPulls(
  features: readonly FeatureSpec[],
  parts: readonly Part[],
  { strengths, adaptations }: Settings,
): Pulls {
  const strength = bestStrength(features, parts, strengths);
  const alike = features.map(() => strength);
  if (adaptations === 0) return { strength, pulls: alike };
  const adapted = adaptedOn(features, parts, alike, adaptations);
  return {
    strength,
    pulls: bestOf(
      features,
      parts,
      alike,
      CAUTION.map((caution) => adapted.map((pull) => caution * pull)),
    ),
  };
}

/** The pulls that another training chose, adapted once to the first part, where the windows find that no worse. */
function pullsFrom(
  features: readonly FeatureSpec[],
  parts: readonly Part[],
  { strength, pulls }: Choices,
): Pulls {
  keep(parts, fitParts(features, parts, pulls, []).fitted);
  return { strength, pulls: bestOf(features, parts, pulls, [adaptedOn(features, parts, pulls, 1)]) };
}

/** The pulls adapted to what each feature tells in the first part, over and over. */
function adaptedOn(
  features: readonly FeatureSpec[],
  [first]: readonly Part[],
  pulls: readonly number[],
  rounds: number,
): readonly number[] {
  if (first?.fitted === undefined) throw new Error("nothing learnt yet");
  const problem = { ...first.fit, blocks: featureBlocks(features, first.fit) };
  let adapted = pulls;
  let latest = first.fitted;
  for (let round = 0; round < rounds; round++) {
    if (round > 0) latest = fitBlocks(problem, adapted, latest);
    adapted = adaptedPulls(problem, adapted, latest);
  }
  return adapted;
}

/** The pulls with which the loss on the windows is least: those that the parts are learnt with, or some of the others. */
function bestOf(
  features: readonly FeatureSpec[],
  parts: readonly Part[],
  standing: readonly number[],
  others: readonly (readonly number[])[],
): readonly number[] {
  let best = { pulls: standing, loss: lossOfParts(features, parts) };
  let from: readonly (Fitted | undefined)[] = parts.map((part) => part.fitted);
  for (const pulls of others) {
    const { fitted, loss } = fitParts(features, parts, pulls, from);
    if (loss >= best.loss && best.pulls !== standing) break;
    from = fitted;
    if (loss >= best.loss) continue;
    best = { pulls, loss };
    keep(parts, fitted);
  }
  return best.pulls;
}

function fitParts(
  features: readonly FeatureSpec[],
  parts: readonly Part[],
  pulls: readonly number[],
  from: readonly (Fitted | undefined)[],
): { readonly fitted: readonly Fitted[]; readonly loss: number } {
  const fitted = parts.map((part, place) =>
    fitBlocks({ ...part.fit, blocks: featureBlocks(features, part.fit) }, pulls, from[place]),
  );
  return {
    fitted,
    loss: lossOfParts(
      features,
      parts.map((part, place) => ({ ...part, fitted: fitted[place] })),
    ),
  };
}

function keep(parts: readonly Part[], fitted: readonly Fitted[]): readonly Fitted[] {
  for (const [place, part] of parts.entries()) part.fitted = fitted[place];
  return fitted;
}

/** Loss on the windows of what was learnt on the rest. */
function lossOfParts(features: readonly FeatureSpec[], parts: readonly Part[]): number {
  return parts.reduce((sum, part) => {
    const { window, windowLogits } = learntOf(features, part);
    return sum + lossOfRows(window, windowLogits);
  }, 0);
}

function windowLogitsOf(blocks: readonly Block[], { window }: Part, { values, intercept }: Fitted) {
  return logitsOf(blocks, values, intercept, window.outcome.length);
}

function learntOf(features: readonly FeatureSpec[], part: Part): Learnt {
  if (part.fitted === undefined) throw new Error("nothing learnt yet");
  return {
    fit: part.fit,
    fitLogits: part.fitted.logits,
    window: part.window,
    windowLogits: windowLogitsOf(featureBlocks(features, part.window), part, part.fitted),
  };
}

/** Learns all terms together on each part; when that is no better on the windows than without pairs, there are none. */
function together(
  features: readonly FeatureSpec[],
  parts: readonly Part[],
  additive: readonly Learnt[],
  coarse: readonly { readonly fit: CoarseColumns; readonly window: CoarseColumns }[],
  pairs: readonly Pair[],
  { pulls, strength }: { readonly pulls: readonly number[]; readonly strength: number },
): {
  readonly pairs: readonly Pair[];
  readonly windowLogits: readonly Float64Array[];
  readonly start: Fitted | undefined;
} {
  const without = additive.map(({ windowLogits }) => windowLogits);
  const first = parts[0]?.fitted;
  if (pairs.length === 0) return { pairs, windowLogits: without, start: first };
  let start = first;
  const withPairs = parts.map((part, place) => {
    const columns = coarse[place];
    if (columns === undefined) throw new Error(`no columns for part ${place}`);
    const blocksOf = (rows: LearningRows, of: CoarseColumns): Block[] => [
      ...featureBlocks(features, rows),
      ...pairs.map((pair) => blockOfPair(features, of, pair)),
    ];
    const fitted = fitBlocks(
      { ...part.fit, blocks: blocksOf(part.fit, columns.fit) },
      [...pulls, ...pairs.map(() => strength)],
      part.fitted,
    );
    if (place === 0) start = fitted;
    return windowLogitsOf(blocksOf(part.window, columns.window), part, fitted);
  });
  const helps = pairsHelp(
    additive.map(({ window }) => window),
    without,
    withPairs,
  );
  return helps
    ? { pairs, windowLogits: withPairs, start }
    : { pairs: [], windowLogits: without, start: first };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let from = 0;
  for (const part of parts) {
    whole.set(part, from);
    from += part.length;
  }
  return whole;
}

/** The features of these pairs with few knots, all of them knots of the feature's own term. */
function coarseColumns(
  matrix: FeatureMatrix,
  features: readonly FeatureSpec[],
  rows: LearningRows,
  pairs: readonly Pair[],
): CoarseColumns {
  const places = [...new Set(pairs.flat())];
  return new Map(
    places.map((place) => {
      const feature = specOf(features, place);
      const knots = rows.columns[place]?.knots ?? [];
      const column = matrix.columns[place] ?? new Float32Array();
      return [
        place,
        encode(feature, column, feature.kind === "category" ? knots : thinned(knots, PAIR_KNOTS)),
      ];
    }),
  );
}

function rowsOfAll(coarse: CoarseColumns, rows: Int32Array): CoarseColumns {
  return new Map([...coarse].map(([place, column]) => [place, encodedRows(column, rows)]));
}
