import { expect, onTestFinished, test } from "vitest";
import type { FeatureSpec } from "../../models/household-risk/features.ts";
import { asReadBy, featureMatrix, sameFeatures } from "../../pipelines/risk/matrix.ts";
import { arrowTable } from "../../pipelines/warehouse/arrow.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";

const days: FeatureSpec = { name: "days", kind: "number", direction: "increasing" };
const channel: FeatureSpec = { name: "channel", kind: "category", direction: "none" };

async function matrixOf(rows: string) {
  const database = await openDatabase(":memory:");
  onTestFinished(() => database.close());
  const sql = `select days::float as days, channel from (values ${rows}) as row (days, channel)`;
  return featureMatrix(await arrowTable(database.connection, sql), [days, channel]);
}

test("columns stand in memory that threads share; what is missing is no number, words are places in their order", async () => {
  const matrix = await matrixOf("(3, 'transfer'), (null, 'card'), (1.5, null), (0, 'transfer')");
  expect(matrix.columns.map(({ buffer }) => buffer instanceof SharedArrayBuffer)).toEqual([true, true]);
  expect(matrix.columns.map((column) => [...column])).toEqual([
    [3, Number.NaN, 1.5, 0],
    [1, 0, Number.NaN, 1],
  ]);
  expect(matrix.features).toEqual([days, { ...channel, levels: ["card", "transfer"] }]);
});

test("a table without rows gives columns without rows", async () => {
  const matrix = featureMatrix(await emptyTable(), [days, channel]);
  expect(matrix.columns.map(({ length }) => length)).toEqual([0, 0]);
});

async function emptyTable() {
  const database = await openDatabase(":memory:");
  onTestFinished(() => database.close());
  return arrowTable(database.connection, "select 1::float as days, 'card' as channel where false");
}

test("read by a model, words stand for the places that it knows them by, and a new word for one beyond", async () => {
  const matrix = await matrixOf("(1, 'transfer'), (2, 'crypto'), (3, null)");
  const read = asReadBy([{ ...channel, levels: ["card", "cheque", "transfer"] }, days], matrix);
  expect(read.columns.map((column) => [...column])).toEqual([
    [2, 3, Number.NaN],
    [1, 2, 3],
  ]);
  expect(() => asReadBy([{ ...days, name: "age" }], matrix)).toThrow("no column for the feature age");
});

test("two sets of features are the same whatever words their categories have met", () => {
  expect(sameFeatures([days, channel], [days, { ...channel, levels: ["card"] }])).toBe(true);
  expect(sameFeatures([days, channel], [channel, days])).toBe(false);
  expect(sameFeatures([days], [{ ...days, direction: "none" }])).toBe(false);
});
