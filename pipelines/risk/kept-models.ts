import { UserError } from "../user-error.ts";
import { openWorkspace, withLock } from "../workspace.ts";
import { QUESTIONS, type Question, readModelMemory, withdrawVersion } from "./model-memory.ts";

/** One kept training, as the command line lists it. */
export interface KeptModel {
  readonly question: Question;
  readonly version: string;
  readonly trainedAsOf: string;
  /** serves, served, beaten: it did not pass the gate; withdrawn: a person took it back. */
  readonly standing: "serves" | "served" | "beaten" | "withdrawn";
}

/** The trainings that a landlord's folder keeps, newest first, with the files that cannot be read. */
export async function listModels(
  folder: string,
): Promise<{ readonly models: readonly KeptModel[]; readonly refused: readonly string[] }> {
  const memory = await readModelMemory(openWorkspace(folder), null);
  const serving = new Set<Question>();
  const models = memory.trainings.map((line): KeptModel => {
    const { question, model_version, trained_as_of } = line;
    const told = { question, version: model_version, trainedAsOf: trained_as_of };
    if (line.model === null) return { ...told, standing: "beaten" };
    if (memory.withdrawn.has(model_version)) return { ...told, standing: "withdrawn" };
    if (serving.has(question)) return { ...told, standing: "served" };
    serving.add(question);
    return { ...told, standing: "serves" };
  });
  return { models, refused: memory.refused.map(({ message }) => message) };
}

/**
 * Takes back the model that serves a question. From the next night on the one before it serves, or the simple rule where
 * there is none; the one taken back never serves again.
 *
 * @throws UserError for a question that is none, or that no model serves.
 */
export async function rollBack(
  folder: string,
  asked: string,
): Promise<{ readonly withdrawn: string; readonly next: string | null }> {
  const question = QUESTIONS.find((one) => one === asked);
  if (question === undefined)
    throw new UserError(
      `${asked}: is no question that a model answers`,
      `Name one of ${QUESTIONS.join(", ")}.`,
    );
  const workspace = openWorkspace(folder);
  const { models } = await listModels(folder);
  const own = models.filter((model) => model.question === question);
  const serving = own.find(({ standing }) => standing === "serves");
  if (serving === undefined)
    throw new UserError(
      `${workspace.root}: no model serves the question ${question}`,
      "The simple rule serves already; there is nothing to take back.",
    );
  await withLock(workspace, () => withdrawVersion(workspace, serving.version));
  return {
    withdrawn: serving.version,
    next: own.find(({ standing }) => standing === "served")?.version ?? null,
  };
}
