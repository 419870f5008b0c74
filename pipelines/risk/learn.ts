import { createHash } from "node:crypto";
import { drift, spread } from "../../models/household-risk/drift.ts";
import { type FeatureSpec, rowsOf } from "../../models/household-risk/features.ts";
import { type Duel, duels, onList, type Rival } from "../../models/household-risk/gate.ts";
import type { HouseholdRiskModel } from "../../models/household-risk/model.ts";
import { writeModel } from "../../models/household-risk/model-file.ts";
import { type Rule, ruleScore } from "../../models/household-risk/rules.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { writeCard } from "./card.ts";
import type { Champion } from "./champion.ts";
import { dayNumber, dayOf, monthNumber, monthsLater } from "./days.ts";
import { evaluate, type Judged } from "./evaluate.ts";
import type { Meaning, PastHouseholds } from "./households.ts";
import { asReadBy, signatureOf } from "./matrix.ts";
import type { Figure, KeptSpread, Question, TrainingLine } from "./model-memory.ts";
import {
  type Block,
  columnOf,
  learntBy,
  mostFitted,
  type PastLists,
  pastRows,
  type Replay,
  rowsOn,
  tells,
  thin,
} from "./replay.ts";
import { gateFr } from "./statements.ts";

/** What a training of one question is made of. */
export interface Lesson {
  readonly question: Question;
  readonly asOf: string;
  readonly risk: Strategy["risk"];
  readonly past: PastHouseholds;
  readonly meanings: readonly Meaning[];
  readonly replay: Replay;
  readonly rule: Rule;
  readonly lists: PastLists;
  readonly champion: Champion | null;
}

/** Told of a model that begins to be learnt: the how manieth it is, of how many. */
export type TellFold = (fold: number, folds: number) => void;

/**
 * Trains a challenger and lets it compete: one model for each block of past dates, on what was known before it, beside a
 * logistic regression; the rule and the champion on the same dates; then one model on everything. It serves where every duel
 * is passed. Where only the logistic regression stands in its way, that simpler model takes its place as the challenger, and
 * serves if it passes the others. The same lesson gives the same line.
 *
 * @param tell called as each model begins to be learnt.
 */
export async function learn(lesson: Lesson, tell?: TellFold): Promise<TrainingLine> {
  const { question, asOf, risk, past, meanings, replay, rule } = lesson;
  const everything = learntBy(past, Number.POSITIVE_INFINITY);
  const { backend, additive, logistic } = await trainBoth(lesson, everything, tell);
  const { fought, foughtByLogistic, evaluation } = await compete(lesson, additive, logistic);
  const recipe = fought.every(({ passed }) => passed)
    ? "additive"
    : foughtByLogistic.length > 0 && foughtByLogistic.every(({ passed }) => passed)
      ? "logistic"
      : null;
  const chosen = recipe === "logistic" ? logistic : additive;
  const text = writeModel(chosen.whole);
  const onsets = everything.reduce((sum, row) => sum + (past.outcome[row] ?? 0), 0);
  const dates = replay.blocks.flatMap(({ origins }) => origins).length;
  const verdictFr = gateFr(question, asOf, {
    dates,
    rule: rule.name,
    duels: fought,
    ...(recipe === "logistic" ? { duelsOfLogistic: foughtByLogistic } : {}),
  });
  const facts = {
    question,
    asOf,
    risk,
    meanings,
    trainingRows: everything.length,
    onsets,
    dates,
    evaluation,
  };
  return {
    question,
    model_version: `${question}-${asOf}-${digest(text).slice(0, 8)}`,
    trained_as_of: asOf,
    feature_set: featureSetOf(past.matrix.features),
    fingerprint: fingerprintOf(lesson),
    backend,
    recipe: recipe ?? "additive",
    verdict: recipe === null ? "beaten" : "promoted",
    verdict_fr: verdictFr,
    rule_name: rule.name,
    shadow_until: shadowUntil(lesson),
    training_rows: everything.length,
    onsets,
    model: recipe === null ? null : text,
    replays:
      recipe === null
        ? []
        : chosen.ofBlocks.map(({ knownOn, model }) => ({
            known_on: dayOf(knownOn),
            model: writeModel(model),
          })),
    spreads: recipe === null ? [] : await spreadsOf(past, everything, replay.blocks, chosen.whole),
    evaluation,
    card: writeCard({
      ...facts,
      served: recipe === null ? "rule" : recipe,
      ruleName: rule.name,
      statement: verdictFr,
    }),
  };
}

/** Models of one recipe: one for each block of past dates, and what they say of them; one that learnt from everything. */
interface Trained {
  readonly ofBlocks: readonly { readonly knownOn: number; readonly model: HouseholdRiskModel }[];
  readonly whole: HouseholdRiskModel;
  /** Probability by row of the past; NaN where it is not replayed. */
  readonly replayed: Float64Array;
}

async function trainBoth(
  { past, replay: { blocks }, risk }: Lesson,
  everything: Int32Array,
  tell: TellFold = () => undefined,
): Promise<{ backend: string; additive: Trained; logistic: Trained }> {
  const { openBackend } = await import("../../models/household-risk/backend.ts");
  const { score } = await import("../../models/household-risk/score.ts");
  const { trainFolds } = await import("../../models/household-risk/folds.ts");
  const backend = await openBackend();
  const fallen = everything.reduce((sum, row) => sum + (past.outcome[row] ?? 0), 0);
  const { kept, weight } = thin(past, everything, mostFitted(fallen, risk));
  const parts = [...blocks.map(({ knownOn }) => learntBy(past, knownOn)), everything].map((rows) =>
    rows.filter((row) => kept[row] === 1),
  );
  const models = await trainFolds(
    past.matrix,
    past.outcome,
    (["additive", "logistic"] as const).flatMap((kind) => parts.map((rows) => ({ rows, kind }))),
    {
      seed: risk.seed,
      period: Int32Array.from({ length: past.rows }, (_, row) => monthNumber(past.asOf[row] ?? 0)),
      embargo: risk.horizon_months,
      leastOnsets: 1,
      weight,
      household: past.household,
    },
    {
      ...(everything.length < ROWS_FOR_THREADS ? { threads: 1 } : {}),
      tell: (begun) => tell(begun, 2 * parts.length),
    },
  );
  return { backend, additive: trainedFrom(0), logistic: trainedFrom(parts.length) };

  function trainedFrom(first: number): Trained {
    const replayed = new Float64Array(past.rows).fill(Number.NaN);
    const ofBlocks = blocks.map(({ knownOn, origins }, block) => {
      const model = modelAt(first + block);
      const rows = rowsOn(past, origins);
      const scored = score(model, rowsOf(asReadBy(model.features, past.matrix), rows));
      for (const [place, row] of rows.entries()) replayed[row] = scored[place] ?? Number.NaN;
      return { knownOn, model };
    });
    return { ofBlocks, whole: modelAt(first + blocks.length), replayed };
  }

  function modelAt(place: number): HouseholdRiskModel {
    const model = models[place];
    if (model === undefined) throw new Error(`no model came of fold ${place}`);
    return model;
  }
}

/** Lets challenger, logistic regression, champion and rule make the lists of the past dates, and counts whom they caught. */
async function compete(
  { past, replay, rule, lists, champion, risk }: Lesson,
  additive: Trained,
  logistic: Trained,
): Promise<{ fought: Duel[]; foughtByLogistic: Duel[]; evaluation: Figure[] }> {
  const { score } = await import("../../models/household-risk/score.ts");
  const origins = replay.blocks.flatMap((block) => block.origins);
  const tested = rowsOn(past, origins).filter((row) => tells(past, row));
  const at = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(tested, (row) => values[row] ?? Number.NaN);
  const column = columnOf(past, rule) ?? new Float32Array(past.rows).fill(Number.NaN);
  const named = (name: string, of: Float64Array, isProbability = true): Judged => ({
    name,
    score: of,
    isProbability,
  });
  const challenger = named("challenger", at(additive.replayed));
  const peer = named("logistic", at(logistic.replayed));
  const ofRule = named(`rule:${rule.name}`, ruleScore(rule, at(column)), false);
  const inPlace =
    champion === null
      ? []
      : [
          named(
            "champion",
            score(champion.model, rowsOf(asReadBy(champion.model.features, past.matrix), tested)),
          ),
        ];

  const rows = pastRows(past, tested, lists);
  const listedBy = ({ score }: Judged) => onList(rows, score, lists.capacity);
  const rival = (role: Rival["role"], judged: Judged, from = 0): Rival => {
    return { role, name: judged.name, listed: listedBy(judged), from };
  };
  const rivals = [
    rival("rule", ofRule),
    ...inPlace.map((judged) =>
      rival("champion", judged, cleanFrom(origins, champion?.line.trained_as_of ?? "", risk.test_origins)),
    ),
  ];
  const draws = { seed: risk.seed, draws: risk.bootstrap_draws };
  const terms = { ...draws, margin: risk.gate_margin };
  const fought = duels(rows, listedBy(challenger), [...rivals, rival("logistic", peer)], terms);
  const lost = fought.filter(({ passed }) => !passed);
  const onlyToPeer = lost.length > 0 && lost.every(({ role }) => role === "logistic");
  const foughtByLogistic = onlyToPeer ? duels(rows, listedBy(peer), rivals, terms) : [];
  const stratum = (row: number) => past.stratum(tested[row] ?? 0);
  const evaluation = evaluate(
    { rows, stratum, capacity: lists.capacity, date: dayOf, draws },
    [challenger, peer, ofRule, ...inPlace],
    [
      ...fought.map((duel) => ({ ...duel, metric: "advantage" })),
      ...foughtByLogistic.map((duel) => ({ ...duel, metric: "advantage_of_logistic" })),
    ],
  );
  return { fought, foughtByLogistic, evaluation };
}

/**
 * What a training stands on, as a code: the data, the places on the lists, the settings and the champion. A night run again on
 * the same finds what it learnt instead of learning it again.
 */
export function fingerprintOf({ past, risk, lists, champion, rule, replay }: Lesson): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify({ RECIPE, risk, rule: rule.name, replay, features: past.matrix.features }));
  hash.update(JSON.stringify([champion?.line.model_version ?? null, Array.from(lists.capacity)]));
  for (const column of past.matrix.columns) hash.update(bytesOf(column));
  hash.update(past.outcome);
  hash.update(bytesOf(past.weight));
  hash.update(bytesOf(past.household));
  hash.update(bytesOf(lists.list));
  hash.update(bytesOf(Float64Array.from(past.asOf)));
  hash.update(Uint8Array.from(past.helped));
  return hash.digest("hex");
}

/** A set of features as a short code. */
export function featureSetOf(features: readonly FeatureSpec[]): string {
  return digest(signatureOf(features)).slice(0, 8);
}

/** With fewer rows a thread costs more than it saves. */
const ROWS_FOR_THREADS = 5_000;

/** Changes whenever the way of training does, so that no night takes an older recipe's model for tonight's. */
const RECIPE = 2;

/**
 * The first date on which a champion may be compared fairly: it learnt from what was known on its own day. Where fewer than
 * `least` dates came after, it is compared on all of them, which favours it.
 */
function cleanFrom(origins: readonly number[], trainedAsOf: string, least: number): number {
  const day = dayNumber(trainedAsOf);
  const after = origins.filter((origin) => origin >= day);
  return after.length >= least ? day : 0;
}

/** A model that succeeds another of the same features goes on where that one stood; the first runs in shadow. */
function shadowUntil({ champion, asOf, risk }: Lesson): string | null {
  if (champion !== null) return champion.line.shadow_until;
  return risk.shadow_months === 0 ? null : monthsLater(asOf, risk.shadow_months);
}

/** How every feature was spread among the rows learnt from, and the score of the model on them. */
async function spreadsOf(
  past: PastHouseholds,
  rows: Int32Array,
  blocks: readonly Block[],
  model: HouseholdRiskModel,
): Promise<KeptSpread[]> {
  const { score } = await import("../../models/household-risk/score.ts");
  const probability = score(model, asReadBy(model.features, past.matrix));
  const weight = Float64Array.from(rows, (row) => past.weight[row] ?? 1);
  const dates = blocks.flatMap(({ origins }) => origins).map((origin) => rowsOn(past, [origin]));
  const anyLevel = { amber: Number.POSITIVE_INFINITY, red: Number.POSITIVE_INFINITY };
  const told = (feature: string, values: ArrayLike<number>, codes?: number): KeptSpread => {
    const at = (chosen: Int32Array) => Float64Array.from(chosen, (row) => values[row] ?? Number.NaN);
    const all = spread(at(rows), { weight, codes });
    const usual = dates.map((own) => drift(all, at(own), anyLevel).psi);
    const { bounds, shares } = all;
    return {
      feature,
      bounds: bounds === null ? null : [...bounds],
      shares: [...shares],
      rows: all.rows,
      usual: Math.max(0, ...usual),
    };
  };
  return [
    ...past.matrix.features.map(({ name, kind, levels }, place) =>
      told(name, past.matrix.columns[place] ?? [], kind === "category" ? (levels?.length ?? 0) : undefined),
    ),
    told("score", probability),
  ];
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
