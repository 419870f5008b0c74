import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { queryRows } from "../../pipelines/warehouse/connection.ts";
import { addDays } from "./account-reference.ts";
import { buildWarehouse } from "./build-warehouse.ts";
import type { EmptyLandlord } from "./empty-landlord.ts";
import type { Rows } from "./insert-rows.ts";
import { entriesOf, rowsOf, SEED, story } from "./random-ledger.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const LATER_NIGHT = "2024-10-20";
const DATES = ["2024-03-20", "2024-06-20"];
const STRATEGY = "arrears: { history_least_share: 0 }\nrisk: { least_history_months: 1 }";

const day = fc.integer({ min: 0, max: 600 }).map((n) => addDays("2023-01-01", n));
const people = fc.integer({ min: 1, max: 6 }).map(String);

/** What a landlord says of a household besides its ledger, from a day on and known on a day. */
const told = fc.record({
  valid_from: day,
  known_on: day,
  size: people,
  adults: fc.constantFrom("1", "2"),
  children: fc.constantFrom("0", "1", "3"),
  reference_income: fc.integer({ min: 5_000, max: 40_000 }).map(String),
  flag: fc.boolean().map(String),
});
const signed = fc.record({
  signed_on: day,
  later: fc.integer({ min: 0, max: 60 }),
  ended_on: fc.option(day),
});

/** `other` is what stands, in a world that knows less, in the place of what is known only later. */
const household = fc.record({ told: fc.array(told, { maxLength: 3 }), other: told, plan: signed });
type Household = typeof household extends fc.Arbitrary<infer Value> ? Value : never;

/** Everything about the households, as far as it is known on a date: what becomes known later is something else, or not there. */
function knownOn(date: string, rows: Rows, households: readonly Household[]): Rows {
  const dated = households.flatMap(({ told, other }, n) => {
    const seen = new Set<string>();
    return told.flatMap((given) => {
      const key = `${given.valid_from} ${given.known_on}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [
        {
          n,
          ...(given.known_on > date
            ? { ...other, valid_from: given.valid_from, known_on: given.known_on }
            : given),
        },
      ];
    });
  });
  const entries = (rows.entry ?? []).filter(({ booked_on }) => (booked_on ?? "") <= date);
  return {
    ...rows,
    entry: entries,
    rejection: entries
      .filter(({ kind }) => kind === "payment_rejected")
      .map(({ id = null, amount }) => ({
        entry_id: id,
        reason: ["AM04", "MS03", "AC04"][Number(amount) % 3] ?? "AM04",
      })),
    household_situation: dated.map(({ n, flag: _, ...situation }) => ({
      household_id: `H${n}`,
      ...situation,
    })),
    lease_terms: dated.map(({ n, valid_from, known_on, flag, adults }) => ({
      lease_id: `L${n}`,
      valid_from,
      known_on,
      direct_debit: flag,
      benefit_to_landlord: String(adults === "1"),
    })),
    plan: households.flatMap(({ plan }, n) => {
      const known = addDays(plan.signed_on, plan.later);
      if (known > date) return [];
      const ended = plan.ended_on !== null && plan.ended_on >= plan.signed_on && plan.ended_on <= date;
      return [
        {
          id: `P${n}`,
          lease_id: `L${n}`,
          signed_on: plan.signed_on,
          known_on: known,
          phase: "prevention",
          debt: "900",
          framework: "landlord",
          ended_on: ended ? plan.ended_on : null,
          outcome: ended ? "broken" : null,
        },
      ];
    }),
  };
}

async function onDate({ connection }: EmptyLandlord, date: string): Promise<string[]> {
  const rows = await queryRows(
    connection,
    `select to_json(told)::varchar as told
     from (
       select cohort.question, cohort.stratum, cohort.terms_owed as owed, feature.*
       from risk.cohort
       inner join risk.feature on cohort.as_of = feature.as_of and cohort.lease_id = feature.lease_id
       where cohort.as_of = date '${date}'
       order by cohort.lease_id
     ) as told`,
    z.object({ told: z.string() }),
  );
  return rows.map((row) => row.told);
}

describe("two hundred random households", () => {
  const landlord = fc.sample(fc.tuple(story, household), { numRuns: 200, seed: SEED });
  const stories = landlord.map(([lived]) => lived);
  const households = landlord.map(([, around]) => around);
  const rows = described(rowsOf(stories, entriesOf(stories)));
  const night = (date: string) =>
    buildWarehouse(knownOn(date, rows, households), date, STRATEGY, ["risk.feature", "risk.cohort"]);
  let later: EmptyLandlord;
  beforeAll(async () => {
    later = await night(LATER_NIGHT);
  });
  afterAll(() => later.close());

  test.each(DATES)(
    "a later night makes of %s what a night on that date, which knew no more, makes of it",
    async (date) => {
      const made = await onDate(later, date);
      const then = await night(date);
      const madeThen = await onDate(then, date);
      then.close();
      expect(made.length).toBeGreaterThan(50);
      expect(made).toEqual(madeThen);
    },
  );

  test("what was booked later did change what many of them owed", async () => {
    const [changed] = await queryRows(
      later.connection,
      `select count(*)::integer as households
      from risk.known_month
      inner join arrears.lease_month
        on known_month.lease_id = lease_month.lease_id and known_month.month = lease_month.month
      where abs(known_month.terms_owed - lease_month.terms_owed) > 0.1`,
      z.object({ households: z.number() }),
    );
    expect(changed?.households).toBeGreaterThan(50);
  });
});

test("tonight a household owes a whole term where arrears say so, but for the rarest accounts", async () => {
  const stories = fc.sample(story, { numRuns: 600, seed: SEED + 1 });
  const rows = rowsOf(stories, entriesOf(stories));
  const landlord = await buildWarehouse(rows, LATER_NIGHT, STRATEGY, [
    "risk.known_day",
    "arrears.lease_month",
  ]);
  const [agreed] = await queryRows(
    landlord.connection,
    `select
       count(*)::integer as households,
       count(*) filter (where (terms_by_policy >= 1) <> (lease_month.terms_owed >= 1))::integer as differ,
       count(*) filter (where (known_day.terms_owed >= 1) <> (lease_month.terms_owed >= 1))::integer as without_fees
     from risk.known_day
     inner join arrears.lease_month on known_day.lease_id = lease_month.lease_id and lease_month.closing_on = known_day.as_of
     where known_day.as_of = '${LATER_NIGHT}'`,
    z.object({ households: z.number(), differ: z.number(), without_fees: z.number() }),
  );
  landlord.close();
  const { households, differ, without_fees } = agreed ?? { households: 0, differ: 0, without_fees: 0 };
  expect(households).toBeGreaterThan(200);
  expect(differ / households).toBeLessThan(0.02);
  // Were fees taken to be paid last of all, whoever paid them would seem to owe less than they do.
  expect(without_fees).toBeGreaterThan(4 * differ);
});

/** Channels for the payments, and what a dwelling is. */
function described(rows: Rows): Rows {
  return {
    ...rows,
    entry: (rows.entry ?? []).map((entry, n) => ({
      ...entry,
      channel: entry.kind === "payment" ? (["direct_debit", "cash", null][n % 3] ?? null) : null,
    })),
    dwelling: (rows.dwelling ?? []).map((dwelling, n) => ({
      ...dwelling,
      type: `T${1 + (n % 6)}`,
      surface_m2: String(25 + n),
    })),
  };
}
