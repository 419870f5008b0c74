import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type OpenDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import {
  Account,
  addMonths,
  componentOf,
  countsOn,
  groupBy,
  type LedgerEntry,
  sum,
} from "./account-reference.ts";
import { closingsOf, type ReferenceMonth, referenceMonths } from "./arrears-reference.ts";
import { buildWarehouse } from "./build-warehouse.ts";
import { entriesOf, rowsOf, SEED, type Story, story } from "./random-ledger.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const AS_OF = "2024-08-15";
const RULES = { ranking: ["principal", "fee", "court_cost"], graceDays: 10, netCallFloorShare: 0.1 } as const;
const row = z.record(z.string(), z.string().nullable());

describe("two hundred random accounts of four agencies", () => {
  const stories = fc.sample(story, { numRuns: 200, seed: SEED });
  const entries = entriesOf(stories);
  const booked = entries.filter((entry) => entry.bookedOn <= AS_OF);
  const closings = closingsOf(booked, AS_OF);
  const told = closings.slice(11);
  let database: OpenDatabase;
  let months: readonly ReferenceMonth[];

  beforeAll(async () => {
    database = await buildWarehouse(rowsOf(stories, entries), AS_OF);
    months = referenceMonths(stories, booked, RULES, AS_OF).filter(
      (month) => month.story.use === "residential",
    );
  });
  afterAll(() => database.close());

  /** Numerator and denominator of an indicator, by slice and month. */
  async function figures(indicator: string): Promise<Map<string, readonly [string, string]>> {
    const rows = await queryRows(
      database.connection,
      `select slice_id || ' ' || month as place, numerator::varchar as numerator, denominator::varchar as denominator
       from kpi.measure where indicator_id = '${indicator}'`,
      row,
    );
    return new Map(rows.map((cell) => [cell.place ?? "", [cell.numerator ?? "", cell.denominator ?? ""]]));
  }

  /** The same, summed by hand over the leases or entries of each slice. */
  function byHand<T extends { readonly story: Story }>(
    days: readonly string[],
    items: (closingOn: string) => readonly T[],
    tell: (items: readonly T[], closingOn: string) => readonly [string, string],
  ): Map<string, readonly [string, string]> {
    const slices: [string, (agency: number) => boolean][] = [
      ["company", () => true],
      ["Nord", (agency) => agency < 2],
      ["Sud", (agency) => agency >= 2],
      ...[0, 1, 2, 3].map((n): [string, (agency: number) => boolean] => [`A${n}`, (agency) => agency === n]),
    ];
    return new Map(
      days.flatMap((closingOn) =>
        slices.map(([slice, holds]): [string, readonly [string, string]] => [
          `${slice} ${closingOn.slice(0, 7)}-01`,
          tell(
            items(closingOn).filter((item) => holds(item.story.agency)),
            closingOn,
          ),
        ]),
      ),
    );
  }

  test.each([1, 2, 3])(
    "the share of present leases that owe %i whole terms is a plain count",
    async (terms) => {
      const expected = byHand(
        closings,
        (closingOn) => months.filter((month) => month.closingOn === closingOn && month.status === "present"),
        (leases) => [
          euros(leases.filter((lease) => Math.floor(lease.termsOwed) >= terms).length * 100),
          euros(leases.length * 100),
        ],
      );
      const found = await figures(terms === 1 ? "share_1_term" : `share_${terms}_terms`);
      expect(found).toEqual(new Map([...expected].filter(([place]) => found.has(place))));
      expect([...expected].filter(([place, [, leases]]) => leases !== "0.00" && !found.has(place))).toEqual(
        [],
      );
    },
  );

  test("the arrears rate sums each tenant's debt, never a credit, over the year's gross calls of the same tenants", async () => {
    const calls = groupBy(months, (month) => month.leaseId);
    const expected = byHand(
      told,
      (closingOn) => months.filter((month) => month.closingOn === closingOn && month.status === "present"),
      (leases, closingOn) => [
        euros(sum(leases.map((lease) => Math.max(lease.balance, 0)))),
        euros(
          sum(
            leases.flatMap((lease) =>
              (calls.get(lease.leaseId) ?? [])
                .filter(({ month }) => month <= closingOn && addMonths(month, 12) > closingOn)
                .map(({ call }) => call?.gross ?? 0),
            ),
          ),
        ),
      ],
    );
    expect(await figures("arrears_rate")).toEqual(expected);
  });

  test("the recovery rate is what the entries of the year and the receivables at its two ends say", async () => {
    const byLease = groupBy(booked, (entry) => entry.leaseId);
    const leases = stories
      .map((story, n) => ({ story, own: byLease.get(`L${n}`) ?? [] }))
      .filter(({ story }) => story.use === "residential")
      .map(({ story, own }) => ({ story, own, account: new Account(own, RULES) }));
    const receivable = ({ own, account }: (typeof leases)[number], day: string | undefined): number => {
      if (day === undefined) return 0;
      const [evening] = account.liveUntil([day]);
      const charges = own.filter((entry) => componentOf(entry) !== "principal" && !isReceipt(entry));
      const chargesDue = sum(
        (evening?.unpaid ?? []).filter((debt) => debt.component !== "principal").map((debt) => debt.unpaid),
      );
      const notYetDue = charges.filter((entry) => entry.bookedOn <= day && countsOn(entry) > day);
      const notYetBooked = charges.filter((entry) => entry.bookedOn > day && countsOn(entry) <= day);
      const balance = sum(own.filter((entry) => entry.bookedOn <= day).map((entry) => entry.cents));
      return balance - chargesDue - total(notYetDue) + total(notYetBooked);
    };
    expect(told.at(-1)).toBe(AS_OF);
    const expected = byHand(
      told,
      () => leases,
      (own, closingOn) => {
        const yearBefore =
          closingOn === AS_OF ? addMonths(AS_OF, -12) : closings[closings.indexOf(closingOn) - 12];
        const year = own.flatMap((lease) =>
          lease.own.filter((entry) => entry.bookedOn <= closingOn && entry.bookedOn > (yearBefore ?? "")),
        );
        const billed = total(year.filter(isBilling));
        const carriedOver = year.filter(({ kind }) => kind === "opening_balance").filter(isPrincipal);
        const open = sum(own.map((lease) => receivable(lease, yearBefore))) + total(carriedOver);
        const close = sum(own.map((lease) => receivable(lease, closingOn)));
        const writtenOff = -total(year.filter(({ kind }) => kind === "write_off").filter(isPrincipal));
        return [euros(billed + open - close - writtenOff), euros(billed)];
      },
    );
    expect(await figures("recovery_rate_12m")).toEqual(expected);
  });

  test("neither the order of the entries nor entries booked after the as-of date change anything", async () => {
    const [shuffled = []] = fc.sample(fc.shuffledSubarray(booked, { minLength: booked.length }), {
      numRuns: 1,
      seed: SEED,
    });
    expect(shuffled).toHaveLength(booked.length);
    expect(shuffled).not.toEqual(booked);
    expect(booked.length).toBeLessThan(entries.length);
    const other = await buildWarehouse(rowsOf(stories, shuffled), AS_OF);
    try {
      for (const table of [
        "ledger.movement",
        "arrears.component_due",
        "arrears.lease_month",
        "kpi.indicator_month",
      ]) {
        const sql = `select to_json(built)::varchar as built from (select * from ${table} order by all) as built`;
        const expected = await queryRows(database.connection, sql, row);
        expect(expected.length, table).toBeGreaterThan(0);
        expect(await queryRows(other.connection, sql, row), table).toEqual(expected);
      }
    } finally {
      other.close();
    }
  });
});

const RECEIPTS = ["payment", "guarantor_payment", "payment_rejected", "housing_benefit", "rent_rebate"];

function isReceipt(entry: LedgerEntry): boolean {
  return RECEIPTS.includes(entry.kind) || (entry.kind === "deposit" && entry.cents <= 0);
}

/** Rent, charges and whatever else is asked as principal. */
function isBilling(entry: LedgerEntry): boolean {
  return isPrincipal(entry) && !isReceipt(entry) && !["write_off", "opening_balance"].includes(entry.kind);
}

function isPrincipal(entry: LedgerEntry): boolean {
  return componentOf(entry) === "principal";
}

function total(entries: readonly LedgerEntry[]): number {
  return sum(entries.map((entry) => entry.cents));
}

function euros(cents: number): string {
  return (cents / 100).toFixed(2);
}
