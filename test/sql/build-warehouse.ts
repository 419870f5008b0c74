import { expect } from "vitest";
import { buildModel, verifyModel } from "../../pipelines/warehouse/build.ts";
import { type OpenDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
import { openEmptyLandlord, orderedModels } from "./empty-landlord.ts";

/** Rows of contract tables, as text; a column left out is null. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>;

const SCHEMAS = new Set(["ledger", "arrears", "kpi"]);

/** A warehouse of its own with every model of ledger, arrears and kpi built from the rows and its checks held. */
export async function buildWarehouse(rows: Rows, asOf: string, strategy = ""): Promise<OpenDatabase> {
  const database = await openEmptyLandlord(strategy, asOf);
  const { connection } = database;
  for (const [table, values] of Object.entries(rows)) {
    const columns = [...new Set(values.flatMap((row) => Object.keys(row)))];
    for (let from = 0; from < values.length; from += 5000) {
      const tuples = values.slice(from, from + 5000).map((row) => {
        const cells = columns.map((column) => row[column] ?? null);
        return `(${cells.map((cell) => (cell === null ? "null" : quoteText(cell))).join(", ")})`;
      });
      await connection.run(
        `insert into contract.${table} (${columns.join(", ")}) select * from (values ${tuples.join(", ")})`,
      );
    }
  }
  const ordered = (await orderedModels()).filter((model) => SCHEMAS.has(model.schema));
  for (const model of ordered) {
    await buildModel(connection, model);
    expect(await verifyModel(connection, model), model.id).toEqual([]);
  }
  return database;
}
