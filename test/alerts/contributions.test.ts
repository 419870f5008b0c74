import fc from "fast-check";
import { expect, test } from "vitest";
import { sum } from "../sql/account-reference.ts";
import { SEED } from "../sql/random-ledger.ts";
import { runSpecCase } from "../sql/run-spec.ts";

const MINIMUM = 10;
const SLICES = ["T1", "T2", "T3", "T4", "T5", "T6"];

/** Households in arrears and households of one slice, at two closings. */
const slice = fc.record({
  cases0: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 })),
  others0: fc.integer({ min: 0, max: 400 }),
  cases1: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 })),
  others1: fc.integer({ min: 0, max: 400 }),
});
const dimension = fc
  .array(slice, { minLength: 2, maxLength: SLICES.length })
  .filter(
    (slices) => slices.some((s) => s.cases0 + s.others0 > 0) && slices.some((s) => s.cases1 + s.others1 > 0),
  );

const isFew = (cases: number) => cases >= 1 && cases <= MINIMUM;

test("in 300 random dimensions contributions sum to the change, mix and performance to each, and no slice tells of few", async () => {
  const dimensions = fc.sample(dimension, { numRuns: 300, seed: SEED });
  const rows = dimensions.flatMap((slices, n) =>
    slices.map((s, i) =>
      [
        `alert ${n}`,
        "dwelling_type",
        SLICES[i] ?? "",
        s.cases0,
        s.cases0 + s.others0,
        s.cases0,
        s.cases1,
        s.cases1 + s.others1,
        s.cases1,
        isFew(s.cases0) || isFew(s.cases1),
      ].map(String),
    ),
  );
  const columns = ["alert_id", "dimension", "slice", "numerator_0", "denominator_0", "cases_0"];
  const [outcome] = await runSpecCase({
    title: "",
    asOf: "2024-12-31",
    strategy: `disclosure: { minimum: ${MINIMUM} }`,
    given: [
      {
        table: "alert.slice_figure",
        columns: [...columns, "numerator_1", "denominator_1", "cases_1", "withheld"],
        rows,
      },
    ],
    expected: [
      {
        table: "alert.explanation",
        columns: ["alert_id", "slice", "contribution", "mix", "performance", "change"],
        rows: [],
        where: undefined,
      },
    ],
  });
  const told = new Map<
    string,
    { slice: string; contribution: number; mix: number; performance: number; change: number }[]
  >();
  for (const [alert = "", name, ...numbers] of outcome?.found ?? []) {
    const [contribution = 0, mix = 0, performance = 0, change = 0] = numbers.map(Number);
    told.set(alert ?? "", [
      ...(told.get(alert ?? "") ?? []),
      { slice: name ?? "", contribution, mix, performance, change },
    ]);
  }
  expect(told.size).toBeGreaterThan(100);
  let merged = 0;
  for (const [n, slices] of dimensions.entries()) {
    const explained = told.get(`alert ${n}`);
    if (explained === undefined) continue;
    const ratio = (cases: readonly number[], all: readonly number[]) => sum([...cases]) / sum([...all]);
    const before = ratio(
      slices.map((s) => s.cases0),
      slices.map((s) => s.cases0 + s.others0),
    );
    const after = ratio(
      slices.map((s) => s.cases1),
      slices.map((s) => s.cases1 + s.others1),
    );
    expect(sum(explained.map(({ contribution }) => contribution)), `alert ${n}`).toBeCloseTo(
      after - before,
      12,
    );
    for (const { contribution, mix, performance, change } of explained) {
      expect(mix + performance).toBeCloseTo(contribution, 12);
      expect(change).toBeCloseTo(after - before, 12);
    }
    const alone = new Set(explained.map((each) => each.slice));
    const others = slices.filter((_, i) => !alone.has(SLICES[i] ?? ""));
    for (const s of slices.filter((_, i) => alone.has(SLICES[i] ?? "")))
      expect(isFew(s.cases0) || isFew(s.cases1), `alert ${n}`).toBe(false);
    if (!alone.has("other")) continue;
    merged++;
    expect(others.length, `alert ${n}`).toBeGreaterThan(1);
    expect(
      isFew(sum(others.map((s) => s.cases0))) || isFew(sum(others.map((s) => s.cases1))),
      `alert ${n}`,
    ).toBe(false);
  }
  expect(merged).toBeGreaterThan(50);
});
