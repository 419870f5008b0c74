import fc from "fast-check";
import { expect, test } from "vitest";
import { type Block, featureBlock, pairBlock } from "../../../models/household-risk/blocks.ts";
import { curvatureOf } from "../../../models/household-risk/curvature.ts";
import { type EncodedColumn, encode } from "../../../models/household-risk/encoding.ts";
import type { FeatureSpec } from "../../../models/household-risk/features.ts";
import { type Fitted, fitBlocks, type Problem } from "../../../models/household-risk/fit.ts";

const SEED = 20_261_129;
const FEATURES: readonly FeatureSpec[] = [
  { name: "days_late", kind: "number", direction: "increasing" },
  { name: "late_months", kind: "number", direction: "none" },
  { name: "means", kind: "category", direction: "none", levels: ["debit", "card"] },
];
const KNOTS = [
  [0, 5, 20],
  [0, 1, 2],
  [0, 1, 2],
] as const;

/** Households as rows, any value missing at times; the days between knots, the months at them. */
const households = fc.array(
  fc.record({
    values: fc.tuple(
      fc.option(fc.double({ min: -3, max: 25, noNaN: true }), { nil: Number.NaN }),
      fc.constantFrom(0, 1, 2, Number.NaN),
      fc.constantFrom(0, 1, 2, Number.NaN),
    ),
    fell: fc.boolean(),
    weight: fc.integer({ min: 1, max: 4 }),
    logit: fc.double({ min: -4, max: 2, noNaN: true }),
  }),
  { minLength: 4, maxLength: 25 },
);
type Household =
  typeof households extends fc.Arbitrary<infer Rows extends readonly unknown[]> ? Rows[number] : never;

function problemOf(rows: readonly Household[]): Problem {
  const columns = FEATURES.map((feature, place) =>
    encode(
      feature,
      Float32Array.from(rows, ({ values }) => values[place] ?? Number.NaN),
      KNOTS[place] ?? [],
    ),
  );
  const of = (place: number): [FeatureSpec, EncodedColumn] => {
    const [feature, column] = [FEATURES[place], columns[place]];
    if (feature === undefined || column === undefined) throw new Error(`no feature ${place}`);
    return [feature, column];
  };
  const pair = (one: number, other: number): Block =>
    pairBlock([of(one)[0], of(other)[0]], [of(one)[1], of(other)[1]]);
  const weight = Float32Array.from(rows, (row) => row.weight);
  return {
    blocks: [0, 1, 2].map((place) => featureBlock(...of(place))).concat(pair(0, 1), pair(1, 2), pair(2, 0)),
    outcome: Uint8Array.from(rows, ({ fell }) => Number(fell)),
    weight,
    sample: Int32Array.from(rows.keys()),
    sampleWeight: weight,
  };
}

/** What one row adds to its logit for each parameter, the intercept first: shares of slots times the basis. */
function effectsOf(blocks: readonly Block[], row: number): number[] {
  const sharesOf = ({ slots, slot, share }: EncodedColumn): number[] =>
    Array.from({ length: slots }, (_, at) => {
      const [own = 0, far = 0] = [slot[row], share[row]];
      return at === own ? 1 - far : at === own + 1 ? far : 0;
    });
  return [
    1,
    ...blocks.flatMap(({ one, other, basis }) => {
      const across = other === undefined ? [1] : sharesOf(other);
      const shares = sharesOf(one).flatMap((a) => across.map((b) => a * b));
      return Array.from({ length: basis.parameters }, (_, parameter) =>
        shares.reduce(
          (sum, share, slot) => sum + share * (basis.matrix[slot * basis.parameters + parameter] ?? 0),
          0,
        ),
      );
    }),
  ];
}

test("the curvature is the sum over rows of weight, steepness and what each two parameters add", () => {
  fc.assert(
    fc.property(households, (rows) => {
      const problem = problemOf(rows);
      const curvature = curvatureOf(
        problem,
        Float64Array.from(rows, ({ logit }) => logit),
      );
      const effects = rows.map((_, row) => effectsOf(problem.blocks, row));
      const size = effects[0]?.length ?? 0;
      expect(curvature).toHaveLength(size * size);
      for (let one = 0; one < size; one++) {
        for (let other = 0; other < size; other++) {
          const expected = rows.reduce((sum, { weight, logit }, row) => {
            const chance = 1 / (1 + Math.exp(-logit));
            const [left = 0, right = 0] = [effects[row]?.[one], effects[row]?.[other]];
            return sum + weight * chance * (1 - chance) * left * right;
          }, 0);
          expect(curvature[one * size + other]).toBeCloseTo(expected, 8);
        }
      }
    }),
    { seed: SEED, numRuns: 12 },
  );
});

/** What a fit makes least: the rows' loss, and half of every pull times its parameter squared. */
function lossOf(
  { logits, parameters }: Fitted,
  { blocks, outcome, weight }: Problem,
  pulls: readonly number[],
) {
  const rows = logits.reduce(
    (sum, logit, row) => sum + (weight[row] ?? 0) * Math.log1p(Math.exp(outcome[row] === 1 ? -logit : logit)),
    // One more, so that of rows of which none fell no ratio of nothings is taken.
    1,
  );
  const penalties = blocks.flatMap(({ basis }, block) =>
    [...basis.penalty].map((penalty) => (pulls[block] ?? 0) * penalty),
  );
  return penalties.reduce((sum, penalty, at) => sum + (penalty / 2) * (parameters[at + 1] ?? 0) ** 2, rows);
}

test("a fit ends at the same least loss wherever it begins, whatever curvature it is given to step by", () => {
  fc.assert(
    fc.property(households, fc.constantFrom(0.5, 3), (rows, pull) => {
      const problem = problemOf(rows);
      const pulls = problem.blocks.map(() => pull);
      const cold = fitBlocks(problem, pulls);
      const elsewhere = fitBlocks(
        problem,
        problem.blocks.map(() => 40),
      );
      const warm = fitBlocks(problem, pulls, {
        parameters: elsewhere.parameters,
        curvature: elsewhere.curvature?.map((value) => 2 * value) ?? null,
      });
      expect(lossOf(warm, problem, pulls) / lossOf(cold, problem, pulls)).toBeCloseTo(1, 4);
    }),
    { seed: SEED, numRuns: 60 },
  );
});
