import { z } from "zod";
import { openDatabase, queryRows, quoteName, quoteText } from "../warehouse/connection.ts";

const relation = z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()) });

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
    const relationsOf = async (name: string) =>
      queryRows(
        connection,
        `select schema_name as schema, table_name as name, list(column_name order by column_index) as columns
         from duckdb_columns() where database_name = ${quoteText(name)} and schema_name <> 'run' and not internal
         group by all order by all`,
        relation,
      );
    const relations = await relationsOf("one");
    const differences: Difference[] = [];
    const others = await relationsOf("other");
    if (JSON.stringify(relations) !== JSON.stringify(others))
      throw new Error("the warehouses hold other tables, or tables of other columns");
    for (const { schema, name } of relations) {
      const table = `${quoteName(schema)}.${quoteName(name)}`;
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
      if (onlyOne.length + onlyOther.length > 0)
        differences.push({ table: `${schema}.${name}`, onlyOne, onlyOther });
    }
    return { compared: relations.length, differences };
  } finally {
    database.close();
  }
}
