import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OpenDatabase, openDatabase } from "../../pipelines/warehouse/connection.ts";
import { type Leases, type ShownTable, showLeases } from "../../pipelines/warehouse/some-leases.ts";

let database: OpenDatabase;
beforeEach(async () => {
  database = await openDatabase(":memory:");
  await database.connection.run(`
    create schema ledger;
    create table ledger.receipt as
      select * from (values (1, 'L1'), (2, 'L2'), (3, 'L1'), (4, null), (5, 'L3')) as t (receipt, lease_id);
    create type ledger.kind as enum ('rent', 'fee')`);
});
afterEach(() => database.close());

const RECEIPT: ShownTable = { table: "ledger.receipt", column: "lease_id", query: undefined };

async function receipts(
  leases: Leases,
  {
    tables = [RECEIPT],
    copied = [],
    from = "ledger.receipt",
  }: { tables?: ShownTable[]; copied?: string[]; from?: string } = {},
) {
  const shown = await showLeases(database.connection, { tables, leases, copied });
  try {
    const found = await database.connection.runAndReadAll(`select receipt from ${from} order by receipt`);
    return found.getRowsJson().map(([receipt]) => receipt);
  } finally {
    await shown.close();
  }
}

describe("the rows shown are", () => {
  test.each([
    ["those of the leases of a query", "select 'L1' as lease_id", [1, 3]],
    ["those without a lease, where none is among them", "select unnest(['L2', null]) as lease_id", [2, 4]],
    ["none, where the query gives none", "select 'L1' as lease_id where false", []],
  ])("%s", async (_, query, expected) => {
    expect(await receipts({ query })).toEqual(expected);
    expect(await receipts({ query }, { copied: ["ledger.receipt"] })).toEqual(expected);
  });

  test("in one of all shares, each of them", async () => {
    const each = [];
    for (const share of [0, 1, 2]) each.push(...(await receipts({ share, of: 3 })));
    expect(each.sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test("all, of a table that is shown whole", async () => {
    const tables = [{ ...RECEIPT, column: undefined }];
    expect(await receipts({ query: "select 'L1' as lease_id" }, { tables })).toEqual([1, 2, 3, 4, 5]);
  });

  test("those that a view makes of what else is shown, by the names of types that the warehouse has", async () => {
    const query = "select receipt, lease_id, 'fee'::ledger.kind as kind from ledger.receipt";
    const tables = [RECEIPT, { table: "ledger.kind_of", column: undefined, query }];
    const leases = { query: "select 'L1' as lease_id" };
    expect(await receipts(leases, { tables, from: "ledger.kind_of" })).toEqual([1, 3]);
  });
});
