import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type OpenDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { Account, type Component, groupBy, type LedgerEntry, type Rules, sum } from "./account-reference.ts";
import { bucketOf, type ReferenceMonth, referenceMonths } from "./arrears-reference.ts";
import { buildWarehouse } from "./build-warehouse.ts";
import { entriesOf, rowsOf, SEED, story } from "./random-ledger.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const AS_OF = "2024-08-15";
const RANKINGS: readonly (readonly Component[])[] = [
  ["principal", "fee", "court_cost"],
  ["fee", "court_cost", "principal"],
  ["court_cost", "principal", "fee"],
];
const row = z.record(z.string(), z.string().nullable());

/** Many random leases in one warehouse: a build costs about a second, whatever their number. */
describe.each(RANKINGS)("two hundred random accounts, %s before %s before %s", (...ranking) => {
  const rules: Rules = { ranking, graceDays: 10, netCallFloorShare: 0.1 };
  const stories = fc.sample(story, { numRuns: 200, seed: SEED + RANKINGS.indexOf(ranking) });
  const entries = entriesOf(stories);
  const booked = entries.filter((entry) => entry.bookedOn <= AS_OF);
  let database: OpenDatabase;
  let months: readonly ReferenceMonth[];
  const read = (sql: string) => queryRows(database.connection, sql, row);

  beforeAll(async () => {
    database = await buildWarehouse(
      rowsOf(stories, entries),
      AS_OF,
      `allocation: { ranking: [${ranking.join(", ")}] }`,
    );
    months = referenceMonths(stories, booked, rules, AS_OF);
  });
  afterAll(() => database.close());

  test("no cent is lost or made between the entries and the movements", async () => {
    const [moved] = await read(`
      select sum(principal + fee + court_cost - credit - principal_credit - fee_credit - court_cost_credit)::varchar as euros
      from ledger.movement`);
    expect(moved?.euros).toBe(euros(sum(booked.map((entry) => entry.cents))));
  });

  test("what is due, since when and in how many terms is that of a queue of debts lived day by day", async () => {
    const found = await read(`
      select lease_id, month::varchar as month, closing_on::varchar as closing_on, status,
        due_balance::varchar as due_balance, principal_due::varchar as principal_due,
        fees_due::varchar as fees_due, court_costs_due::varchar as court_costs_due,
        gross_call::varchar as gross_call, terms_owed::varchar as terms_owed,
        oldest_unpaid_on::varchar as oldest_unpaid_on, oldest_unpaid_month::varchar as oldest_unpaid_month,
        age_months::varchar as age_months, spell_months::varchar as spell_months, bucket, debtor_type
      from arrears.lease_month`);
    const byKey = new Map(found.map((lease) => [`${lease.lease_id} ${lease.month}`, lease]));
    for (const month of months) {
      const lease = byKey.get(`${month.leaseId} ${month.month}`);
      expect({ ...lease, terms_owed: Number(lease?.terms_owed) }, told(month, booked)).toEqual({
        lease_id: month.leaseId,
        month: month.month,
        closing_on: month.closingOn,
        status: month.status,
        due_balance: euros(month.balance),
        principal_due: euros(month.principal),
        fees_due: euros(month.fees),
        court_costs_due: euros(month.courtCosts),
        gross_call: euros(month.call?.gross ?? 0),
        terms_owed: expect.closeTo(month.termsOwed, 5),
        oldest_unpaid_on: month.oldest?.dueOn ?? null,
        oldest_unpaid_month: month.oldest?.termMonth ?? null,
        age_months: month.ageMonths?.toString() ?? null,
        spell_months: String(month.spellMonths),
        bucket: month.oldest === undefined ? null : bucketOf(month.oldest.dueOn, month.closingOn),
        debtor_type: month.debtorType,
      });
    }
    expect(found.length).toBe(months.length);
  });

  test("fees and court costs due are those of the queue on every single day", async () => {
    const due = await read(`
      select lease_id, on_date::varchar as on_date, fee_due::varchar as fee, court_cost_due::varchar as court_cost
      from arrears.component_due order by lease_id, on_date`);
    const byLease = groupBy(booked, (entry) => entry.leaseId);
    const expected = [...groupBy(due, (day) => day.lease_id ?? "")].flatMap(([leaseId, days]) => {
      const evenings = new Account(byLease.get(leaseId) ?? [], rules).liveUntil(
        days.map((day) => day.on_date ?? ""),
      );
      return evenings.map(({ unpaid }, i) => {
        const left = (component: Component) =>
          euros(sum(unpaid.filter((debt) => debt.component === component).map((debt) => debt.unpaid)));
        return {
          lease_id: leaseId,
          on_date: days[i]?.on_date,
          fee: left("fee"),
          court_cost: left("court_cost"),
        };
      });
    });
    expect(due.length).toBeGreaterThan(1000);
    expect(due).toEqual(expected);
  });

  test("each unpaid euro stands in the bucket of its own age", async () => {
    const aged = await read(`
      select slice_id, month::varchar as month, perimeter, bucket, numerator::varchar as euros
      from kpi.ageing
      where level = 'agency' and measure = 'euros' and numerator > 0`);
    expect(aged.map(line).sort()).toEqual(ageing(months).map(line).sort());
  });
});

function ageing(months: readonly ReferenceMonth[]): object[] {
  const unpaid = months
    .filter(({ story }) => story.use === "residential")
    .flatMap(({ story, month, status, closingOn, unpaid }) =>
      unpaid.map((debt) => {
        const cell = { slice: `A${story.agency}`, month, status, bucket: bucketOf(debt.dueOn, closingOn) };
        return { cell, cents: debt.unpaid };
      }),
    );
  return [...groupBy(unpaid, ({ cell }) => line(cell)).values()].map((debts) => ({
    ...debts[0]?.cell,
    euros: euros(sum(debts.map(({ cents }) => cents))),
  }));
}

function euros(cents: number): string {
  return (cents / 100).toFixed(2);
}

function line(cells: object): string {
  return Object.values(cells).join(" ");
}

/** A lease's entries, for the message of a failure. */
function told(month: ReferenceMonth, entries: readonly LedgerEntry[]): string {
  const own = entries.filter((entry) => entry.leaseId === month.leaseId);
  return [JSON.stringify(month), ...own.map((entry) => JSON.stringify(entry))].join("\n");
}
