import { describe, expect, test } from "vitest";
import { MERGER_INDICATORS } from "../../pipelines/comparison/merger-panel.ts";
import { beforeAfterStatement, comparedStatement } from "../../pipelines/comparison/merger-statement.ts";

const CAUSAL =
  /\b(effet|impact|grâce|caus\w*|dû|due?s?|provoqu\w*|entraîn\w*|permis|améliore\w*|dégrade\w*|résult\w*)\b/i;

describe("what is said of a merger", () => {
  const effect = {
    estimate: -0.0134,
    low: -0.02,
    high: -0.0009,
    pValue: 0.03,
    pValueBefore: 0.4,
    controls: 3,
    path: [],
  };

  test("without controls, no word of cause", () => {
    for (const indicator of MERGER_INDICATORS) {
      const said = beforeAfterStatement(indicator, 0.0213, 12);
      expect(said).toMatch(/^Avant\/après sans témoin/);
      expect(said).toContain("+2,13 points");
      expect(said).not.toMatch(CAUSAL);
    }
  });

  test("with controls, how many, the interval and the chance of it", () => {
    const said = comparedStatement("share_3_terms", effect, 12);
    expect(said).toContain("−1,34 point par rapport aux 3 agences");
    expect(said).toContain("de −2,00 points à −0,09 point ; p = 0,030");
    expect(said).toContain("Le hasard seul explique mal cet écart.");
  });

  test("a difference that chance explains is left undecided; one that was there before is told", () => {
    const said = comparedStatement("onset_rate", { ...effect, pValue: 0.4, pValueBefore: 0.01 }, 12);
    expect(said).toContain("on ne conclut pas");
    expect(said).toContain("Avant la fusion déjà");
  });

  test("too few agencies give no interval", () => {
    const said = comparedStatement("share_1_term", { ...effect, low: null, high: null, controls: 1 }, 12);
    expect(said).toContain("à l’agence qui n’était pas encore fusionnée");
    expect(said).toContain("trop peu d’agences pour donner un intervalle");
  });
});
