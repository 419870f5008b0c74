import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { query } from "../../pipelines/explore/query.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";

let workspace = "";

async function writeNight(folder: string, sql: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const database = await openDatabase(join(folder, "warehouse.duckdb"));
  await database.connection.run(sql);
  database.close();
}

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "vigie-query-"));
  await writeNight(
    join(workspace, "nights", "000001"),
    `create schema kpi;
     create table kpi.red (agency varchar, month date, euros decimal(12, 2), leases bigint);
     insert into kpi.red values ('Lille, Nord', '2024-01-31', 1050.50, 3), ('dit "le Port"', null, 0.10, null), ('', null, null, null);
     create schema contract;
     create table contract.household_contact as select 'Camille Roche' as name;
     create schema prevention;
     create view prevention.letter as select name from contract.household_contact;
     create schema load;
     create table load.restricted_table as select 'prevention.letter' as table_name, 'prevention' as readable_by`,
  );
  await symlink(join("nights", "000001"), join(workspace, "current"));
});
afterAll(() => rm(workspace, { recursive: true }));

async function refusal(
  sql: string,
  options: { restricted?: boolean; failed?: boolean } = {},
): Promise<UserError> {
  const error: unknown = await query(sql, { workspace, ...options }).catch((thrown: unknown) => thrown);
  if (error instanceof UserError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe("the answer is written", () => {
  const all = "from kpi.red";

  test("as a table", async () => {
    expect(await query("select leases, euros from kpi.red limit 1", { workspace })).toBe(
      "leases   euros\n──────  ──────\n     3  1050.5\n(1 row)",
    );
  });

  test("as JSON: an array of objects, numbers as numbers", async () => {
    expect(JSON.parse(await query(all, { workspace, format: "json" }))).toEqual([
      { agency: "Lille, Nord", month: "2024-01-31", euros: 1050.5, leases: 3 },
      { agency: 'dit "le Port"', month: null, euros: 0.1, leases: null },
      { agency: "", month: null, euros: null, leases: null },
    ]);
    expect(await query(`${all} where false`, { workspace, format: "json" })).toBe("[]");
  });

  test("as JSON: what no number of JavaScript holds stays text", async () => {
    const sql = "select 9007199254740993 as many, 12345678901234567890.12::decimal(38, 2) as much";
    expect(JSON.parse(await query(sql, { workspace, format: "json" }))).toEqual([
      { many: "9007199254740993", much: "12345678901234567890.12" },
    ]);
  });

  test("as CSV: null and an empty text told apart, separators and quotes kept", async () => {
    expect(await query(all, { workspace, format: "csv" })).toBe(
      [
        "agency,month,euros,leases",
        '"Lille, Nord",2024-01-31,1050.50,3',
        '"dit ""le Port""",,0.10,',
        '"",,,',
      ].join("\n"),
    );
  });
});

describe("what is refused", () => {
  test.each([
    ["a change", "delete from kpi.red", "read-only mode"],
    ["a statement that does not parse", "selec 1", "syntax error"],
    ["a file to read", "from read_text('/etc/passwd')", "file system operations are disabled"],
    ["a file to write", "copy kpi.red to '/tmp/red.csv'", "file system operations are disabled"],
  ])("%s", async (_what, sql, message) => {
    expect((await refusal(sql)).message).toContain(message);
  });

  test.each([
    ["a restricted table of the contract", "from contract.household_contact"],
    ["a restricted model", "from prevention.letter"],
    [
      "a restricted table in the second of two statements",
      "use contract; select count(*) from household_contact",
    ],
    ["either after another statement", "select 1; from contract.household_contact"],
  ])("%s, unless asked for", async (_what, sql) => {
    const { message, remedy } = await refusal(sql);
    expect(message).toContain("hidden, for only some schemas may read them: ");
    expect(remedy).toContain("--restricted");
    expect(message).not.toContain("Camille");
  });

  test("a folder without a night", async () => {
    const error: unknown = await query("select 1", { workspace: "/nonexistent" }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ message: expect.stringContaining("There is no night to explore") });
  });

  test("a failed night, where none was kept", async () => {
    expect((await refusal("select 1", { failed: true })).remedy).toContain("--keep");
  });
});

test("who may read restricted tables says so", async () => {
  const options = { workspace, restricted: true, format: "csv" } as const;
  expect(await query("from prevention.letter", options)).toBe("name\nCamille Roche");
});
