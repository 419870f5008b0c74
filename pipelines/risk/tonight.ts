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
import { writeCard } from "./card.ts";
import { dayNumber, dayOf } from "./days.ts";
import { type Drifted, driftOf } from "./drifted.ts";
import { evaluate } from "./evaluate.ts";
import type { Households, Meaning, PastHouseholds } from "./households.ts";
import type { Champion } from "./learn.ts";
import {
  type LearntTonight,
  learnTonight,
  leaveTrainings,
  type QuestionTonight,
  questionTonight,
} from "./lessons.ts";
import { asReadBy } from "./matrix.ts";
import {
  type Figure,
  type ModelMemory,
  type Paragraph,
  QUESTIONS,
  type Question,
  type TrainingLine,
} from "./model-memory.ts";
import { chooseReasons, type Reasons, type ShownTerm } from "./reasons.ts";
import { columnOf, fitRuleOn, learntBy, pastRows, type Replay, replayRule, rowsOn, tells } from "./replay.ts";
import {
  driftedFr,
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
  const answers: Answer[] = [];
  for (const question of QUESTIONS) {
    const learnt = await learnTonight(context, question);
    answers.push(await answerOne(await questionTonight(context, question), learnt));
  }
  await leaveTrainings(context);
  return answers;
}

async function answerOne(
  { question, asOf, risk, meanings, memory }: QuestionTonight,
  learnt: LearntTonight,
): Promise<Answer> {
  const { households, past, lists, replay, rule, everything, enough, canCall, before, driftBefore, trained } =
    learnt;
  const { refused, withdrawn, lastBefore } = learnt;
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
