import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type Table, tableFromIPC, tableToIPC } from "apache-arrow";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrowBatches, arrowTable } from "../../pipelines/warehouse/arrow.ts";

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create();
  connection = await instance.connect();
  await connection.run("create type many_words as enum (select 'w' || range from range(300))");
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

test.each([
  ["true", "Bool", true],
  ["(-128)::tinyint", "Int8", -128],
  ["(-32768)::smallint", "Int16", -32_768],
  ["(-2147483648)::integer", "Int32", -2_147_483_648],
  ["(-9223372036854775808)::bigint", "Int64", -9_223_372_036_854_775_808n],
  ["255::utinyint", "Uint8", 255],
  ["65535::usmallint", "Uint16", 65_535],
  ["4294967295::uinteger", "Uint32", 4_294_967_295],
  ["18446744073709551615::ubigint", "Uint64", 18_446_744_073_709_551_615n],
  ["0.5::float", "Float32", 0.5],
  ["0.1::double", "Float64", 0.1],
  ["1.1::decimal(4,1)", "Float64", 1.1],
  ["-1234567.89::decimal(9,2)", "Float64", -1_234_567.89],
  ["9999999999.99::decimal(12,2)", "Float64", 9_999_999_999.99],
  ["-12345678901234567.89::decimal(19,2)", "Float64", -12_345_678_901_234_568],
  ["sum(-3::integer)", "Float64", -3],
  ["170141183460469231731687303715884105727::hugeint", "Float64", 2 ** 127],
  ["date '2024-02-29'", "Date32<DAY>", Date.UTC(2024, 1, 29)],
  ["date '1899-12-31'", "Date32<DAY>", Date.UTC(1899, 11, 31)],
  ["timestamp_s '2024-01-31 12:00:01'", "Timestamp<SECOND>", Date.UTC(2024, 0, 31, 12, 0, 1)],
  ["timestamp_ms '2024-01-31 12:00:01'", "Timestamp<MILLISECOND>", Date.UTC(2024, 0, 31, 12, 0, 1)],
  ["timestamp '2024-01-31 12:00:01'", "Timestamp<MICROSECOND>", Date.UTC(2024, 0, 31, 12, 0, 1)],
  ["timestamp_ns '2024-01-31 12:00:01'", "Timestamp<NANOSECOND>", Date.UTC(2024, 0, 31, 12, 0, 1)],
  ["timestamptz '2024-01-31 12:00:01+00'", "Timestamp<MICROSECOND, UTC>", Date.UTC(2024, 0, 31, 12, 0, 1)],
  ["'impayé €'", "Dictionary<Int32, Utf8>", "impayé €"],
  ["'agency'::enum('lease', 'agency')", "Dictionary<Uint8, Utf8>", "agency"],
  ["'w299'::many_words", "Dictionary<Uint16, Utf8>", "w299"],
  ["[1, 2]", "Dictionary<Int32, Utf8>", "[1, 2]"],
  ["time '07:30:00'", "Dictionary<Int32, Utf8>", "07:30:00"],
])("%s → %s", async (sql, type, value) => {
  const column = (await arrowTable(connection, `select ${sql} as v`)).getChild("v");
  expect(String(column?.type)).toBe(type);
  expect(column?.get(0)).toEqual(value);
  const missing = (
    await arrowTable(connection, `select nullif(v, v) as v from (select ${sql} as v)`)
  ).getChild("v");
  expect(String(missing?.type)).toBe(type);
  expect(missing?.get(0)).toBeNull();
});

describe("the table", () => {
  test("has the query's columns in order, those of one name told apart", async () => {
    const table = await arrowTable(connection, "select 1 as b, 2 as a, 3 as b");
    expect(table.schema.names).toEqual(["b", "a", "b:1"]);
    expect(table.toArray().map((row) => row?.toArray())).toEqual([[1, 2, 3]]);
  });

  test("keeps its columns and types when there is no row", async () => {
    const table = await arrowTable(connection, "select 'x' as word, 1.5::double as number where false");
    expect(table.numRows).toBe(0);
    expect(table.schema.fields.map(String)).toEqual(["word: Dictionary<Int32, Utf8>", "number: Float64"]);
  });

  test("takes values for the query's parameters", async () => {
    const table = await arrowTable(connection, "select $1::varchar as word, $2::integer as number", ["a", 7]);
    expect(rowsOf(table)).toEqual([{ word: "a", number: 7 }]);
  });

  test("repeats no word in a dictionary, in order of first appearance", async () => {
    const table = await arrowTable(
      connection,
      "select unnest(['nord', 'sud', null, 'nord', 'est', 'sud']) as agency",
    );
    const column = table.getChild("agency");
    expect(column?.toJSON()).toEqual(["nord", "sud", null, "nord", "est", "sud"]);
    expect(column?.data[0]?.dictionary?.toJSON()).toEqual(["nord", "sud", "est"]);
  });

  test("passes through Arrow's file format unchanged", async () => {
    const table = await arrowTable(
      connection,
      `select range as n, if(range % 3 = 0, null, range::double / 7) as x, 'w' || (range % 5) as w,
        date '2024-01-01' + range::integer as d, range % 2 = 0 as b from range(5000)`,
    );
    const again = tableFromIPC(tableToIPC(table, "file"));
    expect(again.schema.fields.map(String)).toEqual(table.schema.fields.map(String));
    expect(rowsOf(again)).toEqual(rowsOf(table));
  });
});

test("a column is one array of its own, with NaN or 0 under a null", async () => {
  const table = await arrowTable(
    connection,
    `select if(range % 2 = 0, range::double, null) as x, if(range % 2 = 0, range::integer, null) as n
     from range(5000) order by range`,
  );
  const numbers = table.getChild("x");
  expect(numbers?.data).toHaveLength(1);
  expect(numbers?.nullCount).toBe(2500);
  const array = numbers?.toArray();
  expect(array).toBeInstanceOf(Float64Array);
  expect(array?.buffer).toBe(numbers?.data[0]?.values.buffer);
  expect([...(array ?? [])].slice(4096, 4100)).toEqual([4096, Number.NaN, 4098, Number.NaN]);
  expect([...(table.getChild("n")?.toArray() ?? [])].slice(0, 4)).toEqual([0, 0, 2, 0]);
});

test("rows in are rows out, whatever is null and however DuckDB cuts its chunks", {
  timeout: 30_000,
}, async () => {
  const row = fc.record({
    flag: fc.option(fc.boolean()),
    cents: fc.option(fc.integer({ min: -(10 ** 9), max: 10 ** 9 })),
    word: fc.option(fc.constantFrom("", "nord", "sud", "l’Île", "a\0b")),
    day: fc.option(fc.integer({ min: -40_000, max: 80_000 })),
    ratio: fc.option(fc.double({ noNaN: true }).map((ratio) => ratio + 0)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 40 }),
      fc.integer({ min: 1, max: 120 }),
      async (rows, times) => {
        const json = JSON.stringify(
          rows.map((fields, position) => ({
            ...fields,
            position,
            ratio: fields.ratio === null ? null : String(fields.ratio),
          })),
        );
        const table = await arrowTable(
          connection,
          `select e.flag::boolean as flag, (e.cents::integer / 100)::decimal(12,2) as euros, e.word::varchar as word,
           date '1970-01-01' + e.day::integer as day, e.ratio::double as ratio
         from (select unnest(from_json($1, '[{"flag":"boolean","cents":"integer","word":"varchar",
           "day":"integer","ratio":"varchar","position":"integer"}]')) as e), range(${times}) as copies(copy)
         where e.word is distinct from 'sud' order by copy, e.position`,
          [json],
        );
        const expected = rows
          .filter(({ word }) => word !== "sud")
          .map(({ flag, cents, word, day, ratio }) => ({
            flag,
            euros: cents === null ? null : cents / 100,
            word,
            day: day === null ? null : day * 86_400_000,
            ratio,
          }));
        expect(rowsOf(table).slice(0, expected.length)).toEqual(expected);
        expect(table.numRows).toBe(expected.length * times);
      },
    ),
    { numRuns: 60 },
  );
});

test("batch by batch a result holds the same rows in the same order, and no batch holds them all", async () => {
  const query = `select range::integer as number, nullif('w' || range % 7, 'w3') as word, nullif(range % 5, 0) / 10 as ratio
    from range(80000) order by range % 1000, range`;
  const batches: Table[] = [];
  for await (const batch of arrowBatches(connection, query)) batches.push(batch);
  expect(Math.max(...batches.map(({ numRows }) => numRows))).toBeLessThan(80_000);
  expect(batches.flatMap(rowsOf)).toEqual(rowsOf(await arrowTable(connection, query)));
});

test("words of up to twelve bytes and of more are told apart, whichever were met before and whatever null stands between", async () => {
  const words = [
    "''",
    "'a'",
    "'a' || chr(0)",
    "chr(0)",
    "'é'",
    "'ééééééé'",
    "'douze octet'",
    "'douze octets'",
    "'treize octets'",
  ];
  const query = `select w as word from (
      select range as n, unnest([${words.join(", ")}, null, 'w' || range % 900]) as w from range(3000)
    ) order by hash(n, w)`;
  const rows = await connection.runAndReadAll(query);
  const expected = rows.getRowsJS().map(([word]) => word);
  expect(new Set(expected).size).toBe(words.length + 1 + 900);
  expect(rowsOf(await arrowTable(connection, query)).map(({ word }) => word)).toEqual(expected);
});

test("a result without a row has no batch", async () => {
  for await (const batch of arrowBatches(connection, "select 1 as one where false"))
    expect.unreachable(`${batch.numRows} rows`);
});

test("a query that fails says what DuckDB said", async () => {
  await expect(arrowTable(connection, "select nothing")).rejects.toThrow('column "nothing" was not found');
});

function rowsOf(table: Table): Record<string, unknown>[] {
  const columns = table.schema.names.map(
    (name) => [String(name), table.getChild(name)?.toJSON() ?? []] as const,
  );
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}
