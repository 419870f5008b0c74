import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { type FailedCheck, verifyModel } from "../warehouse/build.ts";
import { queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { ModelError } from "../warehouse/model.ts";
import type { ReadingModel } from "./change.ts";

/** Name of the database in which last night's warehouse is attached, for reading. */
export const LAST_NIGHT = "last_night";

/** Name of the database that holds the touched leases alone. */
const PART = "part";

/** The tables of the touched leases, beside those of all: a model that is per lease is computed here as for a small landlord. */
export interface Part {
  /** Name of the database that holds all leases, without quotes. */
  readonly warehouse: string;
  /** Adds the leases that a query gives as `lease_id`; to be called before anything is built. */
  touch(leases: string): Promise<void>;
  /** How many leases are touched. */
  count(): Promise<number>;
  /**
   * Computes a model that is per lease for the touched leases, from the tables that it reads as they stand tonight, and puts
   * their rows in the place of those that its table holds.
   *
   * @returns how many rows the touched leases have.
   */
  build(model: ReadingModel): Promise<number>;
  /** Whether all leases that a query gives as `lease_id` are touched. */
  holds(leases: string): Promise<boolean>;
  /** Verifies the rows of the touched leases, and that none of them repeats a row of another lease. */
  verify(model: ReadingModel): Promise<FailedCheck[]>;
  /** Leaves the database; nothing is kept of it. */
  close(): Promise<void>;
}

const nameRow = z.object({ name: z.string() });
const countRow = z.object({ n: z.number() });

/** Makes an empty part below `folder`, which the connection may write to. `models` are all of the night, in their order. */
export async function openPart(
  connection: DuckDBConnection,
  folder: string,
  models: readonly ReadingModel[],
): Promise<Part> {
  const byId = new Map(models.map((model) => [model.id, model]));
  const [current] = await queryRows(connection, "select current_database() as name", nameRow);
  const name = current?.name ?? "";
  const warehouse = quoteName(name);
  await connection.run(`attach ${quoteText(join(folder, `${PART}.duckdb`))} as ${PART}`);
  await connection.run(`create table ${PART}.main.touched (lease_id varchar primary key)`);
  const made = new Set<string>();
  const schemas = new Set<string>();
  const ofTouched = (column: string) => `${column} in (select lease_id from ${PART}.main.touched)`;

  const makeSchema = async (schema: string) => {
    if (schemas.has(schema)) return;
    schemas.add(schema);
    await connection.run(`create schema ${PART}.${quoteName(schema)}`);
  };
  const inPart = async (statement: string) => {
    await connection.run(`use ${PART}`);
    try {
      return await connection.runAndReadAll(statement);
    } finally {
      await connection.run(`use ${warehouse}`);
    }
  };
  /** Makes a table readable here: of one read by lease the touched leases' rows, of another all. */
  const offer = async (table: string, isByLease: boolean): Promise<void> => {
    if (made.has(table)) return;
    made.add(table);
    const [schema = "", name = ""] = table.split(".");
    await makeSchema(schema);
    const target = `${quoteName(schema)}.${quoteName(name)}`;
    const model = byId.get(table);
    if (model?.kind === "view" && model.per !== undefined) {
      for (const { table: read, by } of model.readings) await offer(read, by === "lease_id");
      await inPart(`create view ${PART}.${target} as ${model.query}`);
      return;
    }
    if (!isByLease) {
      await connection.run(`create view ${PART}.${target} as select * from ${warehouse}.${target}`);
      return;
    }
    const key = table === "contract.lease" ? "id" : "lease_id";
    await connection.run(
      `create table ${PART}.${target} as select * from ${warehouse}.${target} where ${ofTouched(key)}`,
    );
  };

  return {
    warehouse: name,
    async touch(leases) {
      await connection.run(
        `insert or ignore into ${PART}.main.touched select distinct lease_id from (${leases})`,
      );
    },
    async count() {
      const [counted] = await queryRows(
        connection,
        `select count(*)::integer as n from ${PART}.main.touched`,
        countRow,
      );
      return counted?.n ?? 0;
    },
    async build(model) {
      for (const { table, by } of model.readings) await offer(table, by === "lease_id");
      await makeSchema(model.schema);
      const target = `${quoteName(model.schema)}.${quoteName(model.name)}`;
      made.add(model.id);
      try {
        const built = await inPart(`create table ${PART}.${target} as ${model.query}`);
        await connection.run(`delete from ${warehouse}.${target} where ${ofTouched("lease_id")}`);
        await connection.run(`insert into ${warehouse}.${target} select * from ${PART}.${target}`);
        return Number(built.getRowsJson()[0]?.[0] ?? 0);
      } catch (error) {
        throw new ModelError(model.file, error instanceof Error ? error.message : String(error));
      }
    },
    async holds(leases) {
      const [row] = await queryRows(
        connection,
        `select not exists (select lease_id from (${leases}) except select lease_id from ${PART}.main.touched) as held`,
        z.object({ held: z.boolean() }),
      );
      return row?.held ?? false;
    },
    async verify(model) {
      const failures = await verifyModel(connection, model, PART);
      if (model.grain.includes("lease_id")) return failures;
      const target = `${quoteName(model.schema)}.${quoteName(model.name)}`;
      const grain = model.grain.map(quoteName).join(", ");
      const [counted] = await queryRows(
        connection,
        `select count(*)::integer as n from ${warehouse}.${target}
         where (${grain}) in (select (${grain}) from ${PART}.${target}) and not (${ofTouched("lease_id")})`,
        countRow,
      );
      if ((counted?.n ?? 0) > 0)
        failures.push({
          model: model.id,
          check: `one row per ${model.grain.join(", ")}`,
          rows: counted?.n ?? 0,
          sample: [],
        });
      return failures;
    },
    async close() {
      await connection.run(`detach ${PART}`);
    },
  };
}
