import type { HouseholdRiskModel } from "../../models/household-risk/model.ts";
import { readModel } from "../../models/household-risk/model-file.ts";
import { UserError } from "../user-error.ts";
import { sameFeatures } from "./matrix.ts";
import type { ModelMemory, TrainingLine } from "./model-memory.ts";
import type { QuestionTonight } from "./questions.ts";
import { damagedFr, foreignFr } from "./statements.ts";

/** A model that serves or served, read back. */
export interface Champion {
  readonly line: TrainingLine;
  readonly model: HouseholdRiskModel;
}

/** The model in place before tonight, and why others are not. */
export interface FoundChampion {
  readonly champion: Champion | null;
  /** What was refused, in the words of the screen. */
  readonly refused: readonly string[];
  readonly refusedVersions: ReadonlySet<string>;
  /** The newest one that a person took back. */
  readonly withdrawn: TrainingLine | null;
}

/** The newest model that passed the gate, was not taken back, can be read and reads tonight's features. */
export function findChampion({ question, meanings, memory, warn }: QuestionTonight): FoundChampion {
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

/** The model that tonight's training gave, where it passed the gate and nobody took it back. */
export function promotedTonight(trained: TrainingLine | null, memory: ModelMemory): Champion | null {
  if (trained === null || trained.model === null || memory.withdrawn.has(trained.model_version)) return null;
  return { line: trained, model: readModel(trained.model, trained.model_version) };
}
