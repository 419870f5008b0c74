import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { createSchemas } from "./build.ts";
import { queryRows, quoteName, quoteText } from "./connection.ts";
import type { OrderedModel } from "./order.ts";

/** A table as it is shown where only some leases are. */
export interface ShownTable {
  /** `schema.name` */
  readonly table: string;
  /** Its column that says whose row it is; undefined where it is shown whole. */
  readonly column: string | undefined;
  /** The query of a view whose rows are found lease by lease: it is made of what else is shown. Undefined for tables. */
  readonly query: string | undefined;
}

/**
 * Some of the leases: those that a query over the warehouse gives in its column `lease_id`, or one of `of` shares, numbered from 0,
 * that together are all. Rows without a lease (null) are taken as those of one more lease.
 */
export type Leases = { readonly query: string } | { readonly share: number; readonly of: number };

/** A database in memory that shows some leases; until it is closed, `schema.table` in a statement is one of its own. */
export interface SomeLeases {
  /** Its name, and that of the warehouse, for statements that must say in which a table is. */
  readonly name: string;
  readonly warehouse: string;
  /** Shows further tables, `copied` ones in memory. To be called while this database is the place of `schema.table`. */
  show(tables: readonly ShownTable[], copied?: readonly string[]): Promise<void>;
  /** Makes the warehouse the place of `schema.table` again, and forgets the database. */
  close(): Promise<void>;
}

/**
 * What must be shown so that some of these models can be built for some leases, in an order in which it can be: what they
 * read, but for those of `ids` themselves. All of `ids` say that they are found lease by lease.
 */
export function tablesShown(models: readonly OrderedModel[], ids: readonly string[]): ShownTable[] {
  const known = new Map(models.map((model) => [model.id, model]));
  const shown = new Map<string, ShownTable>();
  const showWhatIsRead = (id: string) => {
    const readings = known.get(id)?.readings;
    if (readings === undefined) throw new Error(`${id} is not found lease by lease`);
    for (const { table, by, column } of readings) {
      if (shown.has(table) || ids.includes(table)) continue;
      const model = known.get(table);
      const isFollowed = model?.kind === "view" && model.readings !== undefined;
      if (isFollowed) showWhatIsRead(table);
      shown.set(table, {
        table,
        column: by === "lease_id" ? column : undefined,
        query: isFollowed ? model.query : undefined,
      });
    }
  };
  for (const id of ids) showWhatIsRead(id);
  return [...shown.values()];
}

/**
 * Shows some leases of the warehouse in use: attaches a database in memory that has these tables and no other, so that a model's own
 * query reads rows of these leases alone. `copied` are held in memory, which is cheaper for what is read many times; the
 * others are views, which a query's own conditions reach through. Tables made by an unqualified name go into that
 * database.
 */
export async function showLeases(
  connection: DuckDBConnection,
  {
    tables,
    leases,
    copied = [],
  }: {
    readonly tables: readonly ShownTable[];
    readonly leases: Leases;
    readonly copied?: readonly string[];
  },
): Promise<SomeLeases> {
  const name = "some_leases";
  const [current] = await queryRows(connection, "select current_database() as name", databaseRow);
  if (current === undefined) throw new Error("no database is in use");
  const warehouse = current.name;
  await connection.run(`attach ':memory:' as ${name}`);
  const opened = await open().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return opened;

  async function open(): Promise<SomeLeases> {
    const condition = await conditionOn(connection, leases, name);
    const types = await queryRows(connection, ENUMS, enumRow);
    await connection.run(`use ${name}`);
    await createSchemas(
      connection,
      types.map(({ schema }) => schema),
    );
    for (const { schema, type, labels } of types)
      await connection.run(
        `create type ${quoted(`${schema}.${type}`)} as enum (${labels.map(quoteText).join(", ")})`,
      );
    const show = async (shown: readonly ShownTable[], inMemory: readonly string[] = []) => {
      await createSchemas(
        connection,
        shown.map(({ table }) => schemaOf(table)),
      );
      for (const { table, column, query } of shown) {
        const kind = inMemory.includes(table) ? "table" : "view";
        const rows = `select * from ${quoteName(warehouse)}.${quoted(table)}`;
        const some = column === undefined ? rows : condition(rows, quoteName(column));
        await connection.run(`create ${kind} ${quoted(table)} as ${query ?? some}`);
      }
    };
    await show(tables, copied);
    return { name, warehouse, show, close };
  }

  async function close(): Promise<void> {
    await connection.run(`use ${quoteName(warehouse)}`);
    await connection.run(`detach ${name}`);
  }
}

/** The enumerations of the database in use, which a query may name in a cast. */
const ENUMS = `
  select schema_name as schema, type_name as type, labels
  from duckdb_types()
  where database_name = current_database() and not internal and logical_type = 'ENUM'`;
const enumRow = z.object({ schema: z.string(), type: z.string(), labels: z.array(z.string()) });

const databaseRow = z.object({ name: z.string() });
const noneRow = z.object({ none: z.boolean() });

/** What makes, of a SELECT without conditions, the one of the rows of some leases. */
async function conditionOn(
  connection: DuckDBConnection,
  leases: Leases,
  name: string,
): Promise<(rows: string, column: string) => string> {
  if (!("query" in leases))
    return (rows, column) => `${rows} where hash(${column}) % ${leases.of} = ${leases.share}`;
  const chosen = `${name}.main.lease`;
  await connection.run(`create table ${chosen} as select distinct lease_id from (${leases.query})`);
  const [row] = await queryRows(
    connection,
    `select count(*) > count(lease_id) as none from ${chosen}`,
    noneRow,
  );
  // Beside each other, and not with `or`: that would make of the semi join one that is asked row by row.
  return (rows, column) => {
    const some = `${rows} where ${column} in (select lease_id from ${chosen})`;
    return row?.none === true ? `${some} union all ${rows} where ${column} is null` : some;
  };
}

const schemaOf = (table: string): string => table.slice(0, table.indexOf("."));

/** `schema.name` with both parts quoted. */
const quoted = (table: string): string => table.split(".").map(quoteName).join(".");
