import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { DuckDBConnection, JS } from "@duckdb/node-api";
import { DuckDBTypeId } from "@duckdb/node-api";
import { openDatabase, quoteName, quoteText } from "../warehouse/connection.ts";

/** One column of a query's rows, as a page holds it; reports/components/rows.js reads it. */
export type PackedColumn = { readonly name: string } & (
  | { readonly kind: "plain"; readonly values: readonly Plain[] }
  /** Dates as days since 1970-01-01. */
  | { readonly kind: "day"; readonly values: readonly (number | null)[] }
  /** Points in time as milliseconds since 1970-01-01. */
  | { readonly kind: "instant"; readonly values: readonly (number | null)[] }
  /** Texts that return: each row's place in `words`. */
  | { readonly kind: "words"; readonly words: readonly string[]; readonly values: readonly (number | null)[] }
);

type Plain = string | number | boolean | null | readonly Plain[];

/** The rows of one query, column by column. */
export interface PackedRows {
  readonly count: number;
  readonly columns: readonly PackedColumn[];
}

/** The tables of one site's extract, to ask the queries of its pages. */
export interface PageTables {
  /**
   * The rows of each query by its name. A parameter that a query names as `$name` is bound to the one of `parameters`.
   *
   * @throws Error naming the query that fails.
   */
  answer(
    queries: Readonly<Record<string, string>>,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Record<string, PackedRows>>;
  close(): void;
}

const DAY = 86_400_000;

/**
 * Reads the Parquet files of an extract into tables of `schema`, in memory: what a page can ask for is in them, and
 * nothing else is reachable.
 *
 * @throws Error when the extract holds no Parquet file.
 */
export async function openPageTables(extract: string, schema: string): Promise<PageTables> {
  const files = (await readdir(extract)).filter((file) => file.endsWith(".parquet")).sort();
  if (files.length === 0) throw new Error(`No Parquet file in the extract ${extract}`);
  const database = await openDatabase(":memory:", { readableFolders: [extract] });
  const { connection } = database;
  await connection.run(`create schema ${quoteName(schema)}`);
  for (const file of files) {
    const table = `${quoteName(schema)}.${quoteName(basename(file, ".parquet"))}`;
    await connection.run(`create table ${table} as from read_parquet(${quoteText(join(extract, file))})`);
  }
  const answered = new Map<string, PackedRows>();
  return {
    async answer(queries, parameters) {
      const answers: Record<string, PackedRows> = {};
      for (const [name, sql] of Object.entries(queries)) {
        try {
          const asked = namedIn(sql, parameters);
          const key = JSON.stringify([sql, asked]);
          const rows = answered.get(key) ?? (await ask(connection, sql, asked));
          // A query without parameters is asked by many pages, one with them by its own page.
          if (Object.keys(asked).length === 0) answered.set(key, rows);
          answers[name] = rows;
        } catch (error) {
          throw new Error(`query ${name}: ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        }
      }
      return answers;
    },
    close: () => database.close(),
  };
}

function namedIn(sql: string, parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)),
  );
}

async function ask(
  connection: DuckDBConnection,
  sql: string,
  parameters: Readonly<Record<string, string>>,
): Promise<PackedRows> {
  const reader = await connection.runAndReadAll(sql, parameters);
  const values = reader.getColumnsJS();
  const columns = reader.columnNames().map((name, index) => {
    const column = values[index] ?? [];
    return { name, ...pack(column, reader.columnTypeId(index)) };
  });
  return { count: reader.currentRowCount, columns };
}

function pack(values: readonly JS[], type: DuckDBTypeId) {
  switch (type) {
    case DuckDBTypeId.DATE:
      return {
        kind: "day",
        values: values.map((value) => (value instanceof Date ? value.getTime() / DAY : null)),
      } as const;
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return {
        kind: "instant",
        values: values.map((value) => (value instanceof Date ? value.getTime() : null)),
      } as const;
    case DuckDBTypeId.VARCHAR:
      return packWords(values.map((value) => (typeof value === "string" ? value : null)));
    default:
      return { kind: "plain", values: values.map(plain) } as const;
  }
}

/** Texts as places in the list of those that differ, where that is shorter. */
function packWords(values: readonly (string | null)[]) {
  const places = new Map<string, number>();
  for (const value of values) if (value !== null && !places.has(value)) places.set(value, places.size);
  if (places.size * 2 > values.length) return { kind: "plain", values } as const;
  return {
    kind: "words",
    words: [...places.keys()],
    values: values.map((value) => (value === null ? null : (places.get(value) ?? null))),
  } as const;
}

function plain(value: JS): Plain {
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value === "number" || typeof value === "boolean" || typeof value === "string")
    return value;
  if (Array.isArray(value)) return value.map(plain);
  throw new Error(`a page cannot hold the value ${String(value)}`);
}
