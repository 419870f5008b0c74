import { afterEach, describe, expect, test } from "vitest";
import { type OpenDatabase, openDatabase } from "../../pipelines/warehouse/connection.ts";
import { ModelError, parseModel } from "../../pipelines/warehouse/model.ts";
import { orderModels } from "../../pipelines/warehouse/order.ts";
import { keepRestrictedTables } from "../../pipelines/warehouse/rights.ts";

let database: OpenDatabase | undefined;
afterEach(() => database?.close());

const RELEASE = "-- releases:\n--   contract.household_audit  counts by age band only\n";

/** A model of one column, with its header. */
function model(reads: string, column = "household_id", more = ""): string {
  return `-- One row per ${column}.\n-- grain: ${column}\n-- columns:\n--   ${column}  what it is\n${more}select ${column} from ${reads}\n`;
}

async function order(files: Readonly<Record<string, string>>) {
  database = await openDatabase(":memory:");
  return orderModels(
    database.connection,
    Object.entries(files).map(([file, text]) => parseModel(text, `sql/${file}.sql`)),
  );
}

const carried = async (files: Readonly<Record<string, string>>) =>
  Object.fromEntries((await order(files)).map(({ id, carries }) => [id, carries]));

describe("a table with rights of its own", () => {
  test("is read by the schema that may, and by what reads that in the same schema", async () => {
    expect(
      await carried({
        "prevention/letter": model("contract.household_contact"),
        "prevention/list": model("prevention.letter"),
        "prevention/other": model("contract.household"),
      }),
    ).toEqual({
      "prevention.letter": ["contract.household_contact"],
      "prevention.list": ["contract.household_contact"],
      "prevention.other": [],
    });
  });

  test.each([
    [
      "directly",
      { "managers/list": model("contract.household_contact") },
      "sql/managers/list.sql: reads contract.household_contact: only the schema prevention or social_teams may",
    ],
    [
      "by a table that carries it onward",
      {
        "prevention/letter": model("contract.household_contact"),
        "managers/list": model("prevention.letter"),
      },
      "sql/managers/list.sql: reads prevention.letter, which carries contract.household_contact: only the schema prevention or social_teams may",
    ],
    [
      "by a view on a view",
      {
        "prevention/letter": model("contract.household_contact", "household_id", "-- kind: view\n"),
        "prevention/list": model("prevention.letter", "household_id", "-- kind: view\n"),
        "kpi/reached": model("prevention.list"),
      },
      "sql/kpi/reached.sql: reads prevention.list, which carries contract.household_contact",
    ],
    [
      "in a subquery",
      {
        "kpi/share": model(
          "contract.household where id in (select household_id from contract.household_audit)",
          "id",
        ),
      },
      "sql/kpi/share.sql: reads contract.household_audit: only the schema audit may",
    ],
    [
      "by a schema that may read another",
      { "prevention/age": model("contract.household_audit") },
      "sql/prevention/age.sql: reads contract.household_audit: only the schema audit may",
    ],
  ])("is refused to every other schema: %s", async (_, files, message) => {
    await expect(order(files)).rejects.toThrow(ModelError);
    await expect(order(files)).rejects.toThrow(message);
  });
});

describe("totals of a table with rights of its own", () => {
  test("are for everyone once a model says so", async () => {
    const files = {
      "audit/fairness": model("contract.household_audit", "age_band", RELEASE),
      "directors/card": model("audit.fairness", "age_band"),
    };
    expect(await carried(files)).toEqual({ "audit.fairness": [], "directors.card": [] });
  });

  test.each([
    [
      "a row a household",
      { "audit/fairness": model("contract.household_audit", "household_id", RELEASE) },
      "has a column household_id: its rows tell households apart",
    ],
    [
      "a table of which nothing is released",
      {
        "prevention/count": model(
          "contract.household_contact",
          "civility",
          RELEASE.replace("household_audit", "household_contact"),
        ),
      },
      "releases contract.household_contact, of which nothing may be released",
    ],
    [
      "a table that it does not read",
      { "audit/fairness": model("contract.household", "size", RELEASE) },
      "releases contract.household_audit, which it does not carry",
    ],
    [
      "no reason",
      {
        "audit/fairness": model(
          "contract.household_audit",
          "age_band",
          RELEASE.replace("  counts by age band only", ""),
        ),
      },
      'release "contract.household_audit" is not "table  why no household is told apart"',
    ],
  ])("are not released with %s", async (_, files, message) => {
    await expect(order(files)).rejects.toThrow(message);
  });
});

test("the warehouse keeps which tables are not for everyone, for those who open it", async () => {
  const ordered = await order({
    "prevention/letter": model("contract.household_contact"),
    "kpi/size": model("contract.household", "size"),
  });
  const connection = database?.connection;
  await connection?.run("create schema load");
  if (connection !== undefined) await keepRestrictedTables(connection, ordered);
  const kept = await connection?.runAndReadAll("from load.restricted_table order by 1");
  expect(kept?.getRowsJson()).toEqual([
    ["contract.household_audit", "audit"],
    ["contract.household_contact", "prevention, social_teams"],
    ["prevention.letter", "prevention, social_teams"],
  ]);
});
