import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { simulate } from "../../data-samples/simulator/simulate.ts";
import { buildModels, verifyModel } from "../../pipelines/warehouse/build.ts";
import { queryRows } from "../../pipelines/warehouse/connection.ts";
import { splitByNeed } from "../../pipelines/warehouse/order.ts";
import { type EmptyLandlord, openEmptyLandlord, orderedModels } from "./empty-landlord.ts";
import { loadParquet } from "./load-parquet.ts";

const estimate = z.object({
  comparison_id: z.string(),
  outcome: z.string(),
  treated: z.number().nullable(),
  difference: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  estimable: z.boolean(),
  statement_fr: z.string(),
  caveat_fr: z.string(),
});

/** All that matching knows of a household at risk. */
const KNOWN = "* exclude (later, sampled_share)";

describe("a small simulated landlord", () => {
  let scratch = "";
  let landlord = "";
  let asOf = "";
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "vigie-effects-"));
    landlord = join(scratch, "landlord");
    ({ asOf } = await simulate({ dwellings: 450, months: 40, seed: 6, format: "parquet", out: landlord }));
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
  });

  /** Its warehouse up to the models asked for, `change` made to its tables before. */
  async function build(
    wanted: readonly string[],
    strategy = "",
    change = "select 1",
  ): Promise<EmptyLandlord> {
    const database = await openEmptyLandlord(strategy, asOf, { readableFolders: [landlord] });
    await loadParquet(database.connection, landlord);
    await database.connection.run(change);
    const { needed } = splitByNeed(await orderedModels(), wanted);
    await buildModels(database, needed, database.programs);
    for (const model of needed)
      if (model.schema === "effect") expect(await verifyModel(database.connection, model)).toEqual([]);
    return database;
  }

  test("every comparison is told or says why not; letters that all get on a date have no control group", async () => {
    const { connection, close } = await build(
      ["effect.estimate", "effect.overlap", "effect.balance"],
      "disclosure: { minimum: 2 }",
    );
    const rows = await queryRows(
      connection,
      "select comparison_id, outcome, treated, difference, low, high, estimable, statement_fr, caveat_fr from effect.estimate",
      estimate,
    );
    expect(rows.length).toBe(14 * 3);
    const letter = rows.find((row) => row.comparison_id === "letter_1");
    expect(letter?.treated).toBeGreaterThan(100);
    expect(letter?.statement_fr).toMatch(/^Non estimable sans groupe témoin/);
    expect(letter?.difference).toBeNull();
    const told = rows.filter((row) => row.estimable);
    expect(told.map((row) => row.comparison_id)).toContain("interview");
    expect(told.map((row) => row.comparison_id)).toContain("call");
    for (const row of told) {
      expect(row.statement_fr).toMatch(/^Après .* : .* %\. Écart : [+−]\d+,\d points/);
      expect(row.caveat_fr).toContain("motivation");
    }
    const [matching] = await queryRows(
      connection,
      `select
        count(*) filter (where treated and weight > 0)::integer as matched,
        sum(weight) filter (where not treated) as controls,
        (select max(abs(difference_after)) from effect.balance where comparison_id = 'call' and covariate = 'terms') as terms
      from effect.matched
      where comparison_id = 'call'`,
      z.object({ matched: z.number(), controls: z.number(), terms: z.number() }),
    );
    expect(matching?.controls).toBeCloseTo(matching?.matched ?? 0, 6);
    expect(matching?.terms).toBeLessThan(0.2);
    close();
  });

  test("on the first of a month the evening before is the last closing", async () => {
    const { connection, close } = await build(
      ["effect.at_risk"],
      "",
      "update contract.action set action_on = date_trunc('month', action_on), recorded_on = null",
    );
    const [compared] = await queryRows(
      connection,
      `select
        count(*)::integer as rows,
        count(*) filter (
            where at_risk.terms_owed <> lease_month.terms_owed or at_risk.due_balance <> lease_month.due_balance
        )::integer as unlike
      from effect.at_risk
      inner join arrears.lease_month
          on at_risk.lease_id = lease_month.lease_id and at_risk.closing_on = lease_month.closing_on`,
      z.object({ rows: z.number(), unlike: z.number() }),
    );
    expect(compared?.rows).toBeGreaterThan(1_000);
    expect(compared?.unlike).toBe(0);
    close();
  });

  test("who is looked at, on which day, and what is known of them, is the same when nothing happens afterwards", async () => {
    const whole = await build(["effect.covariate"]);
    const cut = await build(
      ["effect.covariate"],
      "",
      `delete from contract.rejection
      where entry_id in (select id from contract.entry where greatest(booked_on, due_on, value_on) >= date '2025-03-01');
      delete from contract.entry where least(booked_on, due_on, value_on) >= date '2025-03-01';
      delete from contract.action where action_on >= date '2025-03-01';
      delete from contract.plan where signed_on >= date '2025-03-01';
      update contract.plan set ended_on = null, outcome = null where ended_on >= date '2025-03-01';
      delete from contract.lease_hold where coalesce(known_on, from_on) >= date '2025-03-01';
      delete from contract.household_situation where known_on >= date '2025-03-01';
      delete from contract.lease_terms where known_on >= date '2025-03-01';`,
    );
    const tell = async ({ connection }: EmptyLandlord) =>
      queryRows(
        connection,
        `select to_json(row)::varchar as row
        from (select ${KNOWN} from effect.covariate where month < date '2025-02-01') as row
        order by 1`,
        z.object({ row: z.string() }),
      );
    const before = new Set((await tell(whole)).map(({ row }) => row));
    const after = (await tell(cut)).map(({ row }) => row);
    expect(after.length).toBeGreaterThan(1_000);
    expect(after.filter((row) => !before.has(row))).toEqual([]);
    whole.close();
    cut.close();
  });

  test("a hold-back draws the same leases every night, near its share, and is told as drawn", async () => {
    const strategy =
      'effects: { hold_back: { enabled: true, share: 0.3, actions: [interview], approved_by: "C. Martin", approved_on: "2024-01-10" } }';
    const { connection, close } = await build(["effect.estimate"], strategy);
    const [drawn] = await queryRows(
      connection,
      `select
        avg(held_back::integer) filter (where not exempt) as share,
        count(*) filter (where held_back and exempt)::integer as exempt_held_back,
        min(period)::varchar as first,
        max(period)::varchar as last
      from effect.hold_back`,
      z.object({ share: z.number(), exempt_held_back: z.number(), first: z.string(), last: z.string() }),
    );
    expect(drawn).toMatchObject({ exempt_held_back: 0, first: "2024-02-01", last: "2026-12-01" });
    expect(drawn?.share).toBeGreaterThan(0.27);
    expect(drawn?.share).toBeLessThan(0.33);
    const told = await queryRows(
      connection,
      `select comparison_id, outcome, treated, difference, low, high, estimable, statement_fr, caveat_fr
      from effect.estimate where comparison_id = 'hold_back' and outcome = 'cured_60_days'`,
      estimate,
    );
    expect(told).toHaveLength(1);
    expect(told[0]?.estimable).toBe(true);
    expect(told[0]?.low).toBeLessThan(0);
    expect(told[0]?.high).toBeGreaterThan(0);
    expect(told[0]?.caveat_fr).toMatch(/^Tirage au sort approuvé par C\. Martin le 10\/01\/2024\./);
    close();
  });
});
