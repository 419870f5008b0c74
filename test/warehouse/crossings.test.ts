import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT } from "../../pipelines/project.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { proveCrossings } from "../../pipelines/warehouse/crossings.ts";
import { parseModel, readModels } from "../../pipelines/warehouse/model.ts";
import { parseSelect } from "../../pipelines/warehouse/references.ts";

const database = await openDatabase(":memory:");

/** Proves a model of these crossings and this query. */
async function prove(crosses: readonly string[], query: string): Promise<void> {
  const header = ["-- A model.", "-- grain: id", "-- crosses:", ...crosses.map((one) => `--   ${one}`)];
  const model = parseModel(
    [...header, "-- columns:", "--   id  it", query].join("\n"),
    "sql/ledger/model.sql",
  );
  const { tree } = await parseSelect(database.connection, model.query);
  await proveCrossings(database.connection, model, tree);
}

const NIGHT = "with night as (select as_of from strategy.night)";
const BOOKED = "ledger.entry  booked_on";

describe("the as-of date bounds the dates that the header names, and does nothing else", () => {
  test.each([
    [
      "in a subquery",
      [BOOKED],
      `${NIGHT} select id from ledger.entry where booked_on <= (select as_of from night)`,
    ],
    [
      "as a column",
      [BOOKED],
      `${NIGHT} select entry.id from ledger.entry cross join night where entry.booked_on <= night.as_of`,
    ],
    [
      "an expression, and two tables",
      ["contract.lease_hold  coalesce(known_on, from_on)", "contract.plan  signed_on"],
      `${NIGHT}, hold as (select id from contract.lease_hold where coalesce(known_on, from_on) <= (select as_of from night)),
       plan as (select id from contract.plan where signed_on <= (select as_of from night))
       select id from hold union all select id from plan`,
    ],
  ])("%s", async (_case, crosses, query) => {
    await expect(prove(crosses, query)).resolves.toBeUndefined();
  });

  const beyond = /uses the as-of date beyond/;
  test.each([
    [
      "a column made of it",
      `${NIGHT} select id, night.as_of as told from ledger.entry cross join night`,
      beyond,
    ],
    [
      "a date that is not named",
      `${NIGHT} select id from ledger.entry where due_on <= (select as_of from night)`,
      beyond,
    ],
    [
      "a lower bound",
      `${NIGHT} select id from ledger.entry where booked_on > (select as_of from night)`,
      beyond,
    ],
    [
      "some days before it",
      `${NIGHT} select id from ledger.entry where booked_on <= (select as_of - 3 from night)`,
      beyond,
    ],
    [
      "an expression of the date",
      `${NIGHT} select id from ledger.entry where booked_on + 1 <= (select as_of from night)`,
      beyond,
    ],
    [
      "one use of two",
      `${NIGHT} select id from ledger.entry cross join night where booked_on <= night.as_of and due_on = night.as_of`,
      beyond,
    ],
    ["no use", "select id from ledger.entry", /crosses booked_on, which no as-of date bounds/],
  ])("refused: %s", async (_case, query, message) => {
    await expect(prove([BOOKED], query)).rejects.toThrow(message);
  });
});

test("models say which dates they cross where the house has such cuts", async () => {
  const models = await readModels(join(PROJECT, "sql"));
  const posting = models.find(({ id }) => id === "ledger.posting");
  expect(posting?.crosses).toEqual([{ table: "ledger.entry", on: "booked_on" }]);
});
