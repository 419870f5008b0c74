import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteName, quoteText } from "./connection.ts";
import { ModelError } from "./model.ts";
import type { OrderedModel } from "./order.ts";
import type { OfferedProgram, ProgramContext } from "./program.ts";

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

/** What is done around the building of one model; `build` must be called, and gives its rows: 0 for a view, which holds none. */
export type AroundModel = (
  model: OrderedModel,
  build: () => Promise<{ readonly rows: number }>,
) => Promise<unknown>;

/** Where rows of last night may stay: what is computed of a model, and what it is told once that stands. */
export interface Rebuilding {
  /**
   * Brings a model that stands up to tonight without computing all of it, where that can be.
   *
   * @returns the rows computed; undefined where the model is to be computed whole.
   */
  bringUp(model: OrderedModel): Promise<number | undefined>;
  /** Takes note of a model that was computed whole, so that those that read it can be brought up. */
  computed(model: OrderedModel, rows: number): Promise<void>;
  /** Checks what was computed of a model (`verifyModel`). */
  verify(model: OrderedModel): Promise<FailedCheck[]>;
}

/**
 * Builds models in the order given, each as its header says. A computed table is made empty, then filled by its program;
 * where a program fills several of them, all are filled with the first. With a `rebuilding`, only what it does not bring up to
 * tonight is computed, in the place of what stands.
 *
 * @returns the rows of all tables.
 * @throws ModelError when the columns documented are not the columns built, in the same order, or when tables that one
 *   program fills are made of different ones.
 */
export async function buildModels(
  context: ProgramContext,
  models: readonly OrderedModel[],
  programs: readonly OfferedProgram[],
  around: AroundModel = (_, build) => build(),
  rebuilding?: Rebuilding,
): Promise<number> {
  const filled = new Set<string>();
  let rows = 0;
  for (const model of models) {
    await around(model, async () => {
      let built = await rebuilding?.bringUp(model);
      if (built === undefined) {
        built =
          model.kind === "computed" ? await fillOnce(model) : await makeModel(context.connection, model);
        await rebuilding?.computed(model, built);
      }
      rows += built;
      return { rows: built };
    });
  }
  return rows;

  async function fillOnce(model: OrderedModel): Promise<number> {
    if (!filled.has(model.id)) {
      const { fills, program } = programOf(programs, model);
      const together = models.filter(({ id }) => fills.includes(id));
      for (const one of together) {
        if (one.from.toSorted().join() !== model.from.toSorted().join())
          throw new ModelError(one.file, `is filled together with ${model.id}, and from: other tables`);
        await makeModel(context.connection, one);
        filled.add(one.id);
      }
      await program(context, new Set(together.map(({ id }) => id)));
    }
    const target = `${quoteName(model.schema)}.${quoteName(model.name)}`;
    const [counted] = await queryRows(
      context.connection,
      `select count(*)::integer as n from ${target}`,
      countRow,
    );
    return counted?.n ?? 0;
  }
}

function programOf(programs: readonly OfferedProgram[], { id, file }: OrderedModel): OfferedProgram {
  const program = programs.find(({ fills }) => fills.includes(id));
  if (program === undefined) throw new ModelError(file, "is computed, and no program fills it");
  return program;
}

/** Makes the table or view of a model; of a computed table without its rows. @returns the rows. */
async function makeModel(connection: DuckDBConnection, model: OrderedModel): Promise<number> {
  const target = `${quoteName(model.schema)}.${quoteName(model.name)}`;
  const kind = model.kind === "view" ? "view" : "table";
  let rows = 0;
  try {
    const created = await connection.runAndReadAll(`create or replace ${kind} ${target} as ${model.query}`);
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
  return rows;
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
 * stands with the tables that it reads. `database` is the one in which the model stands; the connection's own by default.
 */
export async function verifyModel(
  connection: DuckDBConnection,
  model: OrderedModel,
  database?: string,
): Promise<FailedCheck[]> {
  const inDatabase = database === undefined ? "" : `${quoteName(database)}.`;
  const target = `${inDatabase}${quoteName(model.schema)}.${quoteName(model.name)}`;
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

/**
 * Checks every model, once all are built.
 *
 * @throws Error naming each check that does not hold, with rows that break it.
 */
export async function verifyModels(
  models: readonly OrderedModel[],
  { verify }: Pick<Rebuilding, "verify">,
): Promise<void> {
  const failures: FailedCheck[] = [];
  for (const model of models) failures.push(...(await verify(model)));
  if (failures.length === 0) return;
  const lines = failures.map(
    ({ model, check, rows, sample }) =>
      `${model}: « ${check} » fails on ${rows} rows\n${sample.map((row) => `    ${row}`).join("\n")}`,
  );
  throw new Error(`the night was not published: ${failures.length} checks failed\n${lines.join("\n")}`);
}
