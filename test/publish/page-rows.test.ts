import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPageTables, type PageTables } from "../../pipelines/publish/page-rows.ts";
import { openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
// @ts-expect-error: plain JavaScript that runs in the browser
import { rowsOf } from "../../reports/components/rows.js";

let folder = "";
let tables: PageTables;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-page-rows-"));
  const extract = join(folder, "extract");
  await mkdir(extract);
  const database = await openDatabase(":memory:", { readableFolders: [folder] });
  await database.connection.run(
    `copy (
       select * from (values
         ('G01', date '2026-10-31', 1234.56::decimal(12,2), 7::bigint, true, timestamp '2026-11-01 02:00:00', ['a', 'b']),
         ('G02', date '2026-11-30', null, null, null, null, null),
         ('L''Île', null, -0.5, 9007199254740991, false, null, [])
       ) as t (agency, month, euros, households, judged, told_at, words)
     ) to ${quoteText(join(extract, "figure.parquet"))} (format parquet)`,
  );
  database.close();
  tables = await openPageTables(extract, "managers");
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = async (sql: string, parameters: Record<string, string> = {}): Promise<unknown> =>
  rowsOf(JSON.parse(JSON.stringify(await tables.answer({ asked: sql }, parameters)))).asked;

describe("what a page holds of a query, read again in the browser", () => {
  test("numbers, dates at midnight in UTC, truth, points in time, lists, and nothing where there is none", async () => {
    expect(await rows("select * from managers.figure order by agency")).toEqual([
      {
        agency: "G01",
        month: new Date("2026-10-31T00:00:00Z"),
        euros: 1234.56,
        households: 7,
        judged: true,
        told_at: new Date("2026-11-01T02:00:00Z"),
        words: ["a", "b"],
      },
      {
        agency: "G02",
        month: new Date("2026-11-30T00:00:00Z"),
        euros: null,
        households: null,
        judged: null,
        told_at: null,
        words: null,
      },
      {
        agency: "L'Île",
        month: null,
        euros: -0.5,
        households: 9007199254740991,
        judged: false,
        told_at: null,
        words: [],
      },
    ]);
  });

  test("texts that return, with gaps", async () => {
    expect(
      await rows(
        "select case when i % 3 = 0 then null when i % 3 = 1 then 'a' else 'b' end as x from range(9) t(i)",
      ),
    ).toEqual([null, "a", "b", null, "a", "b", null, "a", "b"].map((x) => ({ x })));
  });

  test("no row at all", async () => {
    expect(await rows("select agency, month from managers.figure where false")).toEqual([]);
  });
});

describe("a parameter of the page's address", () => {
  test.each([
    ["L'Île", 1],
    ["G01", 1],
    ["' or true --", 0],
    ["$agence", 0],
  ])("%s is a value, never SQL: %i rows", async (agence, count) => {
    const found = await rows("select 1 as one from managers.figure where agency = $agence", {
      agence,
      autre: "x",
    });
    expect(found).toEqual(Array(count).fill({ one: 1 }));
  });

  test("answers of one page are not given to another", async () => {
    const sql = "select agency from managers.figure where agency = $agence";
    expect(await rows(sql, { agence: "G01" })).toEqual([{ agency: "G01" }]);
    expect(await rows(sql, { agence: "G02" })).toEqual([{ agency: "G02" }]);
  });
});

describe("what is refused", () => {
  test("a query of a table that the extract does not have, by the query's name", async () => {
    await expect(tables.answer({ alerts: "select * from managers.alert" }, {})).rejects.toThrow(
      /^query alerts: .*alert/,
    );
  });

  test("a file beside the extract", async () => {
    const file = quoteText(join(folder, "other.parquet"));
    await expect(tables.answer({ other: `from read_parquet(${file})` }, {})).rejects.toThrow(/query other/);
  });
});
