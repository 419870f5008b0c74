import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type OpenDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { Account, addDays, countsOn, groupBy, type LedgerEntry, sum } from "./account-reference.ts";
import { buildWarehouse } from "./build-warehouse.ts";
import { entriesOf, rowsOf, SEED, story } from "./random-ledger.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const AS_OF = "2024-08-15";
const RULES = { ranking: ["principal", "fee", "court_cost"], graceDays: 10, netCallFloorShare: 0.1 } as const;
const MONTH_ENDS = `procedure:
  window_months: 6
  steps: [{ terms: 1, month: 0, day: 31, actions: [{ kind: letter }] }]`;

/** What the landlord did about random leases on random days. */
const action = fc.record({
  lease: fc.integer({ min: 0, max: 149 }),
  day: fc.integer({ min: 0, max: 580 }),
  kind: fc.constantFrom("letter", "sms", "call", "interview", "summons"),
  contact: fc.constantFrom("attempted", "reached"),
});

describe("a hundred and fifty random accounts and what was done about them", () => {
  const stories = fc.sample(story, { numRuns: 150, seed: SEED + 60 });
  const entries = entriesOf(stories);
  const actions = fc.sample(action, { numRuns: 1500, seed: SEED + 61 }).map((told, n) => ({
    id: `X${n}`,
    lease_id: `L${told.lease}`,
    action_on: addDays("2023-01-10", told.day),
    kind: told.kind,
    contact: told.kind === "call" || told.kind === "interview" ? told.contact : null,
  }));
  let database: OpenDatabase;

  beforeAll(async () => {
    database = await buildWarehouse({ ...rowsOf(stories, entries), action: actions }, AS_OF, MONTH_ENDS, [
      "conduct.listed",
      "conduct.chased",
      "kpi.reaction_days",
    ]);
  });
  afterAll(() => database.close());

  test("a list of the last day of the month shows the terms of that month end", async () => {
    const rows = (table: string, condition: string) =>
      queryRows(
        database.connection,
        `select lease_id, month::varchar as month, terms_owed::varchar as terms from ${table} where ${condition} order by all`,
        z.object({ lease_id: z.string(), month: z.string(), terms: z.string() }),
      );
    const listed = await rows("conduct.listed", "true");
    const monthEnds = "use = 'residential' and status = 'present' and terms_owed >= 1 and not is_partial";
    expect(listed.length).toBeGreaterThan(50);
    expect(listed).toEqual(await rows("arrears.lease_month", monthEnds));
  });

  test("chased though paid: by value date as the account stood that evening, by the books as they were the evening before", async () => {
    const byLease = groupBy(
      entries.filter((entry) => entry.bookedOn <= AS_OF),
      (entry) => entry.leaseId,
    );
    const accounts = new Map<string, Account>();
    const expected = actions
      .filter(({ kind, action_on }) => kind !== "interview" && action_on <= AS_OF)
      .flatMap(({ id, lease_id, action_on }) => {
        const booked = byLease.get(lease_id) ?? [];
        if (stories[Number(lease_id.slice(1))]?.use !== "residential") return [];
        const account = accounts.get(lease_id) ?? new Account(booked, RULES);
        accounts.set(lease_id, account);
        const moved = [
          ...account.debts.filter(({ dueOn }) => dueOn <= action_on).map(({ cents }) => cents),
          ...account.credits.filter(({ on }) => on <= action_on).map(({ cents }) => -cents),
        ];
        const known = booked.filter(
          (entry) => entry.bookedOn < action_on && countedOn(entry, account) <= action_on,
        );
        const harm = moved.length > 0 && sum(moved) <= 0;
        const fault = known.length > 0 && sum(known.map(({ cents }) => cents)) <= 0;
        return harm || fault ? [`${id} ${harm} ${fault}`] : [];
      });
    const found = await queryRows(
      database.connection,
      "select action_id || ' ' || is_harm || ' ' || is_fault as told from conduct.chased",
      z.object({ told: z.string() }),
    );
    expect(expected.length).toBeGreaterThan(50);
    expect(found.map(({ told }) => told).sort()).toEqual(expected.sort());
  });

  test("the days to the first contact are those of a curve drawn by hand", async () => {
    const cases = await queryRows(
      database.connection,
      `select closing.month::varchar as month, told.first_unpaid_on::varchar as from_on, told.first_attempted_on::varchar as contact_on,
         least(closing.closing_on, told.ended_on)::varchar as seen_until
       from arrears.closing as closing
       inner join conduct.case as told on told.opened_month between closing.month - interval 5 month and closing.month
       where closing.month >= '2023-06-01'`,
      z.object({
        month: z.string(),
        from_on: z.string(),
        contact_on: z.string().nullable(),
        seen_until: z.string(),
      }),
    );
    const drawn = [...groupBy(cases, ({ month }) => month)].map(([month, ofMonth]) => {
      const followed = ofMonth.map(({ from_on, contact_on, seen_until }) => {
        const contacted = contact_on !== null && contact_on <= seen_until;
        return { contacted, days: daysBetween(from_on, contacted ? contact_on : seen_until) };
      });
      let without = 1;
      const curve = [...new Set(followed.map(({ days }) => days))]
        .sort((a, b) => a - b)
        .map((days) => {
          const still = followed.filter((one) => one.days >= days).length;
          const contacted = followed.filter((one) => one.days === days && one.contacted).length;
          without *= 1 - contacted / still;
          return { days, without };
        });
      const firstDown = (to: number) => curve.find((point) => point.without <= to + 1e-9)?.days ?? null;
      const inTime = 1 - (curve.findLast(({ days }) => days <= 10)?.without ?? 1);
      return [
        `${month} reaction_days.attempted.median ${ofMonth.length} ${firstDown(0.5)}`,
        `${month} reaction_days.attempted.p90 ${ofMonth.length} ${firstDown(0.1)}`,
        `${month} reaction_within_10.attempted ${ofMonth.length} ${round(inTime)}`,
      ];
    });
    const found = await queryRows(
      database.connection,
      `select month::varchar as month, indicator_id, denominator::integer as cases, value
       from kpi.reaction_days where level = 'company' and indicator_id like '%attempted%'`,
      z.object({
        month: z.string(),
        indicator_id: z.string(),
        cases: z.number(),
        value: z.number().nullable(),
      }),
    );
    expect(found.length).toBeGreaterThan(30);
    const told = found.map(({ month, indicator_id, cases, value }) => {
      const share = indicator_id.startsWith("reaction_within") && value !== null;
      return `${month} ${indicator_id} ${cases} ${share ? round(value) : value}`;
    });
    expect(told.sort()).toEqual(drawn.flat().sort());
  });
});

/** The day on which the books count an entry: benefit in time, on the day its call is due. */
function countedOn(entry: LedgerEntry, account: Account): string {
  const day = countsOn(entry);
  if (!["housing_benefit", "rent_rebate"].includes(entry.kind) || entry.cents > 0) return day;
  const call = account.calls.find(
    ({ termMonth }) => termMonth === (entry.termMonth ?? `${day.slice(0, 7)}-01`),
  );
  return call !== undefined && day <= addDays(call.dueOn, RULES.graceDays) ? call.dueOn : day;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

function round(value: number): string {
  return value.toFixed(6);
}
