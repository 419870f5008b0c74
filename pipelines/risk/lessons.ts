import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { readModel } from "../../models/household-risk/model-file.ts";
import type { Rule } from "../../models/household-risk/rules.ts";
import type { ProgramContext } from "../programs.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";
import { dayNumber } from "./days.ts";
import { type Drifted, driftOf } from "./drifted.ts";
import {
  type Households,
  type Meaning,
  type PastHouseholds,
  readMeanings,
  readPast,
  readTonight,
} from "./households.ts";
import { type Champion, featureSetOf, fingerprintOf, type Lesson, learn, type TellFold } from "./learn.ts";
import { sameFeatures } from "./matrix.ts";
import {
  keepTrainings,
  type ModelMemory,
  NO_MEMORY,
  QUESTIONS,
  type Question,
  readModelMemory,
  type TrainingLine,
} from "./model-memory.ts";
import { chooseRule, learntBy, type PastLists, pastLists, planReplay, type Replay } from "./replay.ts";
import { damagedFr, foreignFr } from "./statements.ts";

/** What a night knows of a question before anything is learnt. */
export interface QuestionTonight {
  readonly question: Question;
  readonly asOf: string;
  readonly risk: Strategy["risk"];
  readonly meanings: readonly Meaning[];
  /** Places on the list of an agency on a day since 1970. */
  readonly places: (agency: string, day: number) => number;
  readonly memory: ModelMemory;
  readonly warn: (line: string) => void;
}

/** What a night knows of a question once it has learnt what was due, and before anything is scored. */
export interface LearntTonight {
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

/** What the questions of one night share, and what was learnt so far. */
interface Lessons {
  readonly shared: Promise<Omit<QuestionTonight, "question">>;
  readonly learnt: Map<Question, Promise<LearntTonight>>;
}

const lessonsOf = new WeakMap<object, Lessons>();

function lessonsOfNight(context: ProgramContext): Lessons {
  const known = lessonsOf.get(context.night);
  if (known !== undefined) return known;
  const lessons: Lessons = { shared: sharedTonight(context), learnt: new Map() };
  lessonsOf.set(context.night, lessons);
  return lessons;
}

/** What a night knows of a question before anything is learnt: read once a night. */
export async function questionTonight(context: ProgramContext, question: Question): Promise<QuestionTonight> {
  return { question, ...(await lessonsOfNight(context).shared) };
}

/**
 * Learns one question where a training is due: once a night, whoever asks first.
 *
 * @param tell called as each model begins to be learnt.
 */
export function learnTonight(
  context: ProgramContext,
  question: Question,
  tell?: TellFold,
): Promise<LearntTonight> {
  const { learnt } = lessonsOfNight(context);
  const known = learnt.get(question);
  if (known !== undefined) return known;
  const learning = questionTonight(context, question).then((night) =>
    learnOne(context.connection, night, tell),
  );
  learnt.set(question, learning);
  return learning;
}

/** Leaves the file that keeps what was learnt tonight; none where nothing was trained, or the same was told before. */
export async function leaveTrainings(context: ProgramContext): Promise<void> {
  const { workspace, asOf } = context;
  if (workspace === undefined) return;
  const trained: TrainingLine[] = [];
  for (const question of QUESTIONS) {
    const line = (await learnTonight(context, question)).trained;
    if (line !== null) trained.push(line);
  }
  for (const file of await keepTrainings(workspace, asOf, trained)) context.leave(file);
}

async function sharedTonight(context: ProgramContext): Promise<Omit<QuestionTonight, "question">> {
  const { connection, strategy, asOf, workspace, warn } = context;
  const memory = workspace === undefined ? NO_MEMORY : await readModelMemory(workspace, asOf);
  for (const { message } of memory.refused) warn(`a file of models was refused: ${message}`);
  const meanings = await readMeanings(connection);
  const places = await readPlaces(connection);
  return { asOf, risk: strategy.risk, meanings, places, memory, warn };
}

async function learnOne(
  connection: DuckDBConnection,
  night: QuestionTonight,
  tell?: TellFold,
): Promise<LearntTonight> {
  const { question, asOf, risk, meanings, places, memory } = night;
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
      (await learn(lesson, tell));
  }
  return {
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

/** A red score does, and a red feature where the score moves with it: one that the score hardly uses may change alone. */
function bringsTrainingForward(drifted: readonly Drifted[]): boolean {
  const levelOfScore = drifted.find(({ feature }) => feature === "score")?.level ?? "green";
  return levelOfScore === "red" || (levelOfScore === "amber" && drifted.some(({ level }) => level === "red"));
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
