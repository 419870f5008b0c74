import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteName, quoteText } from "./connection.ts";
import { ModelError } from "./model.ts";
import type { OrderedModel } from "./order.ts";

/** A model's check that does not hold, with some of the rows that break it. */
export interface FailedCheck {
  readonly model: string;
  readonly check: string;
  readonly rows: number;
  /** At most five failing rows, as JSON. */
  readonly sample: readonly string[];
}

/** Creates the schemas that the models live in. */
export async function createSchemas(connection: DuckDBConnection, schemas: Iterable<string>): Promise<void> {
  for (const schema of new Set(schemas))
    await connection.run(`create schema if not exists ${quoteName(schema)}`);
}

// Made once: a schema is compiled when it first parses, and a night builds and verifies some two hundred models.
const columnRow = z.object({ column_name: z.string() });
const countRow = z.object({ n: z.number() });
const sampleRow = z.object({ row: z.string() });
const countsRow = z.record(z.string(), z.number());

/** What fills the computed tables, by the model's id. */
export type FillTable = (connection: DuckDBConnection, table: string) => Promise<void>;

/**
 * Builds one model as its header says. A computed table is made empty, then filled by `fill`.
 *
 * @returns the number of rows of a table; 0 for a view, which holds none.
 * @throws ModelError when the columns documented are not the columns built, in the same order.
 */
export async function buildModel(
  connection: DuckDBConnection,
  model: OrderedModel,
  fill: FillTable,
): Promise<number> {
  const target = `${quoteName(model.schema)}.${quoteName(model.name)}`;
  const kind = model.kind === "view" ? "view" : "table";
  let rows = 0;
  try {
    const created = await connection.runAndReadAll(`create ${kind} ${target} as ${model.query}`);
    rows = Number(created.getRowsJson()[0]?.[0] ?? 0);
  } catch (error) {
    throw new ModelError(model.file, error instanceof Error ? error.message : String(error));
  }
  const built = await queryRows(connection, `describe ${target}`, columnRow);
  const names = built.map((column) => column.column_name);
  const documented = model.columns.map((column) => column.name);
  if (names.join() !== documented.join()) {
    throw new ModelError(
      model.file,
      `columns documented and built differ:\n  documented  ${documented.join(", ")}\n  built       ${names.join(", ")}`,
    );
  }
  if (model.kind !== "computed") return rows;
  await fill(connection, model.id);
  const [counted] = await queryRows(connection, `select count(*)::integer as n from ${target}`, countRow);
  return counted?.n ?? 0;
}

/** Stores the descriptions of built models and of their columns in the database, where whoever explores it reads them. */
export async function documentModels(
  connection: DuckDBConnection,
  models: readonly OrderedModel[],
): Promise<void> {
  const comments = models.flatMap(({ schema, name, kind, description, columns }) => {
    const target = `${quoteName(schema)}.${quoteName(name)}`;
    return [
      `comment on ${kind === "view" ? "view" : "table"} ${target} is ${quoteText(description)}`,
      ...columns.map(
        (column) =>
          `comment on column ${target}.${quoteName(column.name)} is ${quoteText(column.description)}`,
      ),
    ];
  });
  // One transaction: each would otherwise be written to the disk by itself.
  await connection.run(`begin;\n${comments.join(";\n")};\ncommit`);
}

/**
 * Checks one built model: each of its checks holds on every row, and a table has one row per grain. The grain of a view
 * stands with the tables that it reads.
 */
export async function verifyModel(connection: DuckDBConnection, model: OrderedModel): Promise<FailedCheck[]> {
  const target = `${quoteName(model.schema)}.${quoteName(model.name)}`;
  const grain = model.grain.map(quoteName).join(", ");
  const failures: FailedCheck[] = [];
  const fail = async (check: string, failingRows: string) => {
    const sample = await queryRows(
      connection,
      `select to_json(failing)::varchar as row from (${failingRows}) as failing order by 1 limit 5`,
      sampleRow,
    );
    const [counted] = await queryRows(
      connection,
      `select count(*)::integer as n from (${failingRows})`,
      countRow,
    );
    const rows = counted?.n ?? 0;
    if (rows > 0) failures.push({ model: model.id, check, rows, sample: sample.map((row) => row.row) });
  };
  const counts = model.checks.map(
    (check, i) => `count(*) filter (where not (${check}))::integer as check_${i}`,
  );
  if (model.kind !== "view") {
    counts.push("count(*)::integer as rows");
    // As many hashes as rows are as many keys; fewer may be keys that share one, which the rows themselves then tell.
    counts.push(`(select count(*)::integer from (select distinct hash(${grain}) from ${target})) as hashes`);
  }
  if (counts.length === 0) return failures;
  const [row] = await queryRows(connection, `select ${counts.join(", ")} from ${target}`, countsRow);
  for (const [i, check] of model.checks.entries()) {
    if ((row?.[`check_${i}`] ?? 0) > 0) await fail(check, `select * from ${target} where not (${check})`);
  }
  if (row?.rows !== row?.hashes) {
    const repeated = `select ${grain}, count(*) as rows from ${target} group by ${grain} having count(*) > 1`;
    await fail(`one row per ${model.grain.join(", ")}`, repeated);
  }
  return failures;
}
