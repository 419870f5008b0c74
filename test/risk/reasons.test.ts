import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Meaning } from "../../pipelines/risk/households.ts";
import { chooseReasons, reasonWriter, valueFr } from "../../pipelines/risk/reasons.ts";

const limits = { raising: 2, lowering: 1, least: 0.05 };

/** The reasons of one household, as term and contribution; null for the rest. */
function reasonsOf(contributions: readonly number[], told = limits): [term: number | null, adds: number][] {
  const chooser = chooseReasons(contributions.length, 1, told);
  chooser.take(0, Float64Array.from(contributions), 0);
  const { count, term, contribution } = chooser.reasons();
  return Array.from({ length: count }, (_, place) => {
    const chosen = term[place] ?? -1;
    return [chosen === -1 ? null : chosen, contribution[place] ?? 0];
  });
}

describe("the reasons of a household", () => {
  test("are what raises most, then what lowers most, and the rest in one", () => {
    expect(reasonsOf([0.5, -1, 2, 0.25, -0.5])).toEqual([
      [2, 2],
      [0, 0.5],
      [1, -1],
      [null, -0.25],
    ]);
  });

  test("leave out what adds next to nothing", () => {
    expect(reasonsOf([0.01, -0.02, 0.3])).toEqual([
      [2, 0.3],
      [null, -0.01],
    ]);
  });

  test("of equal size are told in the terms' order", () => {
    expect(reasonsOf([1, 1, 1]).map(([term]) => term)).toEqual([0, 1, null]);
  });

  test("need no rest where all are told", () => {
    expect(reasonsOf([1, -1])).toEqual([
      [0, 1],
      [1, -1],
    ]);
  });

  test("always add up to what all terms add, and none told is smaller than one left out of its side", () => {
    const contributions = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(contributions, (given) => {
        const told = reasonsOf(given);
        const whole = given.reduce((sum, adds) => sum + adds, 0);
        expect(told.reduce((sum, [, adds]) => sum + adds, 0)).toBeCloseTo(whole, 9);
        const raising = told.flatMap(([term, adds]) => (term !== null && adds > 0 ? [adds] : []));
        const left = given.filter(
          (adds, term) => adds >= limits.least && !told.some(([one]) => one === term),
        );
        expect(raising.length).toBeLessThanOrEqual(limits.raising);
        expect(Math.min(...raising, 3)).toBeGreaterThanOrEqual(Math.max(...left, 0));
      }),
    );
  });
});

test("values are written in French, with their unit", () => {
  const written = [
    ["days", 1, "1 jour"],
    ["days", 12.4, "12 jours"],
    ["months", 3, "3 mois"],
    ["months", 36, "3 ans"],
    ["count", 2, "2"],
    ["percent", 0.352, "35\u202f%"],
    ["change", 0.12, "+12\u202f%"],
    ["change", -0.08, "−8\u202f%"],
    ["terms", 0.4, "0,4 terme"],
    ["terms", 2.3, "2,3 termes"],
    ["euros", 412.3, "412 €"],
    ["people", 1, "1 personne"],
    ["square_metres", 31, "31 m²"],
    ["decimal", 1.52, "1,5"],
    ["flag", 1, ""],
  ] as const;
  for (const [display, value, words] of written) expect(valueFr(display, value)).toBe(words);
});

describe("the words of a reason", () => {
  const meaning = (
    name: string,
    direction: "increasing" | "decreasing",
    raisesFr: string,
    lowersFr: string,
  ) =>
    ({
      name,
      kind: "number",
      direction,
      labelFr: name,
      raisesFr,
      lowersFr,
      missingFr: "inconnu",
      display: "count",
      wordsFr: new Map(),
    }) satisfies Meaning;

  const rejected = meaning("rejected", "increasing", "rejeté {value} fois", "aucun rejet");
  const sinceLate = meaning("since_late", "decreasing", "retard il y a {value} mois", "retard ancien");
  const matrix = {
    features: [rejected, sinceLate],
    rows: 5,
    columns: [Float32Array.of(0, 0, 2, 0, 2), Float32Array.of(40, 3, 60, 50, 3)],
  };
  const write = reasonWriter([rejected, sinceLate], matrix, [
    { name: "rejected", features: [0] },
    { name: "rejected × since_late", features: [0, 1] },
  ]);

  test("a pair that lowers the risk never says « aucun rejet » of who was rejected", () => {
    expect(write(2, 1, false)).toBe("rejeté 2 fois, et en même temps retard ancien");
    expect(write(2, 1, true)).toBe("rejeté 2 fois, et en même temps retard ancien");
    expect(write(1, 1, true)).toBe("aucun rejet, et en même temps retard il y a 3 mois");
  });

  test("two worrying signs that weigh less together than apart are said to overlap", () => {
    expect(write(4, 1, false)).toBe(
      "deux signes qui se recoupent : rejeté 2 fois, et en même temps retard il y a 3 mois",
    );
    expect(write(4, 1, true)).toBe("rejeté 2 fois, et en même temps retard il y a 3 mois");
  });

  test("a feature by itself is told by what it adds", () => {
    expect(write(2, 0, true)).toBe("rejeté 2 fois");
    expect(write(0, 0, false)).toBe("aucun rejet");
  });
});
