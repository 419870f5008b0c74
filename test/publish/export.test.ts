import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeRestrictedExports } from "../../pipelines/publish/export.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { parseModel } from "../../pipelines/warehouse/model.ts";

const HEADER = "-- Cases.\n-- grain: entry_id\n-- columns:\n--   entry_id  the entry\nselect 1 as entry_id\n";

/** The exports of a warehouse with one list of cases, and one of another schema. */
async function exported(rows: string): Promise<{ readonly folder: string; readonly rows: number }> {
  const root = await mkdtemp(join(tmpdir(), "vigie-exports-"));
  const { connection, close } = await openDatabase(":memory:");
  onTestFinished(async () => {
    close();
    await rm(root, { recursive: true });
  });
  await connection.run("create schema restricted");
  await connection.run("create schema ledger");
  await connection.run(`create table restricted.unlawful_fee as ${rows}`);
  await connection.run("create table ledger.unlawful_fee as select 'F1' as entry_id");
  const models = ["restricted", "ledger"].map((schema) =>
    parseModel(HEADER, `sql/${schema}/unlawful_fee.sql`),
  );
  const folder = join(root, "exports");
  return { folder, ...(await writeRestrictedExports(connection, models, folder)) };
}

test("lists of cases are written for French spreadsheets, in the order of their grain", async () => {
  const { folder, rows } = await exported(`
    select * from (values
      ('F2', 'L2', date '2024-05-10', 25.00::decimal(12, 2), null),
      ('F1', 'L1', date '2024-04-10', 1234.50::decimal(12, 2), date '2024-04-20')
    ) as fee(entry_id, lease_id, charged_on, amount, taken_back_on)`);
  expect(rows).toBe(2);
  expect(await readdir(folder)).toEqual(["unlawful_fee.csv"]);
  expect(await readFile(join(folder, "unlawful_fee.csv"), "utf8")).toBe(
    [
      "\uFEFFentry_id;lease_id;charged_on;amount;taken_back_on",
      "F1;L1;2024-04-10;1234,50;2024-04-20",
      "F2;L2;2024-05-10;25,00;",
      "",
    ].join("\r\n"),
  );
});

test("a landlord's code can neither break a line nor run as a formula", async () => {
  const { folder } = await exported(`
    select * from (values ('a;b'), ('say "no"'), ('=1+1'), (E'two\\nlines')) as fee(entry_id)`);
  expect((await readFile(join(folder, "unlawful_fee.csv"), "utf8")).split("\r\n").slice(1, -1)).toEqual([
    "'=1+1",
    '"a;b"',
    '"say ""no"""',
    '"two\nlines"',
  ]);
});

test("only the owner may read them", async () => {
  const { folder } = await exported("select 'F1' as entry_id");
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect([await modeOf(folder), await modeOf(join(folder, "unlawful_fee.csv"))]).toEqual(["700", "600"]);
});
