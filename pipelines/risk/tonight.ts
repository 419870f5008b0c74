import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { type Drift, drift } from "../../models/household-risk/drift.ts";
import { type CalibrationBin, calibrationBins } from "../../models/household-risk/metrics.ts";
import type { HouseholdRiskModel } from "../../models/household-risk/model.ts";
import { readModel } from "../../models/household-risk/model-file.ts";
import {
  RULES,
  type Rule,
  ruleContributions,
  ruleScore,
  sigmoid,
} from "../../models/household-risk/rules.ts";
import type { ProgramContext } from "../programs.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";
import { writeCard } from "./card.ts";
import { dayNumber, dayOf } from "./days.ts";
import { evaluate } from "./evaluate.ts";
import {
  type Households,
  type Meaning,
  type PastHouseholds,
  readMeanings,
  readPast,
  readTonight,
} from "./households.ts";
import { type Champion, featureSetOf, fingerprintOf, type Lesson, learn } from "./learn.ts";
import { asReadBy, sameFeatures } from "./matrix.ts";
import {
  type Figure,
  keepTrainings,
  type ModelMemory,
  NO_MEMORY,
  type Paragraph,
  QUESTIONS,
  type Question,
  readModelMemory,
  type TrainingLine,
} from "./model-memory.ts";
import { chooseReasons, type Reasons, type ShownTerm } from "./reasons.ts";
import {
  chooseRule,
  columnOf,
  fitRuleOn,
  learntBy,
  pastLists,
  pastRows,
  planReplay,
  type Replay,
  replayRule,
  rowsOn,
  tells,
} from "./replay.ts";
import {
  damagedFr,
  driftedFr,
  foreignFr,
  keptFr,
  noCapacityFr,
  refusedFr,
  ruleServesFr,
  shadowFr,
  tooFewFr,
  withdrawnFr,
} from "./statements.ts";

/** Tonight's scores of one question. */
export interface Scored {
  readonly probability: Float64Array;
  readonly base: number;
  readonly terms: readonly ShownTerm[];
  readonly reasons: Reasons;
  /** Mean of what each term adds, up or down. */
  readonly importance: Float64Array;
}

/** What one past date's households would have been scored. */
export interface PastScores {
  readonly past: PastHouseholds;
  /** Rows of the past that were scored. */
  readonly rows: Int32Array;
  /** By row of the past. */
  readonly probability: Float64Array;
  readonly ruleScore: Float64Array;
  readonly scorer: (row: number) => { readonly version: string; readonly by: "given" | "replayed" };
}

/** How far one feature has drifted, or the score. */
export interface Drifted extends Drift {
  readonly feature: string;
  readonly usual: number;
  readonly shareMissing: number;
  readonly shareMissingThen: number;
}

/** Everything that a night says of one question. */
export interface Answer {
  readonly question: Question;
  readonly served: "model" | "rule";
  readonly version: string;
  readonly rule: Rule;
  readonly champion: Champion | null;
  readonly lastTraining: TrainingLine | null;
  readonly verdict: string;
  readonly statement: string;
  readonly shadowUntil: string | null;
  readonly inShadow: boolean;
  readonly trainingRows: number;
  readonly onsets: number;
  readonly households: Households;
  readonly scored: Scored;
  readonly pastScores: PastScores;
  readonly calibration: readonly CalibrationBin[];
  readonly drifted: readonly Drifted[];
  readonly evaluation: readonly Figure[];
  readonly card: readonly Paragraph[];
  readonly meanings: readonly Meaning[];
}

const answersOf = new WeakMap<object, Promise<Answer[]>>();

/** What the night says of both questions: made once a night, whichever table asks first. */
export function answersOfNight(context: ProgramContext): Promise<Answer[]> {
  const known = answersOf.get(context.night);
  if (known !== undefined) return known;
  const answers = answer(context);
  answersOf.set(context.night, answers);
  return answers;
}

async function answer(context: ProgramContext): Promise<Answer[]> {
  const { connection, strategy, asOf, workspace } = context;
  const memory = workspace === undefined ? NO_MEMORY : await readModelMemory(workspace, asOf);
  for (const { message } of memory.refused) context.warn(`a file of models was refused: ${message}`);
  const meanings = await readMeanings(connection);
  const places = await readPlaces(connection);
  const answers: Answer[] = [];
  const trained: TrainingLine[] = [];
  for (const question of QUESTIONS) {
    const night = { question, asOf, risk: strategy.risk, meanings, places, memory, warn: context.warn };
    const told = await answerOne(connection, night);
    answers.push(told.answer);
    if (told.trained !== null) trained.push(told.trained);
  }
  if (workspace !== undefined)
    for (const file of await keepTrainings(workspace, asOf, trained)) context.leave(file);
  return answers;
}

interface QuestionTonight {
  readonly question: Question;
  readonly asOf: string;
  readonly risk: Strategy["risk"];
  readonly meanings: readonly Meaning[];
  /** Places on the list of an agency on a day since 1970. */
  readonly places: (agency: string, day: number) => number;
  readonly memory: ModelMemory;
  readonly warn: (line: string) => void;
}

async function answerOne(
  connection: DuckDBConnection,
  night: QuestionTonight,
): Promise<{ answer: Answer; trained: TrainingLine | null }> {
  const { question, asOf, risk, meanings, places, memory } = night;
  const households = await readTonight(connection, question, meanings);
  const past = await readPast(connection, question, meanings);
  const lists = pastLists(past, places);
  const replay = planReplay(past, {
    replayed: risk.replayed_origins,
    tested: risk.test_origins,
    leastFallen: risk.least_onsets,
  });
  const earlier = learntBy(past, replay.blocks[0]?.knownOn ?? 0);
  const everything = learntBy(past, Number.POSITIVE_INFINITY);
  const rule = chooseRule(past, earlier.length > 0 ? earlier : everything, lists);
  const { champion: before, refused, refusedVersions, withdrawn } = findChampion(night);
  const features = featureSetOf(past.matrix.features);
  const lastBefore =
    memory.trainings.find((line) => line.question === question && line.feature_set === features) ?? null;

  const enough = replay.fallen >= risk.least_onsets && replay.blocks.length > 0;
  const canCall = lists.capacity.some((some) => some > 0);
  const driftBefore = before === null ? [] : await driftOf(before, households, risk);
  const age =
    lastBefore === null ? Number.POSITIVE_INFINITY : dayNumber(asOf) - dayNumber(lastBefore.trained_as_of);
  const isRed = bringsTrainingForward(driftBefore);
  const isLost = lastBefore?.model != null && refusedVersions.has(lastBefore.model_version);
  const due = isLost || age >= risk.retrain_days || (isRed && age >= risk.drift_retrain_days);
  let trained: TrainingLine | null = null;
  if (enough && canCall && due) {
    const lesson: Lesson = { question, asOf, risk, past, meanings, replay, rule, lists, champion: before };
    const fingerprint = fingerprintOf(lesson);
    trained =
      memory.tonight.find((line) => line.question === question && line.fingerprint === fingerprint) ??
      (await learn(lesson));
  }
  const promoted = trained === null || memory.withdrawn.has(trained.model_version) ? null : readBack(trained);
  const champion = promoted ?? before;
  const lastTraining = trained ?? lastBefore;
  const drifted = promoted === null ? driftBefore : await driftOf(promoted, households, risk);
  const scoreIsRed = drifted.some(({ feature, level }) => feature === "score" && level === "red");
  const serving = scoreIsRed ? null : champion;

  const scored =
    serving === null
      ? scoreByRule(past, households, rule, risk)
      : await scoreByModel(serving.model, households, risk);
  const pastScores = await replayAll(past, replay, rule, champion, memory);
  const told = pastScores.rows.filter((row) => tells(past, row));
  const calibration = calibrationBins(
    Float64Array.from(told, (row) => pastScores.probability[row] ?? Number.NaN),
    Uint8Array.from(told, (row) => past.outcome[row] ?? 0),
    20,
  );
  const shadowUntil = serving === null || risk.approved ? null : serving.line.shadow_until;
  const inShadow = shadowUntil !== null && asOf < shadowUntil;
  const { verdict, because } = explainVerdict();
  const statement = [because, refusedFr(refused), inShadow ? shadowFr(shadowUntil) : ""]
    .filter((part) => part !== "")
    .join(" ");
  const onsets = everything.reduce((sum, row) => sum + (past.outcome[row] ?? 0), 0);
  const evaluation = lastTraining?.evaluation ?? evaluateRules();
  const card =
    serving?.line.card ??
    writeCard({
      question,
      asOf,
      served: "rule",
      ruleName: rule.name,
      statement: because,
      risk,
      meanings,
      trainingRows: everything.length,
      onsets,
      dates: replay.blocks.flatMap(({ origins }) => origins).length,
      evaluation,
    });
  return {
    trained,
    answer: {
      question,
      served: serving === null ? "rule" : "model",
      version: serving?.line.model_version ?? `rule:${rule.name}`,
      rule,
      champion: serving,
      lastTraining,
      verdict,
      statement,
      shadowUntil: inShadow ? shadowUntil : null,
      inShadow,
      trainingRows: serving?.line.training_rows ?? everything.length,
      onsets: serving?.line.onsets ?? onsets,
      households,
      scored,
      pastScores,
      calibration,
      drifted,
      evaluation,
      card,
      meanings,
    },
  };

  function explainVerdict(): { verdict: string; because: string } {
    if (serving !== null) {
      const { line } = serving;
      const beaten = lastTraining !== null && lastTraining.model_version !== line.model_version;
      if (!beaten) return { verdict: "promoted", because: line.verdict_fr };
      return { verdict: "kept", because: `${keptFr(line.trained_as_of)} ${lastTraining.verdict_fr}` };
    }
    if (champion !== null) return { verdict: "drifted", because: driftedFr(rule.name) };
    if (!enough)
      return {
        verdict: "too_few_onsets",
        because: tooFewFr(question, rule.name, replay.fallen, risk.least_onsets),
      };
    if (!canCall) return { verdict: "no_capacity", because: noCapacityFr(rule.name) };
    const takenBack = trained?.model != null ? trained : withdrawn;
    if (takenBack !== null)
      return {
        verdict: "withdrawn",
        because: `${withdrawnFr(takenBack.trained_as_of)} ${ruleServesFr(rule.name)}`,
      };
    if (lastTraining?.verdict === "beaten")
      return { verdict: "beaten", because: `${ruleServesFr(rule.name)} ${lastTraining.verdict_fr}` };
    return { verdict: "refused", because: ruleServesFr(rule.name) };
  }

  function evaluateRules(): Figure[] {
    const rows = rowsOn(
      past,
      replay.blocks.flatMap(({ origins }) => origins),
    ).filter((row) => tells(past, row));
    if (rows.length === 0) return [];
    const judged = RULES.flatMap((one) => {
      const column = columnOf(past, one);
      if (column === undefined) return [];
      const score = ruleScore(
        one,
        Float64Array.from(rows, (row) => column[row] ?? Number.NaN),
      );
      return [{ name: `rule:${one.name}`, score, isProbability: false }];
    });
    const stratum = (row: number) => past.stratum(rows[row] ?? 0);
    const draws = { seed: risk.seed, draws: risk.bootstrap_draws };
    const { capacity } = lists;
    return evaluate({ rows: pastRows(past, rows, lists), stratum, capacity, date: dayOf, draws }, judged, []);
  }
}

/** A red score does, and a red feature where the score moves with it: one that the score hardly uses may change alone. */
function bringsTrainingForward(drifted: readonly Drifted[]): boolean {
  const levelOfScore = drifted.find(({ feature }) => feature === "score")?.level ?? "green";
  return levelOfScore === "red" || (levelOfScore === "amber" && drifted.some(({ level }) => level === "red"));
}

/** The newest model that passed the gate, was not taken back, can be read and reads tonight's features. */
function findChampion({ question, meanings, memory, warn }: QuestionTonight): {
  champion: Champion | null;
  refused: string[];
  refusedVersions: ReadonlySet<string>;
  withdrawn: TrainingLine | null;
} {
  const refused = memory.refused.map(({ file }) => damagedFr(file));
  const refusedVersions = new Set<string>();
  let withdrawn: TrainingLine | null = null;
  for (const line of memory.trainings) {
    if (line.question !== question || line.model === null) continue;
    if (memory.withdrawn.has(line.model_version)) {
      withdrawn ??= line;
      continue;
    }
    let isReadable = false;
    try {
      const model = readModel(line.model, line.model_version);
      isReadable = true;
      if (!sameFeatures(model.features, meanings)) readModel(line.model, line.model_version, meanings);
      return { champion: { line, model }, refused, refusedVersions, withdrawn };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      warn(`a model was refused: ${error.message}`);
      refused.push(isReadable ? foreignFr(line.model_version) : damagedFr(line.model_version));
      refusedVersions.add(line.model_version);
    }
  }
  return { champion: null, refused, refusedVersions, withdrawn };
}

function readBack(line: TrainingLine): Champion | null {
  return line.model === null ? null : { line, model: readModel(line.model, line.model_version) };
}

async function scoreByModel(
  model: HouseholdRiskModel,
  { matrix, rows }: Households,
  risk: Strategy["risk"],
): Promise<Scored> {
  const { openBackend } = await import("../../models/household-risk/backend.ts");
  const { eachBatch } = await import("../../models/household-risk/score.ts");
  await openBackend();
  const terms = model.terms.map(
    (term): ShownTerm => ({
      name: term.name,
      features: term.kind === "pair" ? term.pair : [term.feature],
    }),
  );
  const chooser = chooseReasons(terms.length, rows, {
    raising: risk.reasons_raising,
    lowering: risk.reasons_lowering,
    least: risk.reasons_least,
  });
  const probability = new Float64Array(rows);
  const importance = new Float64Array(terms.length);
  eachBatch(model, asReadBy(model.features, matrix), null, (from, count, contributions) => {
    for (let row = 0; row < count; row++) {
      const at = row * terms.length;
      let logit = model.base;
      for (let term = 0; term < terms.length; term++) {
        const adds = contributions[at + term] ?? 0;
        logit += adds;
        importance[term] = (importance[term] ?? 0) + Math.abs(adds) / rows;
      }
      probability[from + row] = sigmoid(logit);
      chooser.take(from + row, contributions, at);
    }
  });
  return { probability, base: model.base, terms, reasons: chooser.reasons(), importance };
}

function scoreByRule(
  past: PastHouseholds,
  households: Households,
  rule: Rule,
  risk: Strategy["risk"],
): Scored {
  const fitted = fitRuleOn(past, rule, learntBy(past, Number.POSITIVE_INFINITY));
  const column = columnOf(households, rule) ?? new Float32Array(households.rows).fill(Number.NaN);
  const added = ruleContributions(rule, fitted, column);
  const chooser = chooseReasons(1, households.rows, {
    raising: risk.reasons_raising,
    lowering: Math.max(risk.reasons_lowering, 1),
    least: 0,
  });
  for (let row = 0; row < households.rows; row++) chooser.take(row, added, row);
  const feature = households.matrix.features.findIndex(({ name }) => name === rule.feature);
  return {
    probability: added.map((adds) => sigmoid(fitted.base + adds)),
    base: fitted.base,
    terms: [{ name: rule.feature, features: feature === -1 ? [] : [feature] }],
    reasons: chooser.reasons(),
    importance: Float64Array.of(
      added.reduce((sum, adds) => sum + Math.abs(adds), 0) / Math.max(added.length, 1),
    ),
  };
}

/** Every replayed date scored by the newest model that knew nothing of what came after it; by the rule where there is none. */
async function replayAll(
  past: PastHouseholds,
  replay: Replay,
  rule: Rule,
  champion: Champion | null,
  memory: ModelMemory,
): Promise<PastScores> {
  const rows = rowsOn(
    past,
    replay.blocks.flatMap(({ origins }) => origins),
  );
  const column = columnOf(past, rule) ?? new Float32Array(past.rows).fill(Number.NaN);
  const score = ruleScore(rule, column);
  const probability = replayRule(past, rule, replay.blocks);
  const byRule = { version: `rule:${rule.name}`, by: "replayed" as const };
  const scorers = new Map<number, { version: string; by: "given" | "replayed" }>();
  if (champion !== null) {
    const { openBackend } = await import("../../models/household-risk/backend.ts");
    const { score: scoreRows } = await import("../../models/household-risk/score.ts");
    await openBackend();
    const lines = [champion.line, ...memory.trainings].filter(
      (line) =>
        line.question === champion.line.question &&
        line.model !== null &&
        line.feature_set === champion.line.feature_set &&
        !memory.withdrawn.has(line.model_version),
    );
    const known = lines.flatMap((line) => [
      { on: line.trained_as_of, text: line.model ?? "", version: line.model_version, by: "given" as const },
      ...line.replays.map(({ known_on, model }) => {
        return { on: known_on, text: model, version: line.model_version, by: "replayed" as const };
      }),
    ]);
    for (const { origins } of replay.blocks) {
      for (const origin of origins) {
        const best = known
          .filter(({ on }) => dayNumber(on) <= origin)
          .reduce<(typeof known)[number] | null>(
            (one, other) => (one === null || other.on > one.on ? other : one),
            null,
          );
        if (best === null) continue;
        scorers.set(origin, { version: best.version, by: best.by });
        const model = readModel(best.text, best.version);
        const own = rowsOn(past, [origin]);
        const read = asReadBy(model.features, past.matrix);
        const scored = scoreRows(model, {
          ...read,
          rows: own.length,
          columns: read.columns.map((values) => Float32Array.from(own, (row) => values[row] ?? Number.NaN)),
        });
        for (const [place, row] of own.entries()) probability[row] = scored[place] ?? Number.NaN;
      }
    }
  }
  const scorer = (row: number) => scorers.get(past.asOf[row] ?? 0) ?? byRule;
  // The matrix is the largest thing that a night holds: nothing reads it any more.
  const told = { ...past, matrix: { ...past.matrix, columns: [] } };
  return { past: told, rows, probability, ruleScore: score, scorer };
}

async function driftOf(
  { line, model }: Champion,
  { matrix, rows }: Households,
  risk: Strategy["risk"],
): Promise<Drifted[]> {
  const { openBackend } = await import("../../models/household-risk/backend.ts");
  const { score } = await import("../../models/household-risk/score.ts");
  await openBackend();
  const read = asReadBy(model.features, matrix);
  const probability = rows === 0 ? new Float64Array() : score(model, read);
  return line.spreads.map((then): Drifted => {
    const at = read.features.findIndex(({ name }) => name === then.feature);
    const column = then.feature === "score" ? probability : (read.columns[at] ?? new Float32Array());
    const found = drift(then, column, {
      amber: Math.max(risk.psi_amber, then.usual),
      red: Math.max(risk.psi_red, then.usual),
    });
    let missing = 0;
    for (const value of column) if (!Number.isFinite(value)) missing += 1;
    return {
      ...found,
      feature: then.feature,
      usual: then.usual,
      shareMissing: rows === 0 ? 0 : missing / rows,
      shareMissingThen: then.shares.at(-1) ?? 0,
    };
  });
}

const placesRow = z.object({ agency_id: z.string(), as_of: z.string(), k: z.number() });

/** How long the list of an agency is on a day: for days before the first that is told, as long as on that one. */
async function readPlaces(connection: DuckDBConnection): Promise<(agency: string, day: number) => number> {
  const rows = await queryRows(
    connection,
    "select agency_id, as_of, k::integer as k from prevention.capacity order by agency_id, as_of desc",
    placesRow,
  );
  const told = new Map<string, { day: number; k: number }[]>();
  for (const { agency_id, as_of, k } of rows)
    told.set(agency_id, [...(told.get(agency_id) ?? []), { day: dayNumber(as_of), k }]);
  return (agency, day) => {
    const own = told.get(agency) ?? [];
    return (own.find((one) => one.day <= day) ?? own.at(-1))?.k ?? 0;
  };
}
