import { expect, test } from "vitest";
import type { PastHouseholds } from "../../pipelines/risk/households.ts";
import { learntBy, mostFitted, planReplay, rowsOn, thin } from "../../pipelines/risk/replay.ts";

/** So many households at so many month ends thirty days apart, each watched for ninety days; every tenth falls. */
function pastOf(households: number, dates: number, changes: Partial<PastHouseholds> = {}): PastHouseholds {
  const rows = households * dates;
  const of = (at: (date: number, household: number) => number) =>
    Float64Array.from({ length: rows }, (_, row) => at(Math.floor(row / households), row % households));
  return {
    rows,
    matrix: { features: [], rows, columns: [] },
    asOf: of((date) => 1000 + 30 * date),
    windowEnds: of((date) => 1090 + 30 * date),
    lease: (row) => `L${row % households}`,
    agency: new Int32Array(rows),
    agencies: ["A1"],
    household: Int32Array.from(of((_, household) => household)),
    stratum: () => "never",
    weight: new Float32Array(rows).fill(1),
    outcome: Uint8Array.from(of((_, household) => (household % 10 === 0 ? 1 : 0))),
    reached: new Float64Array(rows).fill(Number.NaN),
    helped: new Uint8Array(rows),
    contacted: new Uint8Array(rows),
    tie: of((_, household) => (household * 2654435761) % 2 ** 32),
    ...changes,
  };
}

const THREE_BLOCKS = { blocks: 3, fallenPerBlock: 1 };

test("the newest dates are scored again in blocks; what a block learns from was over before it began", () => {
  const past = pastOf(100, 24);
  const { blocks, fallen } = planReplay(past, { replayed: 12, tested: 3, leastFallen: 10, ...THREE_BLOCKS });
  expect(blocks.map(({ origins }) => origins.length)).toEqual([4, 4, 4]);
  expect(fallen).toBe(10);
  for (const { knownOn, origins } of blocks) {
    expect(knownOn).toBe(origins[0]);
    for (const row of learntBy(past, knownOn)) expect(past.windowEnds[row]).toBeLessThanOrEqual(knownOn);
  }
});

test("where the past is short fewer dates are scored again, so that enough is left to learn from", () => {
  const { blocks } = planReplay(pastOf(100, 8), {
    replayed: 12,
    tested: 3,
    leastFallen: 10,
    ...THREE_BLOCKS,
  });
  expect(blocks.flatMap(({ origins }) => origins)).toHaveLength(5);
  const none = planReplay(pastOf(100, 5), { replayed: 12, tested: 3, leastFallen: 10, ...THREE_BLOCKS });
  expect(none.fallen).toBe(0);
  expect(none.blocks.flatMap(({ origins }) => origins)).toHaveLength(5);
});

test("a date of which only some households were drawn is learnt from, not scored again", () => {
  const past = pastOf(10, 6);
  past.weight.fill(20, 0, 10);
  past.weight.fill(20, 20, 30);
  const { blocks } = planReplay(past, { replayed: 12, tested: 1, leastFallen: 0, ...THREE_BLOCKS });
  expect(blocks.flatMap(({ origins }) => origins)).toEqual([1090, 1120, 1150]);
});

test("a household that was helped and did not fall is nothing to learn from; one that fell all the same is", () => {
  const past = pastOf(20, 1);
  const helped = Uint8Array.from({ length: 20 }, (_, row) => (row < 2 ? 1 : 0));
  expect(learntBy({ ...past, helped }, 2000)).toHaveLength(19);
  expect(learntBy({ ...past, helped }, 2000)).toContain(0);
  expect(learntBy({ ...past, helped }, 2000)).not.toContain(1);
});

test("of too many rows all that fell are fitted to, and others stand for those left out", () => {
  const past = pastOf(1_000, 10);
  const rows = rowsOn(
    past,
    planReplay(past, { replayed: 10, tested: 1, leastFallen: 0, ...THREE_BLOCKS }).blocks.flatMap(
      (block) => block.origins,
    ),
  );
  const { kept, weight } = thin(past, rows, 4_000);
  const count = kept.reduce((sum, one) => sum + one, 0);
  expect(count).toBeGreaterThan(3_800);
  expect(count).toBeLessThan(4_200);
  let [fallen, standing] = [0, 0];
  for (const row of rows) {
    if (kept[row] !== 1) continue;
    fallen += past.outcome[row] ?? 0;
    standing += weight[row] ?? 0;
  }
  expect(fallen).toBe(1_000);
  expect(standing / rows.length).toBeCloseTo(1, 1);
  expect(thin(past, rows, 20_000).kept.every((one) => one === 1)).toBe(true);
});

test.each([
  // ten households fell before the first date scored again
  { fallenPerBlock: 1, blocks: [4, 4, 4] },
  { fallenPerBlock: 3, blocks: [4, 4, 4] },
  { fallenPerBlock: 4, blocks: [6, 6] },
  { fallenPerBlock: 5, blocks: [6, 6] },
  { fallenPerBlock: 6, blocks: [12] },
  { fallenPerBlock: 11, blocks: [12] },
])("models learn anew as often as enough fell: one block for every $fallenPerBlock, three at most", (of) => {
  const limits = { replayed: 12, tested: 3, leastFallen: 10, blocks: 3, fallenPerBlock: of.fallenPerBlock };
  const { blocks } = planReplay(pastOf(100, 24), limits);
  expect(blocks.map(({ origins }) => origins.length)).toEqual(of.blocks);
});

test.each([
  [100, 4_000],
  [981, 39_240],
  [1_000, 40_000],
  [5_000, 40_000],
])("of a past in which %i fell a model is fitted to %i rows at most", (fallen, most) => {
  expect(mostFitted(fallen, { fitted_rows: 40_000, fitted_rows_per_onset: 40 })).toBe(most);
});
