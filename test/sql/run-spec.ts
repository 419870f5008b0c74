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

/**
 * Builds, in a database of its own, only what the case's expectations need from what it gives, and reads the rows out. A
 * model that the case gives is not built, nor is what only it is made of: it has its columns, and the rows given.
 */
export async function runSpecCase(spec: SpecCase): Promise<Outcome[]> {
  const database = await openEmptyLandlord(spec.strategy, spec.asOf);
  const { connection } = database;
  try {
    const ordered = await orderedModels();
    const givenModels = new Set(spec.given.map(({ table }) => table));
    const cut = ordered.map((model) => (givenModels.has(model.id) ? { ...model, reads: [] } : model));
    const { needed } = splitByNeed(
      cut,
      spec.expected.map((table) => table.table),
    );
    for (const table of spec.given.filter(({ table }) => !isModel(ordered, table))) await insert(table);
    for (const model of needed) {
      const given = spec.given.find(({ table }) => table === model.id);
      if (given === undefined) {
        await buildModel(connection, model, database.fill);
      } else {
        const columns = (await columnTypes()).get(model.id) ?? [];
        await connection.run(`create table ${model.id} (${columns.join(", ")})`);
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

let typesOfColumns: Promise<Map<string, string[]>> | undefined;

/** The columns of every model with their types, by the model's id: those of a landlord without any row, built once. */
function columnTypes(): Promise<Map<string, string[]>> {
  typesOfColumns ??= readColumnTypes();
  return typesOfColumns;
}

async function readColumnTypes(): Promise<Map<string, string[]>> {
  const database = await openEmptyLandlord("", "2024-12-31");
  const { connection } = database;
  try {
    for (const model of await orderedModels()) await buildModel(connection, model, () => Promise.resolve());
    const rows = await queryRows(
      connection,
      `select schema_name || '.' || table_name as id, column_name, data_type from duckdb_columns()
       order by schema_name, table_name, column_index`,
      z.object({ id: z.string(), column_name: z.string(), data_type: z.string() }),
    );
    const types = new Map<string, string[]>();
    for (const { id, column_name, data_type } of rows)
      types.set(id, [...(types.get(id) ?? []), `${quoteName(column_name)} ${data_type}`]);
    return types;
  } finally {
    database.close();
  }
}

/** "12.50" and "12.5" are one number; "2024-01-01" stays as it is. */
function plain(cell: string | null): string | null {
  return cell !== null && /^-?\d+(\.\d+)?$/.test(cell) ? String(Number(cell)) : cell;
}

function sorted(rows: (string | null)[][]): (string | null)[][] {
  return rows.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
