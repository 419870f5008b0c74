import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { programsWith } from "../../pipelines/programs.ts";
import { buildModels, createSchemas, documentModels, verifyModel } from "../../pipelines/warehouse/build.ts";
import { type OpenDatabase, openDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { ModelError, parseModel, readModels } from "../../pipelines/warehouse/model.ts";
import { orderModels, splitByNeed } from "../../pipelines/warehouse/order.ts";
import type { OfferedProgram, Program } from "../../pipelines/warehouse/program.ts";
import { strategyOfCase } from "../sql/empty-landlord.ts";

const LEASE = `-- One row per lease.
-- grain: lease_id
-- columns:
--   lease_id  the lease
--   euros     what it owes
-- checks:
--   euros >= 0
select lease_id, euros from contract.owed
`;

let database: OpenDatabase | undefined;
afterEach(() => database?.close());

/** A database whose contract.owed holds these rows. */
async function landlord(rows: string): Promise<OpenDatabase> {
  database = await openDatabase(":memory:");
  await database.connection.run("create schema contract");
  await database.connection.run(
    `create table contract.owed as select * from (values ${rows}) as owed (lease_id, euros)`,
  );
  return database;
}

async function order(files: Record<string, string>) {
  const { connection } = await landlord("('L1', 1)");
  return orderModels(
    connection,
    Object.entries(files).map(([file, text]) => parseModel(text, `sql/${file}`)),
  );
}

describe("the header of a model", () => {
  test("gives its description, grain, columns and checks", () => {
    expect(parseModel(LEASE, "sql/arrears/lease.sql")).toMatchObject({
      id: "arrears.lease",
      kind: "table",
      description: "One row per lease.",
      grain: ["lease_id"],
      per: undefined,
      columns: [
        { name: "lease_id", description: "the lease" },
        { name: "euros", description: "what it owes" },
      ],
      checks: ["euros >= 0"],
      query: "select lease_id, euros from contract.owed",
    });
  });

  test("says whether its rows are found lease by lease", () => {
    const text = LEASE.replace("-- columns:", "-- per: lease_id\n-- columns:");
    expect(parseModel(text, "sql/arrears/lease.sql").per).toBe("lease_id");
  });

  test.each([
    ["no description", LEASE.replace("-- One row per lease.\n", ""), "begins with no description"],
    ["no grain", LEASE.replace("-- grain: lease_id\n", ""), "has no grain"],
    ["no column", LEASE.replace(/-- columns:[\s\S]*?-- checks/, "-- checks"), "documents no column"],
    [
      "a column without words",
      LEASE.replace("  the lease", ""),
      'column "lease_id" is not "name  description"',
    ],
    [
      "a key by which nothing is proven",
      LEASE.replace("-- columns:", "-- per: agency_id\n-- columns:"),
      'per is "agency_id", not lease_id',
    ],
    ["a kind that does not exist", LEASE.replace("-- grain", "-- kind: index\n-- grain"), 'kind is "index"'],
    [
      "an indicator half defined",
      LEASE.replace("-- checks", "-- indicators:\n--   share: { position: 1 }\n-- checks"),
      "indicators:",
    ],
  ])("%s is refused by name", (_, text, message) => {
    expect(() => parseModel(text, "sql/arrears/lease.sql")).toThrow(ModelError);
    expect(() => parseModel(text, "sql/arrears/lease.sql")).toThrow(`sql/arrears/lease.sql: `);
    expect(() => parseModel(text, "sql/arrears/lease.sql")).toThrow(message);
  });
});

describe("the order of models", () => {
  const reading = (table: string) => LEASE.replace("contract.owed", table);

  test("comes from what they read, not from their names", async () => {
    const ordered = await order({
      "a/first.sql": reading("z.last"),
      "m/middle.sql": reading("contract.owed"),
      "z/last.sql": reading("m.middle"),
    });
    expect(ordered.map((model) => model.id)).toEqual(["m.middle", "z.last", "a.first"]);
  });

  test("splits into what some models need, themselves included, and the rest", async () => {
    const ordered = await order({
      "a/first.sql": reading("z.last"),
      "m/middle.sql": reading("contract.owed"),
      "z/last.sql": reading("m.middle"),
    });
    const { needed, others } = splitByNeed(ordered, ["z.last"]);
    expect(needed.map((model) => model.id)).toEqual(["m.middle", "z.last"]);
    expect(others.map((model) => model.id)).toEqual(["a.first"]);
  });

  test("a common table expression is no table to wait for", async () => {
    const text = LEASE.replace(
      "select lease_id",
      "with owed as (select * from contract.owed)\nselect lease_id",
    ).replace("from contract.owed\n", "from owed\n");
    expect((await order({ "a/first.sql": text }))[0]?.reads).toEqual(["contract.owed"]);
  });

  test.each([
    ["a circle", { "a/x.sql": reading("a.y"), "a/y.sql": reading("a.x") }, "reads in a circle: a.x, a.y"],
    [
      "a table that nothing builds",
      { "a/x.sql": reading("a.nothing") },
      "sql/a/x.sql: reads a.nothing, which nothing builds",
    ],
    [
      "a table without its schema",
      { "a/x.sql": reading("owed") },
      'sql/a/x.sql: reads "owed" without its schema',
    ],
    [
      "the clock",
      { "a/x.sql": LEASE.replace("euros from", "today() - date '2000-01-01' as euros from") },
      "calls today()",
    ],
    [
      "a table named by a text",
      { "a/x.sql": reading("query_table('contract.owed')") },
      "sql/a/x.sql: calls query_table(): what it reads would not be seen",
    ],
    ["two statements", { "a/x.sql": `${LEASE}; select 1` }, "sql/a/x.sql: "],
  ])("%s is refused by name", async (_, files, message) => {
    await expect(order(files)).rejects.toThrow(message);
  });
});

const COMPUTED = `-- One row per lease, with what a program has learnt of it.
-- kind: computed
-- from: contract.owed
-- grain: lease_id
-- columns:
--   lease_id  the lease
--   euros     what it owes
-- checks:
--   euros >= 0
select null::varchar as lease_id, null::integer as euros where false
`;

describe("a computed table", () => {
  /** Builds computed tables of contract.owed, each from its text, and tells their rows in the order in which they are built. */
  async function build(texts: Readonly<Record<string, string>>, programs: readonly OfferedProgram[]) {
    const { connection } = await landlord("('L1', 2), ('L2', -3)");
    const models = Object.entries(texts).map(([name, text]) => parseModel(text, `sql/arrears/${name}.sql`));
    const ordered = await orderModels(connection, models);
    await createSchemas(connection, ["arrears"]);
    const rows: [string, number][] = [];
    const context = { connection, strategy: strategyOfCase(""), asOf: "2026-11-15" };
    await buildModels(context, ordered, programs, async ({ id }, make) =>
      rows.push([id, (await make()).rows]),
    );
    return { ordered, rows, connection };
  }

  /** Tells ten times what is owed, in each of its tables; `calls` are the tables that it was asked to fill. */
  function tenfold(...fills: readonly string[]) {
    const calls: string[][] = [];
    const program: Program = async ({ connection }, tables) => {
      calls.push([...tables]);
      for (const table of tables)
        await connection.run(`insert into ${table} select lease_id, euros * 10 from contract.owed`);
    };
    return { calls, programs: [{ fills, program }] };
  }

  test("comes after what its program reads, is filled by it, and its checks are held", async () => {
    const { programs } = tenfold("arrears.lease");
    const { ordered, rows, connection } = await build({ lease: COMPUTED }, programs);
    expect(ordered.map(({ reads }) => reads)).toEqual([["contract.owed"]]);
    expect(rows).toEqual([["arrears.lease", 2]]);
    const [model] = ordered;
    if (model === undefined) throw new Error("one model is expected");
    expect(await verifyModel(connection, model)).toMatchObject([{ check: "euros >= 0", rows: 1 }]);
  });

  test("is filled together with the others of its program that are built, and each tells its own rows", async () => {
    const { calls, programs } = tenfold("arrears.debt", "arrears.lease", "arrears.not_built");
    const { rows } = await build({ debt: COMPUTED, lease: COMPUTED }, programs);
    expect(calls).toEqual([["arrears.debt", "arrears.lease"]]);
    expect(rows).toEqual([
      ["arrears.debt", 2],
      ["arrears.lease", 2],
    ]);
  });

  test("is refused by name when it is filled together with one that is made of something else", async () => {
    const { programs } = tenfold("arrears.debt", "arrears.lease");
    const other = COMPUTED.replace("from: contract.owed", "from: contract.owed, load.file");
    await expect(build({ debt: COMPUTED, lease: other }, programs)).rejects.toThrow(
      "sql/arrears/lease.sql: is filled together with arrears.debt, and from: other tables",
    );
  });

  test("is refused by name when no program fills it", async () => {
    await expect(build({ lease: COMPUTED }, [])).rejects.toThrow(
      "sql/arrears/lease.sql: is computed, and no program fills it",
    );
  });

  test.each([
    ["says what its program reads", COMPUTED.replace("-- from: contract.owed\n", "")],
    ["and no other says it", LEASE.replace("-- grain", "-- from: contract.owed\n-- grain")],
  ])("%s", (_, text) => {
    expect(() => parseModel(text, "sql/arrears/lease.sql")).toThrow("a computed table, and no other, says");
  });

  test("has a program, and every program a table", async () => {
    const computed = (await readModels("sql")).filter(({ kind }) => kind === "computed");
    const programs = programsWith(() => Promise.reject(new Error("nothing is filled here")));
    expect(programs.flatMap(({ fills }) => fills).sort()).toEqual(computed.map(({ id }) => id).sort());
  });
});

describe("a built model", () => {
  async function build(text: string, rows: string) {
    const { connection } = await landlord(rows);
    const [model] = await orderModels(connection, [parseModel(text, "sql/arrears/lease.sql")]);
    if (model === undefined) throw new Error("one model is expected");
    await createSchemas(connection, ["arrears"]);
    const context = { connection, strategy: strategyOfCase(""), asOf: "2026-11-15" };
    const count = await buildModels(context, [model], []);
    await documentModels(connection, [model]);
    return { connection, count, failures: await verifyModel(connection, model) };
  }

  test("stores its descriptions in the database", async () => {
    const { connection, count, failures } = await build(LEASE, "('L1', 1), ('L2', 2)");
    expect([count, failures]).toEqual([2, []]);
    expect(
      await queryRows(
        connection,
        "select column_name as name, comment from duckdb_columns() where table_name = 'lease' order by column_index",
        z.object({ name: z.string(), comment: z.string() }),
      ),
    ).toEqual([
      { name: "lease_id", comment: "the lease" },
      { name: "euros", comment: "what it owes" },
    ]);
  });

  test.each([
    ["lacks one", LEASE.replace("lease_id, euros from", "lease_id from")],
    ["has one more", LEASE.replace("euros from", "euros, 1 as more from")],
    ["has them in another order", LEASE.replace("lease_id, euros from", "euros, lease_id from")],
  ])("whose columns are not those documented (%s) is refused", async (_, text) => {
    await expect(build(text, "('L1', 1)")).rejects.toThrow("columns documented and built differ");
  });

  test("a check that fails tells how many rows, and shows some", async () => {
    const { failures } = await build(LEASE, "('L1', -1), ('L2', 2), ('L3', -3)");
    expect(failures).toEqual([
      {
        model: "arrears.lease",
        check: "euros >= 0",
        rows: 2,
        sample: ['{"lease_id":"L1","euros":-1}', '{"lease_id":"L3","euros":-3}'],
      },
    ]);
  });

  test("two rows for one grain are a failed check", async () => {
    const { failures } = await build(LEASE, "('L1', 1), ('L1', 2)");
    expect(failures).toMatchObject([{ check: "one row per lease_id", rows: 1 }]);
  });
});
