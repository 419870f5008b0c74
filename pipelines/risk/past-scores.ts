import { readModel } from "../../models/household-risk/model-file.ts";
import { type Rule, ruleScore } from "../../models/household-risk/rules.ts";
import type { Champion } from "./champion.ts";
import { dayNumber } from "./days.ts";
import type { PastHouseholds } from "./households.ts";
import { asReadBy } from "./matrix.ts";
import type { ModelMemory } from "./model-memory.ts";
import { columnOf, type Replay, replayRule, rowsOn } from "./replay.ts";

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

/** Every replayed date scored by the newest model that knew nothing of what came after it; by the rule where there is none. */
export async function scorePast(
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
