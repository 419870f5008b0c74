import { z } from "zod";
import { buildModel, verifyModel } from "../../pipelines/warehouse/build.ts";
import { queryRows, quoteName, quoteText } from "../../pipelines/warehouse/connection.ts";
import { type OrderedModel, splitByNeed } from "../../pipelines/warehouse/order.ts";
import { openEmptyLandlord, orderedModels } from "./empty-landlord.ts";
import type { SpecCase, SpecTable } from "./spec-file.ts";

/** What a case found where it expected rows. */
export interface Outcome {
  readonly table: string;
  readonly expected: readonly (readonly (string | null)[])[];
  readonly found: readonly (readonly (string | null)[])[];
}

/** Builds, in a database of its own, only what the case's expectations need from what it gives, and reads the rows out. */
export async function runSpecCase(spec: SpecCase): Promise<Outcome[]> {
  const database = await openEmptyLandlord(spec.strategy, spec.asOf);
  const { connection } = database;
  try {
    const ordered = await orderedModels();
    const { needed } = splitByNeed(
      ordered,
      spec.expected.map((table) => table.table),
    );
    for (const table of spec.given.filter(({ table }) => !isModel(ordered, table))) await insert(table);
    for (const model of needed) {
      await buildModel(connection, model, database.fill);
      const given = spec.given.find(({ table }) => table === model.id);
      if (given !== undefined) {
        await connection.run(`create temp table emptied as select * from ${model.id} limit 0`);
        await connection.run(`drop ${model.kind === "view" ? "view" : "table"} ${model.id}`);
        await connection.run(`create table ${model.id} as from emptied`);
        await connection.run("drop table emptied");
        await insert(given);
      }
      const [failure] = await verifyModel(connection, model);
      if (failure !== undefined) {
        throw new Error(`${model.id}: check "${failure.check}" fails: ${failure.sample.join("; ")}`);
      }
    }
    const outcomes: Outcome[] = [];
    for (const expectation of spec.expected) {
      const names = expectation.columns.map((name) => `${quoteName(name)}::varchar as ${quoteName(name)}`);
      const rows = await queryRows(
        connection,
        `select ${names.join(", ")} from ${expectation.table} where ${expectation.where ?? "true"}`,
        z.record(z.string(), z.string().nullable()),
      );
      const found = rows.map((row) => expectation.columns.map((name) => plain(row[name] ?? null)));
      outcomes.push({
        table: expectation.table,
        expected: sorted(expectation.rows.map((row) => row.map(plain))),
        found: sorted(found),
      });
    }
    return outcomes;
  } finally {
    database.close();
  }

  async function insert(given: SpecTable): Promise<void> {
    const values = given.rows.map(
      (row) => `(${row.map((cell) => (cell === null ? "null" : quoteText(cell))).join(", ")})`,
    );
    if (values.length === 0) return;
    const names = given.columns.map(quoteName).join(", ");
    await connection.run(`insert into ${given.table} (${names}) values ${values.join(", ")}`);
  }
}

function isModel(models: readonly OrderedModel[], table: string): boolean {
  return models.some((model) => model.id === table);
}

/** "12.50" and "12.5" are one number; "2024-01-01" stays as it is. */
function plain(cell: string | null): string | null {
  return cell !== null && /^-?\d+(\.\d+)?$/.test(cell) ? String(Number(cell)) : cell;
}

function sorted(rows: (string | null)[][]): (string | null)[][] {
  return rows.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
