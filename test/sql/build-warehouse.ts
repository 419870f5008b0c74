import { expect } from "vitest";
import { buildModels, verifyModel } from "../../pipelines/warehouse/build.ts";
import { splitByNeed } from "../../pipelines/warehouse/order.ts";
import { type EmptyLandlord, openEmptyLandlord, orderedModels } from "./empty-landlord.ts";
import { insertRows, type Rows } from "./insert-rows.ts";

const SCHEMAS = new Set(["bank", "ledger", "allocation", "arrears", "kpi"]);

/**
 * A warehouse of its own with every model of bank, ledger, allocation, arrears and kpi built from the rows, what they are made
 * of too, and its checks held; or only the named ones and what they are made of.
 */
export async function buildWarehouse(
  rows: Rows,
  asOf: string,
  strategy = "",
  only?: readonly string[],
): Promise<EmptyLandlord> {
  const database = await openEmptyLandlord(strategy, asOf);
  const { connection } = database;
  await insertRows(connection, rows);
  const models = await orderedModels();
  const wanted = only ?? models.filter((model) => SCHEMAS.has(model.schema)).map((model) => model.id);
  const { needed: ordered } = splitByNeed(models, wanted);
  await buildModels(database, ordered, database.programs, async (model, build) => {
    await build();
    expect(await verifyModel(connection, model), model.id).toEqual([]);
  });
  return database;
}
