import fc from "fast-check";
import { expect, test } from "vitest";
import { buildModels, verifyModel } from "../../pipelines/warehouse/build.ts";
import { openEmptyLandlord, orderedModels } from "./empty-landlord.ts";
import { insertRows } from "./insert-rows.ts";
import { SEED } from "./random-ledger.ts";
import { type Receipts, receipts } from "./random-receipts.ts";

/** Builds what finds the lease of a receipt, and tells it receipt by receipt. */
async function match({ rows }: Receipts): Promise<Map<string, string>> {
  const database = await openEmptyLandlord("", "2025-12-31");
  const { connection } = database;
  try {
    await insertRows(connection, rows);
    const models = (await orderedModels()).filter(({ schema }) => schema === "bank");
    await buildModels(database, models, database.programs);
    for (const model of models) expect(await verifyModel(connection, model), model.id).toEqual([]);
    const matched = await connection.runAndReadAll("select receipt_id, lease_id from bank.match");
    return new Map(matched.getRowsJson().map(([receipt, lease]) => [String(receipt), String(lease)]));
  } finally {
    database.close();
  }
}

test("no receipt ever finds another lease than its own, whatever leads it astray", {
  timeout: 120_000,
}, async () => {
  let received = 0;
  let found = 0;
  await fc.assert(
    fc.asyncProperty(receipts, async (landlord) => {
      const matched = await match(landlord);
      const wrong = [...matched].filter(([receipt, lease]) => landlord.truth.get(receipt) !== lease);
      expect(wrong).toEqual([]);
      received += landlord.truth.size;
      found += matched.size;
    }),
    { numRuns: 20, seed: SEED },
  );
  // Of these, nearly half bear no reference at all, or a wrong one.
  expect(found / received).toBeGreaterThan(0.4);
});
