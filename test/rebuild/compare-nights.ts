import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { type Relation, relationsOf } from "../../pipelines/rebuild/compare.ts";
import { openDatabase, queryRows, quoteName } from "../../pipelines/warehouse/connection.ts";

/** A table of two warehouses whose rows differ. */
export interface Difference {
  readonly table: string;
  /** Rows that one of them holds and the other does not, as JSON: at most three of each. */
  readonly onlyOne: readonly string[];
  readonly onlyOther: readonly string[];
}

/**
 * Compares two warehouses row for row, in every table and view but those that tell how the night went (`run`).
 *
 * @returns how many tables were compared, and those that differ.
 */
export async function compareWarehouses(
  one: string,
  other: string,
): Promise<{ readonly compared: number; readonly differences: readonly Difference[] }> {
  const database = await openDatabase(":memory:", { attached: { one, other } });
  const { connection } = database;
  try {
    const relations = await tablesOf(connection, "one");
    const differences: Difference[] = [];
    const others = await tablesOf(connection, "other");
    if (JSON.stringify(relations) !== JSON.stringify(others))
      throw new Error("the warehouses hold other tables, or tables of other columns");
    for (const [id] of relations) {
      const table = id.split(".").map(quoteName).join(".");
      const only = async (a: string, b: string) =>
        (
          await queryRows(
            connection,
            `select to_json(r)::varchar as row from (select * from ${a}.${table} except all select * from ${b}.${table}) as r
             order by 1 limit 3`,
            z.object({ row: z.string() }),
          )
        ).map(({ row }) => row);
      const [onlyOne, onlyOther] = [await only("one", "other"), await only("other", "one")];
      if (onlyOne.length + onlyOther.length > 0) differences.push({ table: id, onlyOne, onlyOther });
    }
    return { compared: relations.length, differences };
  } finally {
    database.close();
  }
}

/** What a database holds but for how the night went, in the order of its names. */
async function tablesOf(connection: DuckDBConnection, database: string): Promise<[string, Relation][]> {
  const relations = [...(await relationsOf(connection, database))];
  return relations.filter(([id]) => !id.startsWith("run.")).sort(([a], [b]) => a.localeCompare(b));
}
