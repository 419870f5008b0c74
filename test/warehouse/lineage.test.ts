import { afterEach, describe, expect, test } from "vitest";
import { AGGREGATE_SCHEMAS, SCOPED_SCHEMAS } from "../../pipelines/publish/sites.ts";
import { buildModels } from "../../pipelines/warehouse/build.ts";
import type { OpenDatabase } from "../../pipelines/warehouse/connection.ts";
import { checkLineage } from "../../pipelines/warehouse/lineage.ts";
import { parseModel } from "../../pipelines/warehouse/model.ts";
import { orderModels } from "../../pipelines/warehouse/order.ts";
import { openEmptyLandlord, orderedModels } from "../sql/empty-landlord.ts";

const SCHEMAS = { aggregate: AGGREGATE_SCHEMAS, scoped: SCOPED_SCHEMAS };

let database: OpenDatabase | undefined;
afterEach(() => database?.close());

/** Builds models from their names, grains, columns and queries, and follows their columns. */
async function lineage(...queries: readonly (readonly [id: string, columns: string, query: string])[]) {
  const landlord = await openEmptyLandlord("", "2026-11-15");
  database = landlord;
  const models = queries.map(([id, columns, query]) => {
    const names = columns.split(", ");
    const header = [
      "-- What it is.",
      `-- grain: ${names[0]}`,
      "-- columns:",
      ...names.map((name) => `--   ${name}  what it is`),
    ];
    return parseModel(`${header.join("\n")}\n${query}\n`, `sql/${id.replace(".", "/")}.sql`);
  });
  const ordered = await orderModels(landlord.connection, models);
  await buildModels(landlord, ordered, landlord.programs);
  return checkLineage(landlord.connection, ordered, SCHEMAS);
}

const AMOUNTS = ["ledger.amount", "lease_id, amount", "select lease_id, amount from contract.entry"] as const;

describe("a model of a site that tells of no household", () => {
  test.each([
    ["counts", "select kind, count(distinct lease_id) as n from contract.entry group by kind"],
    ["sums and means", "select kind, sum(amount) as n from contract.entry group by kind"],
    [
      "shares",
      "select 'all' as kind, avg((lease_id in (select id from contract.lease))::integer) as n from contract.entry",
    ],
    [
      "ranks within households, once they are grouped",
      "select kind, max(place) as n from (select kind, row_number() over (partition by lease_id order by id) as place from contract.entry) group by kind",
    ],
    [
      "what a condition about one household selects",
      "select e.kind, count(*) as n from contract.entry as e where exists (select 1 from contract.lease as l where l.id = e.lease_id) group by e.kind",
    ],
    [
      "lists folded with a lambda",
      "select kind, list_reduce(list(amount order by lease_id), lambda a, b: a + b) as n from contract.entry group by kind",
    ],
  ])("may tell %s", async (_, query) => {
    await expect(lineage(["managers.figure", "kind, n", query])).resolves.toBeDefined();
  });

  test.each([
    ["itself", "select lease_id as kind, 1 as n from contract.entry group by lease_id"],
    ["as the greatest of many", "select kind, max(lease_id) as n from contract.entry group by kind"],
    ["in a list of all", "select kind, string_agg(lease_id, ', ') as n from contract.entry group by kind"],
    ["hidden in a hash", "select kind, min(md5(lease_id)) as n from contract.entry group by kind"],
    [
      "beside another",
      "select kind, first(coalesce(null, kind || lease_id)) as n from contract.entry group by kind",
    ],
    [
      "in one case of two",
      "select kind, max(case when amount > 0 then lease_id else '' end) as n from contract.entry group by kind",
    ],
    [
      "of the row before",
      "select kind, max(before) as n from (select kind, lag(lease_id) over (order by id) as before from contract.entry) group by kind",
    ],
    [
      "of one side of a union",
      "select kind, max(l) as n from (select kind, 'x' as l from contract.entry union all select kind, lease_id from contract.entry) group by kind",
    ],
    [
      "looked up for each row",
      "select kind, (select max(l.id) from contract.lease as l where l.household_id = kind) as n from contract.entry group by kind",
    ],
    [
      "carried by a recursion",
      "with recursive r as (select kind, '' as l, 0 as i from contract.entry union all select e.kind, e.lease_id, i + 1 from r join contract.entry as e on r.kind = e.kind where i < 2) select kind, max(l) as n from r group by kind",
    ],
    ["as free text", "select kind, max(reversal_of) as n from contract.entry group by kind"],
    [
      "in what a delivery was refused for",
      "select reason as kind, max(value) as n from load.rejected_row group by reason",
    ],
  ])("may not carry an identifier %s", async (_, query) => {
    await expect(lineage(["managers.figure", "kind, n", query])).rejects.toThrow(
      /^sql\/managers\/figure\.sql: its column (?:kind|n) may carry (?:contract|load)\..+: managers tells of no household$/,
    );
  });

  test("may not carry one that came through other tables and views", async () => {
    const view = [
      "kpi.largest",
      "amount, who",
      "select amount, max(lease_id) as who from ledger.amount group by amount",
    ] as const;
    await expect(
      lineage(AMOUNTS, view, ["directors.figure", "amount, who", "select amount, who from kpi.largest"]),
    ).rejects.toThrow("sql/directors/figure.sql: its column who may carry contract.entry.lease_id");
  });

  test("may not have a row for each household, even without its name", async () => {
    await expect(
      lineage(AMOUNTS, ["managers.figure", "amount", "select amount from ledger.amount"]),
    ).rejects.toThrow("sql/managers/figure.sql: its rows are not grouped: managers tells of no household");
  });
});

describe("a table of a site that tells of households", () => {
  test("says of each row for which scope it is", async () => {
    await expect(
      lineage(AMOUNTS, ["social_teams.figure", "amount", "select amount from ledger.amount"]),
    ).rejects.toThrow(
      "sql/social_teams/figure.sql: tells of households and its grain has no scope_id: every scope's site would hold them all",
    );
    await expect(
      lineage(
        ["ledger.own", "scope_id, lease_id", "select payer as scope_id, lease_id from contract.entry"],
        ["social_teams.figure", "scope_id, lease_id", "select scope_id, lease_id from ledger.own"],
      ),
    ).resolves.toBeDefined();
  });

  test("or tells totals of all of them", async () => {
    await expect(
      lineage([
        "social_teams.figure",
        "kind, n",
        "select kind, count(*) as n from contract.entry group by kind",
      ]),
    ).resolves.toBeDefined();
  });
});

test("no column and no row of the sites' schemas comes from one household", async () => {
  const landlord = await openEmptyLandlord("", "2026-11-15");
  database = landlord;
  const ordered = await orderedModels();
  const emptyPrograms = ordered.map(({ id }) => ({ fills: [id], program: async () => undefined }));
  await buildModels(landlord, ordered, emptyPrograms);
  const known = await checkLineage(landlord.connection, ordered, SCHEMAS);
  // The proof follows something: leases are told apart where they should be.
  expect(known.get("arrears.lease_month")?.perHousehold).toBe(true);
  expect([...(known.get("arrears.lease_month")?.carries.get("lease_id") ?? [])]).toContain(
    "contract.lease.id",
  );
  expect(ordered.filter(({ schema }) => schema === "managers").length).toBeGreaterThan(10);
});
