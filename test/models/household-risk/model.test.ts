import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openBackend, useBackend } from "../../../models/household-risk/backend.ts";
import { explain, probabilityOf } from "../../../models/household-risk/explain.ts";
import { rowsOf } from "../../../models/household-risk/features.ts";
import { trainFolds } from "../../../models/household-risk/folds.ts";
import { auc, brier } from "../../../models/household-risk/metrics.ts";
import type { HouseholdRiskModel } from "../../../models/household-risk/model.ts";
import { readModel, writeModel } from "../../../models/household-risk/model-file.ts";
import { score } from "../../../models/household-risk/score.ts";
import { TooFewOnsets, train, trainLogistic } from "../../../models/household-risk/train.ts";
import { changed, inventHouseholds } from "./invented-households.ts";

const SEED = 20_261_115;
const learntFrom = inventHouseholds({ seed: 1, together: 2 });
const others = inventHouseholds({ seed: 2, together: 2 });
let model: HouseholdRiskModel;

beforeAll(async () => {
  await openBackend();
  model = await train(learntFrom.matrix, learntFrom.outcome, learntFrom.options);
});

const household = fc.integer({ min: 0, max: others.matrix.rows - 1 });
const anyNumber = fc.oneof(
  fc.float({ noDefaultInfinity: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e38),
);

describe("a probability is its reasons", () => {
  test("base and contributions add up to its logit, to the last bit", () => {
    const rows = Int32Array.from({ length: others.matrix.rows }, (_, row) => row);
    const probabilities = score(model, others.matrix);
    const { base, terms, contributions } = explain(model, others.matrix, rows);
    const told = rows.map((row) => row * terms.length);
    expect(
      Float64Array.from(told, (from) =>
        probabilityOf(base, contributions.subarray(from, from + terms.length)),
      ),
    ).toEqual(probabilities);
    const logit = (probability: number) => Math.log(probability / (1 - probability));
    for (const [row, from] of told.entries()) {
      const sum = contributions.subarray(from, from + terms.length).reduce((one, other) => one + other, base);
      expect(logit(probabilities[row] ?? 0)).toBeCloseTo(sum, 9);
    }
  });

  test("whatever a household's values, known or not, it has a probability", () => {
    fc.assert(
      fc.property(household, fc.array(anyNumber, { minLength: 6, maxLength: 6 }), (row, values) => {
        const named = Object.fromEntries(others.matrix.features.map(({ name }, i) => [name, values[i] ?? 0]));
        const [probability = Number.NaN] = score(model, rowsOf(changed(others.matrix, row, named), [row]));
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
      }),
      { seed: SEED },
    );
  });

  test("every term's contributions have mean 0 over the rows learnt from", () => {
    const rows = Int32Array.from({ length: learntFrom.matrix.rows }, (_, row) => row);
    const { terms, contributions } = explain(model, learntFrom.matrix, rows);
    for (const [place] of terms.entries()) {
      const sum = rows.reduce((all, row) => all + (contributions[row * terms.length + place] ?? 0), 0);
      expect(sum / rows.length).toBeCloseTo(0, 5);
    }
  });

  test("is the same whichever households are scored with it", () => {
    const [one = 0, other = 0] = score(model, rowsOf(others.matrix, [700, 3]));
    const all = score(model, others.matrix);
    expect([one, other]).toEqual([all[700], all[3]]);
  });
});

describe("monotone", () => {
  const cases = [
    ["days_late", 1],
    ["late_months", 1],
    ["tenure", -1],
  ] as const;

  test.each(cases)("more %s never moves the risk against its direction", (name, sign) => {
    const value = fc.double({ min: -5, max: 120, noNaN: true });
    fc.assert(
      fc.property(household, value, value, (row, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const riskAt = (at: number) =>
          score(model, rowsOf(changed(others.matrix, row, { [name]: at }), [row]))[0] ?? Number.NaN;
        // Tensors hold numbers of 32 bits: seven digits.
        expect(sign * (riskAt(high) - riskAt(low))).toBeGreaterThan(-1e-6);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("even where the rows learnt from say the opposite", async () => {
    const turned = {
      ...learntFrom.matrix,
      columns: learntFrom.matrix.columns.map((column, place) =>
        place === 0 ? column.map((days) => 30 - days) : column,
      ),
    };
    const contrary = await train(turned, learntFrom.outcome, learntFrom.options);
    const riskAt = (days: number) => score(contrary, rowsOf(changed(turned, 5, { days_late: days }), [5]))[0];
    expect(riskAt(30)).toBeGreaterThanOrEqual((riskAt(0) ?? 1) - 1e-6);
  });
});

describe("what is learnt", () => {
  test("ranks other households nearly as well as the chances their outcomes were drawn with", () => {
    const probabilities = score(model, others.matrix);
    expect(auc(probabilities, others.outcome)).toBeGreaterThan(auc(others.truth, others.outcome) - 0.02);
    expect(brier(probabilities, others.outcome)).toBeLessThan(brier(others.truth, others.outcome) + 0.004);
  });

  test("expects as many onsets as there are", () => {
    const expected = score(model, others.matrix).reduce((sum, probability) => sum + probability, 0);
    const observed = others.outcome.reduce((sum, one) => sum + one, 0);
    expect(expected / observed).toBeGreaterThan(0.9);
    expect(expected / observed).toBeLessThan(1.1);
  });

  test("a pair has a term only where both together tell more than each", async () => {
    const pairsOf = ({ terms }: HouseholdRiskModel) =>
      terms.flatMap((term) => (term.kind === "pair" ? [term.name] : []));
    expect(pairsOf(model)).toContain("late_months × burden");
    const { matrix, outcome, options } = inventHouseholds({ seed: 11, together: 0 });
    expect(pairsOf(await train(matrix, outcome, options))).toEqual([]);
  });

  test("a feature that is never known says nothing", () => {
    const term = model.terms.find(({ name }) => name === "never_known");
    expect(term).toMatchObject({ kind: "feature", knots: [0], values: [0] });
    const known = changed(others.matrix, 9, { never_known: 4 });
    expect(score(model, rowsOf(known, [9]))[0]).toBeCloseTo(
      score(model, rowsOf(others.matrix, [9]))[0] ?? 0,
      6,
    );
  });

  test("a level never seen counts as the mean of what is known", () => {
    const row = 11;
    const at = model.terms.findIndex(({ name }) => name === "means");
    for (const value of [4, 99, -1, 1.5]) {
      const { contributions } = explain(model, changed(others.matrix, row, { means: value }), [row]);
      expect(Math.abs(contributions[at] ?? 1)).toBeLessThan(0.1);
    }
  });

  test("an infinite value is missing, to learn from and to score", async () => {
    const missing = changed(learntFrom.matrix, 3, { burden: Number.NaN });
    const infinite = changed(learntFrom.matrix, 3, { burden: Number.POSITIVE_INFINITY });
    const [one, other] = await Promise.all(
      [missing, infinite].map((matrix) => trainLogistic(matrix, learntFrom.outcome, learntFrom.options)),
    );
    if (one === undefined || other === undefined) throw new Error("two models were trained");
    expect(writeModel(other)).toBe(writeModel(one));
    expect(score(one, infinite)).toEqual(score(one, missing));
  });

  test("too few onsets are refused by name", async () => {
    const none = new Uint8Array(learntFrom.matrix.rows);
    await expect(train(learntFrom.matrix, none, learntFrom.options)).rejects.toThrow(TooFewOnsets);
    const few = none.map((_, row) => Number(row < 19));
    await expect(train(learntFrom.matrix, few, learntFrom.options)).rejects.toThrow(
      "19 onsets to learn from, and at least 20 are needed",
    );
  });

  test("an onset that stands for many weighs as much as many", async () => {
    const rows = Int32Array.from({ length: learntFrom.matrix.rows }, (_, row) => row);
    const twice = Int32Array.from([...rows, ...rows.filter((row) => learntFrom.outcome[row] === 1)]);
    const { period, household: of, ...rest } = learntFrom.options;
    const at = (from: Int32Array | undefined) => Int32Array.from(twice, (row) => from?.[row] ?? 0);
    const repeated = await trainLogistic(
      rowsOf(learntFrom.matrix, twice),
      Uint8Array.from(twice, (row) => learntFrom.outcome[row] ?? 0),
      { ...rest, period: at(period), household: at(of) },
    );
    const weighted = await trainLogistic(learntFrom.matrix, learntFrom.outcome, {
      ...learntFrom.options,
      weight: Float32Array.from(learntFrom.outcome, (one) => 1 + one),
    });
    expect(distance(score(weighted, others.matrix), score(repeated, others.matrix))).toBeLessThan(1e-3);
  });
});

describe("the same data give the same model", () => {
  test("bit for bit, also from threads that share memory", async () => {
    const again = await train(learntFrom.matrix, learntFrom.outcome, learntFrom.options);
    expect(writeModel(again)).toBe(writeModel(model));
    const rows = Int32Array.from({ length: learntFrom.matrix.rows }, (_, row) => row);
    const folds = [
      { rows, kind: "additive" as const },
      { rows: rows.filter((row) => row % 12 < 9), kind: "logistic" as const },
      { rows: rows.filter((row) => row % 12 < 10), kind: "additive" as const },
    ];
    const { matrix, outcome, options } = learntFrom;
    const shared = await trainFolds(matrix, outcome, folds, options, { threads: 2 });
    expect(shared[0]).toEqual(model);
    const begun: number[] = [];
    const here = await trainFolds(matrix, outcome, folds, options, {
      threads: 1,
      tell: (fold) => begun.push(fold),
    });
    expect(shared).toEqual(here);
    expect(begun).toEqual([1, 2, 3]);
    await expect(
      trainFolds(matrix, outcome, folds, { ...options, leastOnsets: 5_000 }, { threads: 2 }),
    ).rejects.toThrow(TooFewOnsets);
  });

  test("in another order of rows, but for rounding", async () => {
    const { matrix, outcome, options } = learntFrom;
    const turned = Int32Array.from({ length: matrix.rows }, (_, row) => matrix.rows - 1 - row);
    const { period, household: of, ...rest } = options;
    const other = await train(
      rowsOf(matrix, turned),
      Uint8Array.from(turned, (row) => outcome[row] ?? 0),
      {
        ...rest,
        period: Int32Array.from(turned, (row) => period[row] ?? 0),
        household: Int32Array.from(turned, (row) => of?.[row] ?? 0),
      },
    );
    expect(distance(score(other, others.matrix), score(model, others.matrix))).toBeLessThan(1e-3);
  });

  test("on another backend it scores alike", async () => {
    const opened = await openBackend();
    const here = score(model, others.matrix);
    await useBackend("cpu");
    const there = score(model, others.matrix);
    await useBackend(opened);
    expect(opened).not.toBe("cpu");
    expect(distance(here, there)).toBeLessThan(1e-4);
  });
});

describe("a model file", () => {
  test("reads back the same model", () => {
    expect(readModel(writeModel(model), "onset.json", learntFrom.matrix.features)).toEqual(model);
  });

  test.each([
    ["is cut short", (text: string) => text.slice(0, -40), "onset.json is not a model file: it is cut short"],
    ["says something else", (text: string) => text.replace('"rows":', '"rows":1'), "onset.json is corrupt"],
    ["is of another format", (text: string) => text.replace("household-risk 2", "other"), "of the format"],
    ["is empty", () => "", "onset.json is not a model file"],
    [
      "lacks its terms",
      (text: string) => text.replace('"terms"', '"words"'),
      "onset.json is not a model file",
    ],
  ])("that %s is refused by name", (_, change, message) => {
    expect(() => readModel(change(writeModel(model)), "onset.json")).toThrow(message);
  });

  test("of another feature set is refused, with what differs", () => {
    const wanted = learntFrom.matrix.features.map((feature) =>
      feature.name === "tenure" ? { ...feature, name: "months_here" } : feature,
    );
    expect(() => readModel(writeModel(model), "onset.json", wanted)).toThrow(
      "onset.json is a model of another feature set: it lacks months_here; it knows tenure",
    );
  });
});

/** The largest difference between two lists of probabilities. */
function distance(one: Float64Array, other: Float64Array): number {
  return one.reduce((most, value, row) => Math.max(most, Math.abs(value - (other[row] ?? Number.NaN))), 0);
}
