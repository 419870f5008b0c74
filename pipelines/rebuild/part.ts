import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { type FailedCheck, verifyModel } from "../warehouse/build.ts";
import { queryRows, quoteName } from "../warehouse/connection.ts";
import { ModelError } from "../warehouse/model.ts";
import type { OrderedModel } from "../warehouse/order.ts";
import { type SomeLeases, showLeases, tablesShown } from "../warehouse/some-leases.ts";
import { sqlName } from "./compare.ts";
import type { Touched } from "./touched-leases.ts";

/** The touched leases' tables beside those of all: models that are per lease are computed here as for a small landlord. */
export interface Part {
  /**
   * Computes a model for the touched leases, from the tables that it reads as they stand tonight, and puts their rows in the
   * place of those that its table holds.
   *
   * @returns how many rows the touched leases have.
   */
  build(model: OrderedModel): Promise<number>;
  /** Verifies the rows of the touched leases, and that none of them repeats a row of another lease. */
  verify(model: OrderedModel): Promise<FailedCheck[]>;
  /** Forgets the tables of the touched leases. */
  close(): Promise<void>;
}

const countRow = z.object({ n: z.number() });

/** Shows the touched leases. `models` are all of the night. */
export async function openPart(
  connection: DuckDBConnection,
  touched: Touched,
  models: readonly OrderedModel[],
): Promise<Part> {
  const shown = await showLeases(connection, { tables: [], leases: { query: touched.query } });
  const made = new Set<string>();
  await connection.run(`use ${quoteName(shown.warehouse)}`);

  return {
    async build(model) {
      const table = sqlName(model);
      const whole = `${quoteName(shown.warehouse)}.${table}`;
      try {
        const rows = await within(connection, shown, async () => {
          const tables = tablesShown(models, [model.id]).filter((one) => !made.has(one.table));
          for (const one of tables) made.add(one.table);
          await shown.show(
            tables,
            tables.flatMap((one) => (one.column === undefined ? [] : [one.table])),
          );
          await connection.run(`create schema if not exists ${quoteName(model.schema)}`);
          made.add(model.id);
          const built = await connection.runAndReadAll(`create table ${table} as ${model.query}`);
          return Number(built.getRowsJson()[0]?.[0] ?? 0);
        });
        await connection.run(`delete from ${whole} where lease_id in (${touched.query})`);
        await connection.run(`insert into ${whole} select * from ${shown.name}.${table}`);
        return rows;
      } catch (error) {
        throw new ModelError(model.file, error instanceof Error ? error.message : String(error));
      }
    },
    async verify(model) {
      const failures = await verifyModel(connection, model, shown.name);
      if (model.grain.includes("lease_id")) return failures;
      const table = sqlName(model);
      const grain = model.grain.map(quoteName).join(", ");
      const [repeated] = await queryRows(
        connection,
        `select count(*)::integer as n from ${table}
         where (${grain}) in (select (${grain}) from ${shown.name}.${table}) and lease_id not in (${touched.query})`,
        countRow,
      );
      const rows = repeated?.n ?? 0;
      if (rows === 0) return failures;
      return [
        ...failures,
        { model: model.id, check: `one row per ${model.grain.join(", ")}`, rows, sample: [] },
      ];
    },
    close: () => shown.close(),
  };
}

/** Does something while the touched leases' tables are those that `schema.table` names. */
async function within<T>(
  connection: DuckDBConnection,
  shown: SomeLeases,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run(`use ${shown.name}`);
  try {
    return await work();
  } finally {
    await connection.run(`use ${quoteName(shown.warehouse)}`);
  }
}
