import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Table } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { frameValues, isDataFrame, loadDataFrames } from "../../pipelines/explore/data-frame.ts";
import { arrowTable } from "../../pipelines/warehouse/arrow.ts";

test.each([
  ["unnest([1, null, 3])", [1, Number.NaN, 3]],
  ["unnest([1, null]::bigint[])", [1, Number.NaN]],
  ["unnest([12.50, null])", [12.5, Number.NaN]],
  ["unnest([true, false])", [true, false]],
  ["unnest([true, null, false])", [1, Number.NaN, 0]],
  ["unnest(['nord', null])", ["nord", null]],
  ["unnest([date '2024-02-29', null])", ["2024-02-29", null]],
  ["unnest([timestamp '2024-02-29 07:30:00', null])", ["2024-02-29T07:30:00.000Z", null]],
])("%s as a DataFrame's column is %j", async (sql, values) => {
  const table = await query(`select ${sql} as v`);
  expect(frameValues(columnOf(table, "v"))).toEqual(values);
});

describe("the optional package", () => {
  test("that is not installed is no error", async () => {
    expect(await loadDataFrames("danfojs-that-nobody-installed")).toBeUndefined();
  });

  test("that is another package, or does not load, is no error", async () => {
    expect(await loadDataFrames("node:path")).toBeUndefined();
    expect(await loadModule("throw new Error('a library is missing')", loadDataFrames)).toBeUndefined();
  });

  test("is given the columns by name, and only their names when there is no row", async () => {
    const source = "export class DataFrame { constructor(...given) { this.given = given; } }";
    const makeDataFrame = await loadModule(source, loadDataFrames);
    const some = await query("select 1 as n, 'nord' as agency");
    expect(makeDataFrame?.(some)).toMatchObject({ given: [{ n: [1], agency: ["nord"] }] });
    const none = await query("select 1 as n, 'nord' as agency where false");
    expect(makeDataFrame?.(none)).toMatchObject({ given: [[], { columns: ["n", "agency"] }] });
  });
});

const makeDataFrame = await loadDataFrames();

describe.skipIf(makeDataFrame === undefined)("danfojs-node, where it is installed", () => {
  test("makes a DataFrame that computes", async () => {
    const frame = makeDataFrame?.(
      await query(
        "select 'a' || range % 2 as agency, range / 4 as rate, date '2024-01-31' as day from range(4)",
      ),
    );
    expect(frame?.shape).toEqual([4, 3]);
    expect(frame?.columns).toEqual(["agency", "rate", "day"]);
    expect(frame?.dtypes).toEqual(["string", "float32", "string"]);
    expect(frame?.values.at(-1)).toEqual(["a1", 0.75, "2024-01-31"]);
    expect(isDataFrame(frame)).toBe(true);
    expect(String(frame)).toContain("0.75");
  });

  test("makes a DataFrame without a row", async () => {
    const frame = makeDataFrame?.(await query("select 1 as n, 'x' as w where false"));
    expect([frame?.shape, frame?.columns]).toEqual([
      [0, 2],
      ["n", "w"],
    ]);
  });
});

async function query(sql: string): Promise<Table> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return await arrowTable(connection, sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function columnOf(table: Table, name: string) {
  const column = table.getChild(name);
  if (column === null) throw new Error(`no column ${name}`);
  return column;
}

async function loadModule<Loaded>(source: string, load: (url: string) => Promise<Loaded>): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), "vigie-module-"));
  try {
    await writeFile(join(folder, "module.mjs"), source);
    return await load(pathToFileURL(join(folder, "module.mjs")).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
