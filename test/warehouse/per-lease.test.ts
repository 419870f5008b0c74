import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type OpenDatabase, openDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { parseModel, readModels } from "../../pipelines/warehouse/model.ts";
import { orderModels } from "../../pipelines/warehouse/order.ts";
import { foldingFunctions, provePerLease, type Reading } from "../../pipelines/warehouse/per-lease.ts";
import { parseSelect } from "../../pipelines/warehouse/references.ts";
import { showLeases } from "../../pipelines/warehouse/some-leases.ts";
import { SEED } from "../sql/random-ledger.ts";
import { leases, query, rows, TABLES } from "./random-queries.ts";

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase(":memory:");
});
afterAll(() => database.close());

/** How a model with this query, whose header says `per: lease_id`, is proven to read its tables. */
async function readings(select: string, kind = "table"): Promise<readonly Reading[] | undefined> {
  const from = kind === "computed" ? "-- from: contract.entry\n" : "";
  const text = `-- What it is.\n-- kind: ${kind}\n${from}-- grain: lease_id\n-- per: lease_id\n-- columns:\n--   lease_id  the lease\n${select}\n`;
  const [model] = await orderModels(database.connection, [parseModel(text, "sql/ledger/figure.sql")]);
  return model?.readings;
}

const ENTRY = "with entry as (select id, lease_id, booked_on, amount from contract.entry)";
const BOTH = `${ENTRY}, action as (select lease_id, action_on, kind from contract.action), setting as (select grace_days from strategy.setting)`;

describe("a model is found lease by lease where it", () => {
  test.each([
    ["chooses rows", `${ENTRY} select lease_id from entry where amount > 0`],
    ["names the lease as its own table does", "select id as lease_id from contract.lease"],
    ["groups by the lease", `${ENTRY} select lease_id, sum(amount) from entry group by lease_id`],
    [
      "groups by the lease, named by its place",
      `${ENTRY} select lease_id, id, sum(amount) from entry group by 1, 2`,
    ],
    ["groups by all that is selected", `${ENTRY} select lease_id, sum(amount) from entry group by all`],
    [
      "counts in windows of a lease",
      `${ENTRY} select lease_id, sum(amount) over so_far from entry window so_far as (partition by lease_id order by id)`,
    ],
    ["makes rows with the lease distinct", `${ENTRY} select distinct lease_id from entry`],
    [
      "keeps one row of each lease",
      `${ENTRY} select distinct on (lease_id) lease_id, id from entry order by lease_id, id`,
    ],
    [
      "joins on the lease",
      `${BOTH} select entry.lease_id from entry inner join action on entry.lease_id = action.lease_id`,
    ],
    [
      "adds to each row what the lease has",
      `${BOTH} select entry.lease_id, action.kind from entry left join action on action.lease_id = entry.lease_id and action.action_on > entry.booked_on`,
    ],
    [
      "takes the last row of the lease before",
      `${BOTH} select entry.lease_id from entry asof join action on entry.lease_id = action.lease_id and entry.booked_on >= action.action_on`,
    ],
    [
      "takes the lease from whichever side has it",
      `${BOTH} select coalesce(action.lease_id, entry.lease_id) as lease_id from entry full join action on entry.lease_id = action.lease_id`,
    ],
    [
      "keeps leases without something",
      `${BOTH} select lease_id from entry anti join action on entry.lease_id = action.lease_id`,
    ],
    [
      "keeps leases that are among others",
      `${BOTH} select lease_id from entry where amount > 0 and lease_id in (select lease_id from action)`,
    ],
    [
      "puts rows of leases together",
      `${BOTH} select lease_id, id from entry union select lease_id, kind::varchar from action`,
    ],
    [
      "reads settings",
      `${BOTH} select lease_id from entry cross join setting where amount > grace_days and amount > (select max(grace_days) from setting)`,
    ],
    [
      "selects all columns but some",
      `${ENTRY}, rest as (select * exclude (id) from entry) select * from rest`,
    ],
    ["makes several rows of one", `${ENTRY} select lease_id, unnest(range(3)) as n from entry`],
  ])("%s", async (_, select) => {
    await expect(readings(select)).resolves.toBeDefined();
  });
});

describe("a model is not taken to be found lease by lease where", () => {
  test.each([
    ["it has no lease", "select id from contract.entry", "its last select gives no lease as lease_id"],
    [
      "it calls something else the lease",
      `${ENTRY} select id as lease_id from entry`,
      "its last select gives no lease as lease_id",
    ],
    [
      "it has no table with leases",
      "select 'L1' as lease_id from strategy.setting",
      "its last select gives no lease as lease_id",
    ],
    [
      "it sums over all",
      `${ENTRY}, total as (select sum(amount) as total from entry) select lease_id from entry cross join total`,
      "its step « total » gathers the rows of all leases into one",
    ],
    [
      "it sums over all by a macro",
      `${ENTRY}, mean as (select geometric_mean(amount) as mean from entry) select lease_id from entry cross join mean`,
      "its step « mean » gathers the rows of all leases into one",
    ],
    [
      "it groups by something else",
      `${ENTRY} select max(lease_id) as lease_id from entry group by booked_on`,
      "the last select groups rows without the lease among the columns that it groups by",
    ],
    [
      "some of its groups are of all leases",
      `${ENTRY} select lease_id from entry group by rollup (lease_id)`,
      "the last select groups rows without the lease",
    ],
    [
      "it ranks all",
      `${ENTRY} select lease_id, row_number() over (order by amount) as place from entry`,
      "the last select has a window that is not partitioned by the lease",
    ],
    [
      "it chooses by a rank of all",
      `${ENTRY} select lease_id from entry qualify row_number() over (partition by booked_on order by id) = 1`,
      "the last select has a window that is not partitioned by the lease",
    ],
    [
      "it takes the first rows",
      `${ENTRY} select lease_id from entry order by amount limit 10`,
      "the last select takes a number of rows from those of all leases",
    ],
    ["it draws a sample", "select lease_id from contract.entry using sample 10 rows", "draws a sample"],
    [
      "it makes rows without the lease distinct",
      `${ENTRY}, day as (select distinct booked_on from entry) select lease_id from entry semi join day on entry.booked_on = day.booked_on`,
      "its step « day » drops the lease from rows that it makes distinct",
    ],
    [
      "it keeps one row of several leases'",
      `${ENTRY} select distinct on (booked_on) lease_id from entry`,
      "the last select keeps one of several rows that may be those of several leases",
    ],
    [
      "it joins rows of leases on something else",
      `${BOTH} select entry.lease_id from entry inner join action on entry.booked_on = action.action_on`,
      "the last select joins « entry » and « action » not on the lease",
    ],
    [
      "it joins them on the lease or something else",
      `${BOTH} select entry.lease_id from entry inner join action on entry.lease_id = action.lease_id or entry.id = 'E1'`,
      "the last select joins « entry » and « action » not on the lease",
    ],
    [
      "it takes the lease from the side that may have none",
      `${BOTH} select action.lease_id from entry left join action on entry.lease_id = action.lease_id`,
      "its last select gives no lease as lease_id",
    ],
    [
      "it keeps rows that no lease has",
      `${BOTH} select lease_id from setting left join entry on entry.amount > setting.grace_days`,
      "the last select makes rows of « setting » depend on all leases",
    ],
    [
      "it chooses settings by leases",
      `${BOTH}, used as (select * from setting semi join entry on setting.grace_days = entry.amount) select lease_id from entry cross join used`,
      "its step « used » makes rows of « setting » depend on all leases",
    ],
    [
      "it looks a value up in all",
      `${ENTRY} select lease_id from entry where amount = (select max(amount) from entry)`,
      "the last select gathers the rows of all leases into one",
    ],
    [
      "it lists all as a table",
      `${ENTRY} select lease_id, other from entry cross join unnest((select list(id) from entry)) as u (other)`,
      "the last select gathers the rows of all leases into one",
    ],
    [
      "it asks whether any lease has something",
      `${BOTH} select lease_id from entry where exists (select lease_id from action)`,
      "the last select looks up a value in the rows of all leases",
    ],
    [
      "it leaves out leases that are among others",
      `${BOTH} select lease_id from entry where lease_id not in (select lease_id from action)`,
      "the last select looks up a value in the rows of all leases",
    ],
    [
      "it puts rows of no lease beside",
      `${BOTH} select lease_id from entry union all select 'L1' from setting`,
      "the last select puts rows of leases and rows of none together",
    ],
    [
      "the lease stands in different columns",
      `${ENTRY} select lease_id, id from entry union all select id, lease_id from entry`,
      "the last select puts rows together, and the lease does not stand in the same column of all of them",
    ],
    [
      "it goes round over rows of leases",
      "with recursive r as (select lease_id, 1 as n from contract.entry union all select lease_id, n + 1 from r where n < 3) select lease_id from r",
      "its step « r » goes round over rows of leases",
    ],
    [
      "it joins by place",
      `${BOTH} select entry.lease_id from entry positional join setting`,
      "joins in a way that nothing is proven of",
    ],
    [
      "it turns rows into columns",
      "select * from contract.entry pivot (sum(amount) for kind in ('rent') group by lease_id)",
      "of a kind that nothing is proven of",
    ],
  ])("%s", async (_, select, why) => {
    await expect(readings(select)).rejects.toThrow(`sql/ledger/figure.sql: says per: lease_id, and `);
    await expect(readings(select)).rejects.toThrow(why);
  });

  test("a program fills it", async () => {
    await expect(readings("select null::varchar as lease_id where false", "computed")).rejects.toThrow(
      "says per: lease_id, and a program fills it: nothing proves that",
    );
  });
});

describe("the proof tells how each table is read:", () => {
  const PLAN =
    "with plan as (select id, lease_id from contract.plan), part as (select plan_id, amount from contract.plan_instalment)";
  const LEASE =
    "with lease as (select id, household_id from contract.lease), situation as (select household_id, size from contract.household_situation)";

  test.each([
    [
      "the rows of a lease, and settings whole",
      `${BOTH} select lease_id from entry cross join setting semi join action on entry.lease_id = action.lease_id`,
      [
        ["contract.action", "lease_id", "lease_id", undefined],
        ["contract.entry", "lease_id", "lease_id", undefined],
        ["strategy.setting", "whole", undefined, undefined],
      ],
    ],
    [
      "the parts of a lease's plans by the plan",
      `${PLAN}, total as (select plan_id, sum(amount) as total from part group by plan_id) select plan.lease_id, total from plan left join total on plan.id = total.plan_id`,
      [
        ["contract.plan", "lease_id", "lease_id", undefined],
        ["contract.plan_instalment", "plan_id", "plan_id", "contract.plan.id"],
      ],
    ],
    [
      "all parts of plans, where they are ranked among all",
      `${PLAN}, ranked as (select plan_id, rank() over (order by amount) as place from part) select plan.lease_id, place from plan left join ranked on plan.id = ranked.plan_id`,
      [
        ["contract.plan", "lease_id", "lease_id", undefined],
        ["contract.plan_instalment", "whole", undefined, undefined],
      ],
    ],
    [
      "a lease's household by the household",
      `${LEASE}, known as (select household_id, arg_max(size, size) over (partition by household_id) as size from situation) select lease.id as lease_id, known.size from lease inner join known on known.household_id = lease.household_id`,
      [
        ["contract.household_situation", "household_id", "household_id", "contract.lease.household_id"],
        ["contract.lease", "lease_id", "id", undefined],
      ],
    ],
    [
      "all households, where the lease has only to be larger",
      `${LEASE} select lease.id as lease_id from lease inner join situation on situation.household_id < lease.household_id`,
      [
        ["contract.household_situation", "whole", undefined, undefined],
        ["contract.lease", "lease_id", "id", undefined],
      ],
    ],
    [
      "an entry's letterings by either entry",
      "with entry as (select id, lease_id from contract.entry), allocation as (select payment_entry, debit_entry from contract.allocation) select entry.lease_id from entry inner join allocation on entry.id = allocation.payment_entry union all select entry.lease_id from entry inner join allocation on entry.id = allocation.debit_entry",
      [
        ["contract.allocation", "entry_id", "payment_entry", "contract.entry.id"],
        ["contract.allocation", "entry_id", "debit_entry", "contract.entry.id"],
        ["contract.entry", "lease_id", "lease_id", undefined],
      ],
    ],
  ] as const)("%s", async (_, select, expected) => {
    const found = await readings(select);
    expect(found?.map(({ table, by, column, through }) => [table, by, column, through])).toEqual(expected);
  });
});

test("each model of sql/ that can be proven to be found lease by lease says so, and no other", async () => {
  const models = await readModels("sql");
  const withLease = models.filter(({ columns }) => columns.some(({ name }) => name === "lease_id"));
  const provable: string[] = [];
  for (const model of withLease) {
    const others = models.map((other) => ({
      ...other,
      per: other === model ? ("lease_id" as const) : undefined,
    }));
    await orderModels(database.connection, others).then(
      () => provable.push(model.id),
      () => undefined,
    );
  }
  expect(models.filter(({ per }) => per !== undefined).map(({ id }) => id)).toEqual(provable);
});

describe("of random queries over random rows", () => {
  let landlord: OpenDatabase;
  afterEach(() => landlord.close());

  test("what is proven is so, for leases chosen at random, rows without a lease among them", {
    timeout: 120_000,
  }, async () => {
    landlord = await openDatabase(":memory:");
    const { connection } = landlord;
    await connection.run("create schema ledger; create schema kpi");
    const folding = await foldingFunctions(connection);
    const outcomes = { proven: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(query, rows, leases, async (select, given, some) => {
        const found = await proofOf(select, folding);
        outcomes[found === undefined ? "refused" : "proven"] += 1;
        if (found === undefined) return;
        for (const [table, columns] of TABLES) {
          const values = (given[table] ?? []).map(
            (row) => `(${row.map((cell) => `${cell}::integer`).join(", ")})`,
          );
          await connection.run(
            `create or replace table ${table} as select * from (values ${values.join(", ")}) as t (${columns.join(", ")})`,
          );
        }
        const chosen = `select unnest([${some.map((lease) => `${lease}::integer`).join(", ")}]) as lease_id`;
        const whole = await rowsOf(
          select,
          `semi join (${chosen}) as chosen on query.lease_id is not distinct from chosen.lease_id`,
        );
        const tables = [...TABLES.keys()].map((table) => shown(table, found));
        const alone = await showLeases(connection, { tables, leases: { query: chosen } });
        const shownAlone = await rowsOf(select, "").finally(alone.close);
        expect(shownAlone).toEqual(whole);
      }),
      { numRuns: 1000, seed: SEED },
    );
    expect(outcomes.proven).toBeGreaterThan(200);
    expect(outcomes.refused).toBeGreaterThan(200);
  });

  async function proofOf(
    select: string,
    folding: ReadonlySet<string>,
  ): Promise<readonly Reading[] | undefined> {
    const { tree, references } = await parseSelect(landlord.connection, select);
    const header =
      "-- What it is.\n-- grain: lease_id\n-- per: lease_id\n-- columns:\n--   lease_id  the lease\n";
    const model = {
      ...parseModel(`${header}${select}\n`, "sql/ledger/random.sql"),
      reads: references.tables,
    };
    try {
      return provePerLease(model, tree, TABLES, folding);
    } catch {
      return undefined;
    }
  }

  /** A table as it is shown: its rows of the leases; of one looked up by a key, only the rows that theirs name. */
  function shown(table: string, found: readonly Reading[]) {
    const own = found.filter((reading) => reading.table === table);
    const named = own.flatMap(({ column, through }) => {
      const [schema, name, key] = through?.split(".") ?? [];
      return key === undefined
        ? []
        : [`select 1 from ${schema}.${name} as t where t.${key} is not distinct from w.${column}`];
    });
    const query =
      named.length === 0
        ? undefined
        : `select * from memory.${table} as w where ${named.map((one) => `exists (${one})`).join(" or ")}`;
    return { table, column: own[0]?.by === "lease_id" ? "lease_id" : undefined, query };
  }

  async function rowsOf(select: string, only: string): Promise<string[]> {
    const found = await queryRows(
      landlord.connection,
      `select to_json(query)::varchar as row from (${select}) as query ${only} order by 1`,
      z.object({ row: z.string() }),
    );
    return found.map(({ row }) => row);
  }
});
