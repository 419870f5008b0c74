import { expect } from "vitest";
import { emptyTable } from "../../pipelines/contract/compile.ts";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { createLoadTables } from "../../pipelines/load/load-tables.ts";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { loadStrategy } from "../../pipelines/strategy/strategy-tables.ts";
import { buildModel, createSchemas, verifyModel } from "../../pipelines/warehouse/build.ts";
import { type OpenDatabase, openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
import { collectIndicators, loadIndicators } from "../../pipelines/warehouse/indicators.ts";
import { readModels } from "../../pipelines/warehouse/model.ts";
import { orderModels } from "../../pipelines/warehouse/order.ts";

/** Rows of contract tables, as text; a column left out is null. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>;

const SCHEMAS = new Set(["ledger", "arrears", "kpi"]);

/** A warehouse of its own with every model of ledger, arrears and kpi built from the rows and its checks held. */
export async function buildWarehouse(rows: Rows, asOf: string, strategy = ""): Promise<OpenDatabase> {
  const database = await openDatabase(":memory:");
  const { connection } = database;
  await createLoadTables(connection);
  for (const table of CONTRACT) for (const statement of emptyTable(table)) await connection.run(statement);
  await loadStrategy(
    connection,
    parseStrategy(`landlord: { name: Bailleur }\nfeeds: {}\n${strategy}`, "test"),
    asOf,
  );
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
  const models = await readModels("sql");
  await loadIndicators(connection, collectIndicators(models));
  const ordered = await orderModels(
    connection,
    models.filter((model) => SCHEMAS.has(model.schema)),
    new Set(["contract", "load", "strategy", "kpi.indicator"]),
  );
  await createSchemas(connection, SCHEMAS);
  for (const model of ordered) {
    await buildModel(connection, model);
    expect(await verifyModel(connection, model), model.id).toEqual([]);
  }
  return database;
}
