import { type Drift, drift } from "../../models/household-risk/drift.ts";
import type { Strategy } from "../strategy/strategy.ts";
import type { Champion } from "./champion.ts";
import type { Households } from "./households.ts";
import { asReadBy } from "./matrix.ts";

/** How far one feature has drifted, or the score. */
export interface Drifted extends Drift {
  readonly feature: string;
  readonly usual: number;
  readonly shareMissing: number;
  readonly shareMissingThen: number;
}

/** How far tonight's households are from those that a model learnt from, feature by feature, and by its score. */
export async function driftOf(
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

/** Whether the next training comes forward: for a red score, and for a red feature where the score moves with it: one that the score hardly uses may change alone. */
export function bringsTrainingForward(drifted: readonly Drifted[]): boolean {
  const level = levelOfScore(drifted);
  return level === "red" || (level === "amber" && drifted.some((one) => one.level === "red"));
}

/** Whether the scores themselves drifted so far that their model may not serve. */
export function scoreIsRed(drifted: readonly Drifted[]): boolean {
  return levelOfScore(drifted) === "red";
}

function levelOfScore(drifted: readonly Drifted[]): Drifted["level"] {
  return drifted.find(({ feature }) => feature === "score")?.level ?? "green";
}
