import type { HouseholdRiskModel } from "../../models/household-risk/model.ts";
import { type Rule, ruleContributions, sigmoid } from "../../models/household-risk/rules.ts";
import type { Strategy } from "../strategy/strategy.ts";
import type { Households, PastHouseholds } from "./households.ts";
import { asReadBy } from "./matrix.ts";
import { chooseReasons, type Reasons, type ShownTerm } from "./reasons.ts";
import { columnOf, fitRuleOn, learntBy } from "./replay.ts";

/** Tonight's scores of one question. */
export interface Scored {
  readonly probability: Float64Array;
  readonly base: number;
  readonly terms: readonly ShownTerm[];
  readonly reasons: Reasons;
  /** Mean of what each term adds, up or down. */
  readonly importance: Float64Array;
}

/** Scores tonight's households by a model. */
export async function scoreByModel(
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

/** Scores tonight's households by a rule, fitted on the past. */
export function scoreByRule(
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
