import { expect } from "vitest";
import { buildModel, verifyModel } from "../../pipelines/warehouse/build.ts";
import type { OpenDatabase } from "../../pipelines/warehouse/connection.ts";
import { openEmptyLandlord, orderedModels } from "./empty-landlord.ts";
import { insertRows, type Rows } from "./insert-rows.ts";

const SCHEMAS = new Set(["bank", "ledger", "arrears", "kpi"]);

/** A warehouse of its own with every model of bank, ledger, arrears and kpi built from the rows and its checks held. */
export async function buildWarehouse(rows: Rows, asOf: string, strategy = ""): Promise<OpenDatabase> {
  const database = await openEmptyLandlord(strategy, asOf);
  const { connection } = database;
  await insertRows(connection, rows);
  const ordered = (await orderedModels()).filter((model) => SCHEMAS.has(model.schema));
  for (const model of ordered) {
    await buildModel(connection, model, database.fill);
    expect(await verifyModel(connection, model), model.id).toEqual([]);
  }
  return database;
}
