import type { DuckDBConnection } from "@duckdb/node-api";
import type { Rule } from "../../models/household-risk/rules.ts";
import type { Steps } from "../steps.ts";
import { type Champion, findChampion } from "./champion.ts";
import { dayNumber } from "./days.ts";
import { bringsTrainingForward, type Drifted, driftOf } from "./drifted.ts";
import { type Households, type PastHouseholds, readPast, readTonight } from "./households.ts";
import { featureSetOf, fingerprintOf, type Lesson, learn, type TellFold } from "./learn.ts";
import type { TrainingLine } from "./model-memory.ts";
import type { QuestionTonight } from "./questions.ts";
import { chooseRule, learntBy, type PastLists, pastLists, planReplay, type Replay } from "./replay.ts";

/** What a night knows of a question once it has learnt what was due, and before anything is scored. */
export interface LearntTonight {
  readonly asked: QuestionTonight;
  readonly households: Households;
  readonly past: PastHouseholds;
  readonly lists: PastLists;
  readonly replay: Replay;
  readonly rule: Rule;
  /** Rows of the past to learn from. */
  readonly everything: Int32Array;
  /** Whether enough households fell to learn from. */
  readonly enough: boolean;
  /** Whether anybody could be called. */
  readonly canCall: boolean;
  /** The model in place before tonight, and how far tonight's households are from those that it learnt from. */
  readonly before: Champion | null;
  readonly driftBefore: readonly Drifted[];
  readonly refused: readonly string[];
  readonly withdrawn: TrainingLine | null;
  readonly lastBefore: TrainingLine | null;
  /** Tonight's training; null where none was due. */
  readonly trained: TrainingLine | null;
}

/** Learns each question where a training is due: a step for each, whose rows are those learnt from, 0 where nothing was due. */
export async function learnQuestions(
  connection: DuckDBConnection,
  questions: readonly QuestionTonight[],
  steps: Pick<Steps, "run">,
): Promise<LearntTonight[]> {
  const learnt: LearntTonight[] = [];
  for (const asked of questions)
    await steps.run(`learn ${asked.question}`, async (progress) => {
      const lesson = await learnOne(connection, asked, (fold, folds) => progress(fold, folds, "fold"));
      learnt.push(lesson);
      return { rows: lesson.trained?.training_rows ?? 0 };
    });
  return learnt;
}

async function learnOne(
  connection: DuckDBConnection,
  asked: QuestionTonight,
  tell: TellFold,
): Promise<LearntTonight> {
  const { question, asOf, risk, meanings, places, memory } = asked;
  const households = await readTonight(connection, question, meanings);
  const past = await readPast(connection, question, meanings);
  const lists = pastLists(past, places);
  const replay = planReplay(past, {
    replayed: risk.replayed_origins,
    tested: risk.test_origins,
    leastFallen: risk.least_onsets,
    blocks: risk.replay_blocks,
    fallenPerBlock: risk.fallen_per_block,
  });
  const earlier = learntBy(past, replay.blocks[0]?.knownOn ?? 0);
  const everything = learntBy(past, Number.POSITIVE_INFINITY);
  const rule = chooseRule(past, earlier.length > 0 ? earlier : everything, lists);
  const { champion: before, refused, refusedVersions, withdrawn } = findChampion(asked);
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
      (await learn(lesson, tell));
  }
  return {
    asked,
    households,
    past,
    lists,
    replay,
    rule,
    everything,
    enough,
    canCall,
    before,
    driftBefore,
    refused,
    withdrawn,
    lastBefore,
    trained,
  };
}
