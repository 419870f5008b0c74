import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { type PendingFile, tell } from "../state/state.ts";
import { listState, nameOf, namesIn, readStateFile, type StateKind, textOf } from "../state/state-file.ts";
import { UserError } from "../user-error.ts";
import type { Workspace } from "../workspace.ts";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "is no date yyyy-mm-dd");
const number = z.number().nullable();

/** The two questions that are asked: of households that owe no whole term, and of those that owe one or two. */
export const QUESTIONS = ["onset", "worsening"] as const;
export type Question = (typeof QUESTIONS)[number];

const spread = z.strictObject({
  feature: z.string(),
  bounds: z.array(z.number()).nullable(),
  shares: z.array(z.number()),
  rows: z.int().min(0),
  /** The largest index that one past month end alone had against all that was learnt from. */
  usual: z.number(),
});

const figure = z.strictObject({
  model: z.string(),
  origin: z.string(),
  stratum: z.string(),
  metric: z.string(),
  value: number,
  low: number,
  high: number,
  households: z.int(),
  onsets: z.int(),
});

const paragraph = z.strictObject({ section: z.string(), title_fr: z.string(), text_fr: z.string() });

/** One training of one question: what came of it, and the model with those that tell how it would have done. */
const trainingLine = z.strictObject({
  question: z.enum(QUESTIONS),
  model_version: z.string().min(1),
  trained_as_of: day,
  feature_set: z.string(),
  /** What it was made of: the same for the same night with the same data. */
  fingerprint: z.string(),
  backend: z.string(),
  recipe: z.enum(["additive", "logistic"]),
  verdict: z.enum(["promoted", "beaten"]),
  verdict_fr: z.string(),
  rule_name: z.string(),
  shadow_until: day.nullable(),
  training_rows: z.int(),
  onsets: z.int(),
  /** The text of the model; null where it may not serve. */
  model: z.string().nullable(),
  /** Models that learnt from what was known on a day, to score what came after it. */
  replays: z.array(z.strictObject({ known_on: day, model: z.string() })),
  spreads: z.array(spread),
  evaluation: z.array(figure),
  card: z.array(paragraph),
});

export type TrainingLine = z.infer<typeof trainingLine>;
export type Figure = z.infer<typeof figure>;
export type Paragraph = z.infer<typeof paragraph>;
export type KeptSpread = z.infer<typeof spread>;

/** `state/models/`: every training, with the models that came of it. */
const MODELS: StateKind<TrainingLine> = { folder: "models", line: trainingLine };

/** What nights before remember of models. */
export interface ModelMemory {
  /** Newest first. */
  readonly trainings: readonly TrainingLine[];
  /** What the same night said when it was run before. */
  readonly tonight: readonly TrainingLine[];
  /** Versions that a person took back. */
  readonly withdrawn: ReadonlySet<string>;
  /** Files that could not be read, below the landlord's folder, and what is wrong with each. */
  readonly refused: readonly { readonly file: string; readonly message: string }[];
}

/** Without a landlord's folder nothing is remembered. */
export const NO_MEMORY: ModelMemory = { trainings: [], tonight: [], withdrawn: new Set(), refused: [] };

/**
 * Reads the trainings of the nights before `asOf`, the last telling of each. A damaged file is told among the refused, and
 * those before it count: a score may wait for the next training, a night may not.
 */
export async function readModelMemory(workspace: Workspace, asOf: string | null): Promise<ModelMemory> {
  const names = (await listState(workspace, MODELS)).filter((name) => asOf === null || name.asOf <= asOf);
  const trainings: TrainingLine[] = [];
  const tonight: TrainingLine[] = [];
  const refused: { file: string; message: string }[] = [];
  const told = new Set<string>();
  for (const name of names.toReversed()) {
    if (told.has(name.asOf)) continue;
    try {
      const { lines } = await readStateFile(workspace, MODELS, nameOf(name));
      told.add(name.asOf);
      (name.asOf === asOf ? tonight : trainings).push(...lines);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const file = join("state", MODELS.folder, `${nameOf(name)}.jsonl`);
      refused.push({ file, message: error.message });
    }
  }
  const withdrawn = (await namesIn(join(workspace.state, MODELS.folder)))
    .filter((name) => name.endsWith(WITHDRAWN))
    .map((name) => name.slice(0, -WITHDRAWN.length));
  return { trainings, tonight, withdrawn: new Set(withdrawn), refused };
}

/** The file that keeps tonight's trainings; none where nothing was trained, or the same was told before. */
export async function keepTrainings(
  workspace: Workspace,
  asOf: string,
  lines: readonly TrainingLine[],
): Promise<PendingFile[]> {
  if (lines.length === 0) return [];
  try {
    return await tell(workspace, MODELS, asOf, null, lines);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const last = (await listState(workspace, MODELS)).filter((name) => name.asOf === asOf).at(-1);
    const file = { asOf, revision: (last?.revision ?? 0) + 1, follows: null, lines };
    return [{ path: join(MODELS.folder, `${nameOf(file)}.jsonl`), text: textOf(file) }];
  }
}

/**
 * Takes a version back for good: no later night lets it serve.
 *
 * @returns the file that says so, below the landlord's folder.
 */
export async function withdrawVersion(workspace: Workspace, version: string): Promise<string> {
  const folder = join(workspace.state, MODELS.folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${version}${WITHDRAWN}`);
  await writeFile(path, "", { mode: 0o600, flush: true });
  return relative(workspace.root, path);
}

const WITHDRAWN = ".withdrawn";
