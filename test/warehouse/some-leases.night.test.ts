import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createSchemas } from "../../pipelines/warehouse/build.ts";
import {
  type OpenDatabase,
  openDatabase,
  queryRows,
  quoteText,
} from "../../pipelines/warehouse/connection.ts";
import type { OrderedModel } from "../../pipelines/warehouse/order.ts";
import { type Leases, showLeases, tablesShown } from "../../pipelines/warehouse/some-leases.ts";
import { simulatedNight } from "../shared-landlord.ts";
import { orderedModels } from "../sql/empty-landlord.ts";
import { SEED } from "../sql/random-ledger.ts";

const models = await orderedModels();
const perLease = models.filter(({ readings }) => readings !== undefined);

let database: OpenDatabase;
let connection: DuckDBConnection;

beforeAll(async () => {
  const file = join(await simulatedNight(), "current", "warehouse.duckdb");
  database = await openDatabase(":memory:", { readableFolders: [dirname(file)] });
  connection = database.connection;
  await connection.run(`attach ${quoteText(file)} as night (read_only); use night`);
}, 600_000);
afterAll(() => database.close());

/** Every lease that a row may be of, also of receipts that name none or one that does not exist. */
const ALL = `
  select id as lease_id from night.contract.lease
  union select lease_id from night.contract.unmatched_receipt
  union select lease_id from night.contract.control_balance
  union select null`;

/** One of `of` parts into which a text splits all leases. */
const part = (text: string, place: number, of: number): Leases => ({
  query: `select lease_id from (${ALL}) where hash(coalesce(lease_id, '') || ${quoteText(text)}) % ${of} = ${place}`,
});

/** How many rows one query has and the other has not, each way. */
async function differences(one: string, other: string): Promise<unknown> {
  const [row] = await queryRows(
    connection,
    `select (select count(*)::integer from (from ${one} except all from ${other})) as more,
      (select count(*)::integer from (from ${other} except all from ${one})) as fewer`,
    z.object({ more: z.number(), fewer: z.number() }),
  );
  return row;
}

const SAME = { more: 0, fewer: 0 };

describe("the rows of each part of the leases, found from what is shown of them alone, are together those of the night:", () => {
  const splits = fc.sample(fc.tuple(fc.string(), fc.integer({ min: 1, max: 5 })), {
    numRuns: perLease.length,
    seed: SEED,
  });

  test.each(
    perLease.map((model, n) => [model.id, splits[n]?.[1] ?? 1, splits[n]?.[0] ?? "", model] as const),
  )("%s, in %i parts", async (id, parts, text, model) => {
    await connection.run(`create or replace temp table together as from night.${id} limit 0`);
    for (let place = 0; place < parts; place += 1) await addPart(model, part(text, place, parts));
    expect(await differences("together", `night.${id}`)).toEqual(SAME);
  });

  async function addPart(model: OrderedModel, leases: Leases): Promise<void> {
    const shown = await showLeases(connection, { tables: tablesShown(models, [model.id]), leases });
    try {
      await connection.run(`insert into together ${model.query}`);
    } finally {
      await shown.close();
    }
  }
});

describe("all such models built one from the other, for some leases alone, have the night's rows of these leases:", () => {
  test.each([
    ["one of three equal shares", { share: 1, of: 3 }, [], "hash(lease_id) % 3 = 1"],
    [
      "a seventh, drawn, with entries copied",
      part("a seventh", 0, 7),
      ["contract.entry"],
      "lease_id in (select lease_id from some_leases.main.lease)",
    ],
  ] as const)("%s", async (_, leases, copied, isChosen) => {
    const tables = tablesShown(
      models,
      perLease.map(({ id }) => id),
    );
    const shown = await showLeases(connection, { tables, leases, copied });
    try {
      await createSchemas(
        connection,
        perLease.map(({ schema }) => schema),
      );
      for (const { id, kind, query } of perLease) await connection.run(`create ${kind} ${id} as ${query}`);
      for (const { id } of perLease)
        expect(await differences(`(from night.${id} where ${isChosen})`, `${shown.name}.${id}`), id).toEqual(
          SAME,
        );
    } finally {
      await shown.close();
    }
  });
});

describe("where some leases are shown", () => {
  test("a table that is not shown cannot be read by mistake", async () => {
    const tables = [{ table: "contract.lease", column: "id", query: undefined }];
    const shown = await showLeases(connection, { tables, leases: { share: 0, of: 2 } });
    try {
      await expect(connection.run("select * from contract.entry")).rejects.toThrow("entry does not exist");
    } finally {
      await shown.close();
    }
    await expect(connection.run("select * from contract.entry limit 1")).resolves.toBeDefined();
  });

  test("nothing is left where they cannot be", async () => {
    const tables = [{ table: "contract.nothing", column: undefined, query: undefined }];
    for (let attempt = 0; attempt < 2; attempt += 1)
      await expect(showLeases(connection, { tables, leases: { share: 0, of: 2 } })).rejects.toThrow(
        "nothing does not exist",
      );
    await expect(connection.run("select * from contract.entry limit 1")).resolves.toBeDefined();
  });
});
