import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explore } from "../../pipelines/explore/explore.ts";
import { UserError } from "../../pipelines/user-error.ts";

let workspace: string;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "vigie-explore-"));
  await writeNight("000001", 0.084);
  await symlink(join("nights", "000001"), join(workspace, "current"));
});

afterAll(async () => {
  await rm(workspace, { recursive: true });
});

describe("the prompt, given statements through a pipe", () => {
  test.each([
    ["a value", "1 + 1", "2\n"],
    ["nothing", "", ""],
    [
      "a query: its rows, once",
      'await sql("select agency, rate from kpi.indicator_month order by rate limit 1")',
      "agency   rate\n──────  ─────\nnord    0.084\n(1 row)\n\n",
    ],
    [
      "a query kept for later: its rows, then what is asked of them",
      'const rows = await sql("select 7 as n")\nrows[0].n\nrows',
      "n\n─\n7\n(1 row)\n7\n[ { n: 7 } ]\n",
    ],
    ["the table", "table.numRows", "3\n"],
    [
      "the table in short, whatever its length",
      "table",
      "Arrow table, 3 rows × 3 columns\nagency: Dictionary<Int32, Utf8>\nmonth: Date32<DAY>\nrate: Float64\n",
    ],
    ["a column, null kept", '[...table.getChild("rate")]', "[ 0.084, 0.5, null ]\n"],
    ["a statement over several lines", "[1, 2].map((n) => {\n  return n * 2;\n})", "[ 2, 4 ]\n"],
    ["an end before the end", "1\n.exit\n2", "1\n"],
  ])("answers %s", async (_what, statements, answer) => {
    expect(await answers(statements)).toBe(answer);
  });

  test("says what DuckDB said of a query that fails, and goes on", async () => {
    const answer = await answers('await sql("select nothing from kpi.indicator_month")\n1 + 1');
    expect(answer).toContain('Binder Error: Referenced column "nothing" not found');
    expect(answer).not.toContain("explore.ts");
    expect(answer.endsWith("\n2\n")).toBe(true);
  });

  test("runs each statement after the one before has ended, and ends after the last", async () => {
    const slow = 'await sql("select count(*) as n from range(3000000) a where range % 7 = 0")';
    const lines = (await answers(`${slow}\n"then"\n${slow}`)).split("\n");
    expect(lines.filter((line) => /\d{6}|then/.test(line))).toEqual(["428572", "'then'", "428572"]);
  });

  test("cannot change the warehouse", async () => {
    expect(await answers('await sql("delete from kpi.indicator_month")')).toContain("read-only mode");
    expect(await answers("table.numRows")).toBe("3\n");
  });

  test("stays with its night while another takes its place", async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const answered = text(output);
    const exploring = explore({ workspace, table: "kpi.indicator_month", input, output });
    input.write('await sql("select min(rate) as first from kpi.indicator_month")\n');
    await once(output, "readable");
    await writeNight("000002", 0.01);
    await symlink(join("nights", "000002"), join(workspace, "current.new"));
    await rename(join(workspace, "current.new"), join(workspace, "current"));
    input.end('await sql("select min(rate) as second from kpi.indicator_month")\n');
    await exploring;
    output.end();
    expect((await answered).match(/0\.\d+/g)).toEqual(["0.084", "0.084"]);
    expect(await answers('await sql("select min(rate) as third from kpi.indicator_month")')).toContain(
      "0.01",
    );
  });
});

test("an open input does not keep the program running after .exit", { timeout: 30_000 }, async () => {
  const module = new URL("../../pipelines/explore/explore.ts", import.meta.url).href;
  const script = `import { explore } from ${JSON.stringify(module)};
    await explore({ workspace: process.argv[1], table: "kpi.indicator_month" });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script, workspace]);
  const output = text(child.stdout);
  child.stdin.write("table.numCols\n.exit\n");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await output).toBe("3\n");
});

describe("a table that only some schemas may read", () => {
  const contact = "contract.household_contact";
  let guarded: string;

  beforeAll(async () => {
    guarded = await mkdtemp(join(tmpdir(), "vigie-explore-"));
    await writeNight(
      "000001",
      0.084,
      guarded,
      `create schema contract;
      create schema load;
      create schema prevention;
      create table contract.household_contact as select 'Camille Roche' as name;
      create view prevention.letter as select name from contract.household_contact;
      create table load.restricted_table as
        select unnest(['contract.household_contact', 'prevention.letter']) as table_name, 'prevention' as readable_by;`,
    );
    await symlink(join("nights", "000001"), join(guarded, "current"));
  });

  afterAll(() => rm(guarded, { recursive: true }));

  test.each([
    ["by its name", 'await sql("select name from contract.household_contact")'],
    ["in other letters", `await sql('from CONTRACT."Household_Contact"')`],
    ["without its schema", 'await sql("use contract"); await sql("from household_contact")'],
    ["through a view", 'await sql("from prevention.letter")'],
    ["by a function", `await sql("from query_table('contract.household_contact')")`],
    ["in a pivot", 'await sql("pivot contract.household_contact on name")'],
    ["after another statement", 'await sql("select 1; from contract.household_contact")'],
  ])("is hidden: %s", async (_, statement) => {
    const answer = await answers(statement, { workspace: guarded });
    expect(answer).toContain(`hidden, for only some schemas may read them: ${contact}, prevention.letter`);
    expect(answer).not.toContain("Camille");
  });

  test("is not opened unless asked for", async () => {
    const refusal = await refused({ workspace: guarded, table: contact });
    expect(refusal.message).toContain(contact);
    expect(refusal.remedy).toContain("--restricted");
    const asked = { workspace: guarded, table: contact, restricted: true };
    expect(await answers('await sql("from prevention.letter")', asked)).toContain("Camille");
  });
});

describe("what is refused", () => {
  test.each([
    ["kpi.indicator_months", "kpi.indicator_month, kpi.indicator, arrears.lease_month"],
    ["lease_month", "arrears.lease_month, kpi.indicator_month, kpi.indicator"],
    ["KPI.Indicator", "kpi.indicator, kpi.indicator_month, arrears.lease_month"],
    ['kpi.indicator"; drop table x; --', "kpi.indicator, kpi.indicator_month, arrears.lease_month"],
  ])("the unknown table %s: the nearest are %s", async (table, nearest) => {
    const refusal = await refused({ workspace, table });
    expect(refusal.message).toBe(`The warehouse has no table ${table}`);
    expect(refusal.remedy).toBe(`The nearest names are: ${nearest}`);
    expect(refusal.exitCode).toBe(2);
  });

  test("a workspace without a night", async () => {
    const refusal = await refused({ workspace: join(workspace, "nowhere"), table: "kpi.indicator" });
    expect(refusal.message).toContain("There is no night to explore");
    expect(refusal.remedy).toContain("npm run nightly");
  });
});

async function writeNight(night: string, rate: number, landlord = workspace, more = ""): Promise<void> {
  const folder = join(landlord, "nights", night);
  await mkdir(folder, { recursive: true });
  const instance = await DuckDBInstance.create(join(folder, "warehouse.duckdb"));
  const connection = await instance.connect();
  await connection.run(`
    create schema kpi;
    create schema arrears;
    create table arrears.lease_month as select 'L1' as lease_id;
    create view kpi.indicator as select 'arrears_rate' as indicator_id;
    create table kpi.indicator_month (agency varchar, month date, rate decimal(12, 3));
    insert into kpi.indicator_month values
      ('nord', '2024-01-01', ${rate}), ('sud', '2024-01-01', 0.5), ('nord', '2024-02-01', null);
    ${more}
  `);
  connection.closeSync();
  instance.closeSync();
}

async function answers(
  statements: string,
  options: { workspace?: string; table?: string; restricted?: boolean } = {},
): Promise<string> {
  const output = new PassThrough();
  const answered = text(output);
  await explore({
    workspace,
    table: "kpi.indicator_month",
    ...options,
    input: Readable.from([statements]),
    output,
  });
  output.end();
  return await answered;
}

async function refused(options: { workspace: string; table: string }): Promise<UserError> {
  const error: unknown = await explore(options).catch((reason: unknown) => reason);
  if (error instanceof UserError) return error;
  throw new Error(`not refused: ${String(error)}`);
}
