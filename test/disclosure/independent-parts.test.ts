import fc from "fast-check";
import { expect, test } from "vitest";
import { independentParts } from "../../pipelines/disclosure/independent-parts.ts";
import {
  type Figure,
  type IdentityTerm,
  listAt,
  publishedSums,
} from "../../pipelines/disclosure/published-sums.ts";

const slices = [
  { level: "company", slice: "company", partOf: null },
  { level: "sector", slice: "Nord", partOf: { level: "company", slice: "company" } },
  { level: "sector", slice: "Sud", partOf: { level: "company", slice: "company" } },
  { level: "agency", slice: "A1", partOf: { level: "sector", slice: "Nord" } },
  { level: "agency", slice: "A2", partOf: { level: "sector", slice: "Nord" } },
  { level: "agency", slice: "A3", partOf: { level: "sector", slice: "Sud" } },
];

function figure(indicator: string, month: number, more: Partial<Figure> = {}): Figure {
  return {
    indicator,
    level: "company",
    slice: "company",
    month,
    cases: 10,
    baseCases: 100,
    shareGroup: null,
    headline: false,
    ...more,
  };
}

function term(identity: string, indicator: string, coefficient: number, monthsAfter = 0): IdentityTerm {
  return { identity, indicator, part: "numerator", monthsAfter, coefficient };
}

function partsOf(figures: readonly Figure[], identities: readonly IdentityTerm[] = []): number[][] {
  return independentParts(figures, identities).map((part) => [...part]);
}

test("an indicator's months are apart, and all its slices of a month together", () => {
  const agency = { level: "agency", slice: "A1" };
  expect(
    partsOf([figure("late", 1), figure("late", 2), figure("late", 1, agency), figure("gone", 1)]),
  ).toEqual([[0, 2], [1], [3]]);
});

test("figures of a share group are together, and with the indicator whose denominator has its name", () => {
  const shareGroup = "ageing";
  expect(
    partsOf([
      figure("one_month", 1, { shareGroup }),
      figure("other", 1),
      figure("two_months", 1, { shareGroup }),
      figure("ageing", 1),
    ]),
  ).toEqual([[0, 2, 3], [1]]);
});

test("a declared sum ties the months that it is counted over", () => {
  // Owing at the end of a month = owing at the end of the one before + come − gone.
  const identities = [
    term("flow", "owing", 1, 1),
    term("flow", "owing", -1),
    term("flow", "come", -1, 1),
    term("flow", "gone", 1, 1),
  ];
  expect(
    partsOf(
      [figure("owing", 1), figure("owing", 2), figure("come", 2), figure("come", 4), figure("late", 1)],
      identities,
    ),
  ).toEqual([[0, 1, 2], [3], [4]]);
});

const anyFigures = fc.uniqueArray(
  fc.record({
    indicator: fc.constantFrom("owing", "come", "gone", "late", "share_a", "share_b"),
    place: fc.nat({ max: slices.length - 1 }),
    month: fc.integer({ min: 1, max: 5 }),
    cases: fc.option(fc.nat({ max: 30 }), { nil: null }),
    baseCases: fc.option(fc.nat({ max: 60 }), { nil: null }),
  }),
  {
    selector: ({ indicator, place, month }) => `${indicator} ${place} ${month}`,
    minLength: 1,
    maxLength: 120,
  },
);

test("no number is told in two parts, and no sum holds between them", () => {
  const identities = [
    term("flow", "owing", 1, 1),
    term("flow", "owing", -1),
    term("flow", "come", -1, 1),
    term("flow", "gone", 1, 1),
  ];
  fc.assert(
    fc.property(anyFigures, (told) => {
      const figures = told.map(({ indicator, place, month, cases, baseCases }): Figure => {
        const { level, slice } = slices[place] ?? { level: "company", slice: "company" };
        const shareGroup = indicator.startsWith("share") ? "shares" : null;
        return figure(indicator, month, { level, slice, cases, baseCases, shareGroup });
      });
      const partOf = new Int32Array(figures.length).fill(-1);
      for (const [part, places] of independentParts(figures, identities).entries())
        for (const place of places) partOf[place] = part;
      expect(partOf).not.toContain(-1);
      const { figuresOf, quantitiesIn } = publishedSums(figures, slices, identities);
      const partsOfQuantity = (quantity: number) =>
        [...listAt(figuresOf, quantity)].map((place) => partOf[place]);
      for (let quantity = 0; quantity + 1 < figuresOf.starts.length; quantity++)
        expect(new Set(partsOfQuantity(quantity)).size).toBe(1);
      for (let sum = 0; sum + 1 < quantitiesIn.starts.length; sum++)
        expect(new Set([...listAt(quantitiesIn, sum)].flatMap(partsOfQuantity)).size).toBe(1);
    }),
    { numRuns: 200 },
  );
});
