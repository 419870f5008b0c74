import { type CalibrationBin, calibrationBins } from "../../models/household-risk/metrics.ts";
import { RULES, type Rule, ruleScore } from "../../models/household-risk/rules.ts";
import { type Steps, untoldSteps } from "../steps.ts";
import type { ProgramContext } from "../warehouse/program.ts";
import { writeCard } from "./card.ts";
import { type Champion, promotedTonight } from "./champion.ts";
import { dayOf } from "./days.ts";
import { type Drifted, driftOf, scoreIsRed } from "./drifted.ts";
import { evaluate } from "./evaluate.ts";
import type { Households, Meaning } from "./households.ts";
import { type LearntTonight, learnQuestions } from "./lessons.ts";
import type { Figure, ModelMemory, Paragraph, Question, TrainingLine } from "./model-memory.ts";
import { type PastScores, scorePast } from "./past-scores.ts";
import { askQuestions } from "./questions.ts";
import { columnOf, pastRows, rowsOn, tells } from "./replay.ts";
import { type Scored, scoreByModel, scoreByRule } from "./scoring.ts";
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

/** Everything that a night says of one question. */
export interface Answer {
  readonly question: Question;
  readonly served: "model" | "rule";
  readonly version: string;
  readonly rule: Rule;
  readonly champion: Champion | null;
  readonly lastTraining: TrainingLine | null;
  /** Tonight's training; null where none was due. */
  readonly trained: TrainingLine | null;
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

/** What a night says of all its questions, in their order. */
export type Answers = readonly Answer[];

/**
 * Scores the households of each question, tonight's and those of past dates: a step for each, whose rows are tonight's.
 *
 * @param learnt is emptied: the matrices in it are the largest thing that a night holds, and nothing reads them afterwards.
 */
export async function answerQuestions(learnt: LearntTonight[], steps: Pick<Steps, "run">): Promise<Answers> {
  const answers: Answer[] = [];
  for (let lesson = learnt.shift(); lesson !== undefined; lesson = learnt.shift()) {
    const answered = lesson;
    await steps.run(`score ${answered.asked.question}`, async () => {
      const one = await answer(answered);
      answers.push(one);
      return { rows: one.households.rows };
    });
  }
  return answers;
}

/** Learns and scores outside a night, such as for one table built alone; nothing of it is kept. */
export async function answerAlone(
  context: ProgramContext,
  memory: ModelMemory,
  warn: (line: string) => void,
): Promise<Answers> {
  const questions = await askQuestions(context, memory, warn);
  return answerQuestions(await learnQuestions(context.connection, questions, untoldSteps), untoldSteps);
}

async function answer(learnt: LearntTonight): Promise<Answer> {
  const { question, asOf, risk, meanings, memory } = learnt.asked;
  const { households, past, lists, replay, rule, everything, enough, canCall, before, driftBefore, trained } =
    learnt;
  const { refused, withdrawn, lastBefore } = learnt;
  const promoted = promotedTonight(trained, memory);
  const champion = promoted ?? before;
  const lastTraining = trained ?? lastBefore;
  const drifted = promoted === null ? driftBefore : await driftOf(promoted, households, risk);
  const serving = scoreIsRed(drifted) ? null : champion;

  const scored =
    serving === null
      ? scoreByRule(past, households, rule, risk)
      : await scoreByModel(serving.model, households, risk);
  const pastScores = await scorePast(past, replay, rule, champion, memory);
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
    trained,
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
