import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type OpenDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import {
  Account,
  addDays,
  addMonths,
  type Component,
  componentOf,
  countsOn,
  type Debt,
  groupBy,
  type LedgerEntry,
  monthOf,
  sum,
} from "./account-reference.ts";
import {
  allocate,
  allocateAsBooked,
  type Lettering,
  type Pair,
  type Part,
  pairsOf,
  withoutPairs,
} from "./allocation-reference.ts";
import { bucketOf } from "./arrears-reference.ts";
import { buildWarehouse } from "./build-warehouse.ts";
import type { Rows } from "./insert-rows.ts";
import { entriesOf, rowsOf, SEED, type Story, story } from "./random-ledger.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const AS_OF = "2024-08-15";
/** Fees first, so that the three policies differ. */
const LEGAL: readonly Component[] = ["fee", "court_cost", "principal"];
const PRINCIPAL_FIRST: readonly Component[] = ["principal", "fee", "court_cost"];
const RULES = { ranking: LEGAL, graceDays: 10, netCallFloorShare: 0.1 };
const STRATEGY = "allocation: { policy: as_booked, ranking: [fee, court_cost, principal] }";
const POLICIES = ["legal_default", "principal_first", "as_booked"] as const;
type Policy = (typeof POLICIES)[number];
const BUILT = [
  "allocation.part",
  "allocation.received",
  "arrears.lease_month",
  "kpi.ageing",
  "kpi.collection",
];
const row = z.record(z.string(), z.string().nullable());

/** One lease told by hand: its account, what its landlord lettered, and where its euros went. */
interface Told {
  readonly leaseId: string;
  readonly story: Story;
  readonly entries: readonly LedgerEntry[];
  readonly account: Account;
  readonly pairs: readonly Pair[];
  readonly letterings: readonly Lettering[];
}

describe("a hundred and fifty random accounts, two in three lettered by their landlord", () => {
  const stories = fc.sample(story, { numRuns: 150, seed: SEED + 40 });
  const entries = entriesOf(stories);
  const booked = entries.filter((entry) => entry.bookedOn <= AS_OF);
  const byLease = groupBy(booked, (entry) => entry.leaseId);
  const chances = fc.sample(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), {
    numRuns: 1,
    seed: SEED,
  })[0];
  const told = stories.map((story, n): Told => {
    const leaseId = `L${n}`;
    const own = byLease.get(leaseId) ?? [];
    const account = new Account(own, RULES);
    const letterings = [[], partly(own), wholly(account, own)][n % 3] ?? [];
    return { leaseId, story, entries: own, account, letterings, pairs: pairs(account, own, letterings) };
  });
  let database: OpenDatabase;
  let closings: readonly string[];
  const read = (sql: string) => queryRows(database.connection, sql, row);

  beforeAll(async () => {
    database = await buildWarehouse(lettered(rowsOf(stories, entries)), AS_OF, STRATEGY, BUILT);
    closings = (
      await read("select closing_on::varchar as closing_on from arrears.closing order by month")
    ).map(({ closing_on }) => closing_on ?? "");
  });
  afterAll(() => database.close());

  test.each(POLICIES)(
    "%s sends every euro where a queue of euros lived day by day sends it",
    async (policy) => {
      const found = await read(`
      select lease_id, received_on::varchar as received_on, component, due_on::varchar as due_on,
        is_booked::varchar as is_booked, amount::varchar as amount
      from allocation.part where policy = '${policy}'`);
      const expected = told.flatMap(({ leaseId, ...lease }) =>
        parts(policy, lease).map((part) => ({
          lease_id: leaseId,
          received_on: part.receivedOn,
          component: part.component ?? "advance",
          due_on: part.dueOn,
          is_booked: String(part.isBooked),
          amount: euros(part.cents),
        })),
      );
      expect(found.length).toBeGreaterThan(1000);
      expect(found.map(line).sort()).toEqual(expected.map(line).sort());
    },
  );

  test("every euro is allocated exactly once: the policies agree on each day's credits", async () => {
    const apart = await read(`
      with credited as (
        select lease_id, on_date, credit + principal_credit + fee_credit + court_cost_credit as amount
        from ledger.movement where on_date <= '${AS_OF}'
      ),
      allocated as (
        select policy, lease_id, received_on, sum(amount) as amount from allocation.part group by all
      ),
      expected as (
        select policy, lease_id, on_date, amount from credited cross join allocation.policy where amount > 0
      )
      select coalesce(expected.lease_id, allocated.lease_id) as lease_id, expected.amount::varchar as credited,
        allocated.amount::varchar as allocated
      from expected full join allocated
        on expected.policy = allocated.policy and expected.lease_id = allocated.lease_id
        and expected.on_date = allocated.received_on
      where expected.amount is distinct from allocated.amount`);
    expect(apart).toEqual([]);
  });

  test("no debt is paid beyond its amount", async () => {
    const overpaid = await read(`
      select part.policy, part.lease_id, part.component, part.due_on::varchar as due_on
      from allocation.part
      inner join ledger.debit
        on part.lease_id = debit.lease_id and part.component = debit.component and part.due_on = debit.due_on
      group by part.policy, part.lease_id, part.component, part.due_on
      having sum(part.amount) > any_value(debit.amount)`);
    expect(overpaid).toEqual([]);
  });

  test("as booked is the lettering, to the cent, where the landlord lettered all it could", async () => {
    const found = await read(`
      select lease_id, received_on::varchar as received_on, component, due_on::varchar as due_on, amount::varchar as amount
      from allocation.part where policy = 'as_booked' and is_booked`);
    const whole = told.filter((_, n) => n % 3 === 2);
    const expected = whole.flatMap(({ leaseId, account, entries: own, letterings }) => {
      const sent = letterings
        .map(({ paymentEntry, debitEntry, cents }) => {
          const debt = debtOf(account, own)(debitEntry);
          const on = account.credits.find(({ entryId }) => entryId === paymentEntry)?.on;
          return { on, component: debt?.component, dueOn: debt?.dueOn, cents };
        })
        .filter(({ on }) => on !== undefined && on <= AS_OF);
      return [...groupBy(sent, ({ on, component, dueOn }) => line({ on, component, dueOn })).values()].map(
        (same) => {
          const { on, component, dueOn } = same[0] ?? {};
          return line({ leaseId, on, component, dueOn, amount: euros(sum(same.map(({ cents }) => cents))) });
        },
      );
    });
    const leases = new Set(whole.map(({ leaseId }) => leaseId));
    expect(expected.length).toBeGreaterThan(200);
    expect(
      found
        .filter(({ lease_id }) => leases.has(lease_id ?? ""))
        .map(line)
        .sort(),
    ).toEqual(expected.sort());
  });

  test("the order of entries and letterings changes nothing", async () => {
    const rows = lettered(rowsOf(stories, entries));
    const reversed = Object.entries(rows).map(([table, values]) => [table, [...values].reverse()]);
    const other = await buildWarehouse(Object.fromEntries(reversed), AS_OF, STRATEGY, BUILT);
    try {
      for (const table of [
        "allocation.part",
        "arrears.lease_month",
        "kpi.collection",
        "allocation.received",
      ]) {
        const sql = `select to_json(built)::varchar as built from (select * from ${table} order by all) as built`;
        expect(await queryRows(other.connection, sql, row), table).toEqual(await read(sql));
      }
    } finally {
      other.close();
    }
  });

  test("arrears that follow the books have the terms, ages and components of the debts left open", async () => {
    const found = await read(`
      select lease_id, closing_on::varchar as closing_on, principal_unpaid::varchar as principal_unpaid,
        fees_due::varchar as fees_due, court_costs_due::varchar as court_costs_due, terms_owed::varchar as terms_owed,
        oldest_unpaid_on::varchar as oldest_unpaid_on, bucket
      from arrears.lease_month`);
    const byKey = new Map(found.map((lease) => [`${lease.lease_id} ${lease.closing_on}`, lease]));
    const months = told.flatMap((lease) =>
      closings
        .filter((closing) => closing >= lease.story.startOn)
        .map((closing) => ({ lease, closing, open: openDebts("as_booked", lease, closing) })),
    );
    expect(found.length).toBe(months.length);
    for (const { lease, closing, open } of months) {
      const due = (component: Component) =>
        sum(open.filter((d) => d.component === component).map((d) => d.unpaid));
      const principal = open.filter((debt) => debt.component === "principal");
      const owes = balanceOf(lease, closing) > 0;
      const matured = principal.filter((debt) => addDays(debt.dueOn, RULES.graceDays) <= closing);
      const terms = sum(matured.map((debt) => ((debt.terms ?? 0) * debt.unpaid) / debt.cents));
      const oldest = owes ? (principal[0]?.dueOn ?? null) : null;
      const month = byKey.get(`${lease.leaseId} ${closing}`);
      expect({ ...month, terms_owed: Number(month?.terms_owed) }).toEqual({
        lease_id: lease.leaseId,
        closing_on: closing,
        principal_unpaid: euros(due("principal")),
        fees_due: euros(due("fee")),
        court_costs_due: euros(due("court_cost")),
        terms_owed: expect.closeTo(owes ? terms : 0, 5),
        oldest_unpaid_on: oldest,
        bucket: oldest === null ? null : bucketOf(oldest, closing),
      });
    }
  });

  test("ageing as booked: each open euro of a household in debt stands in the bucket of its own age", async () => {
    const found = await read(`
      select slice_id, month::varchar as month, perimeter, bucket, numerator::varchar as euros
      from kpi.ageing where level = 'agency' and measure = 'euros' and numerator > 0`);
    const open = told
      .filter(({ story }) => story.use === "residential")
      .flatMap((lease) =>
        closings
          .filter((closing) => closing >= lease.story.startOn && balanceOf(lease, closing) > 0)
          .flatMap((closing) =>
            openDebts("as_booked", lease, closing).map((debt) => {
              const place = [`A${lease.story.agency}`, monthOf(closing), statusOf(lease, closing)];
              return { cell: [...place, bucketOf(debt.dueOn, closing)].join(" "), cents: debt.unpaid };
            }),
          ),
      );
    const expected = [...groupBy(open, ({ cell }) => cell)].map(
      ([cell, debts]) => `${cell} ${euros(sum(debts.map(({ cents }) => cents)))}`,
    );
    expect(found.map(line).sort()).toEqual(expected.sort());
  });

  test.each(POLICIES)(
    "collection under %s is the part of each call that its debt's queue has reached",
    async (policy) => {
      const found = await read(`
      select indicator_id, month::varchar as month, numerator::varchar as numerator, denominator::varchar as denominator,
        cases::varchar as cases
      from kpi.collection where level = 'company' and indicator_id like 'collection_m_.${policy}'`);
      const homes = told.filter(({ story }) => story.use === "residential");
      for (const figure of found) {
        const months = Number(figure.indicator_id?.slice("collection_m".length, "collection_m".length + 1));
        const closing = closings.find((day) => monthOf(day) === figure.month) ?? "";
        const dueMonth = addMonths(figure.month ?? "", -months);
        const dueClosing = closings.find((day) => monthOf(day) === dueMonth) ?? "";
        const called = homes
          .filter((lease) => lease.story.startOn <= dueClosing && statusOf(lease, dueClosing) === "present")
          .map((lease) => collected(policy, lease, dueClosing, closing));
        expect(Number(figure.denominator), line(figure)).toBeCloseTo(
          sum(called.map((c) => c.called)) / 100,
          2,
        );
        expect(Number(figure.numerator), line(figure)).toBeCloseTo(
          sum(called.map((c) => c.received)) / 100,
          0,
        );
        expect(Number(figure.cases), line(figure)).toBe(
          called.filter((lease) => lease.called - lease.received >= 0.5).length,
        );
      }
      expect(found.length).toBeGreaterThan(50);
    },
  );

  test.each(POLICIES)(
    "what reduces principal under %s is what fees and court costs did not take",
    async (policy) => {
      const found = await read(`
      select agency_id, month::varchar as month, status, received::varchar as received, outside::varchar as outside
      from allocation.received where policy = '${policy}' and (received <> 0 or outside <> 0)`);
      const flows = told
        .filter(({ story }) => story.use === "residential")
        .flatMap((lease) =>
          closings.map((closing) => {
            const month = monthOf(closing);
            const money = lease.entries.filter(
              (entry) => isMoney(entry) && monthOf(countsOn(entry)) === month && countsOn(entry) <= closing,
            );
            const before = addDays(month, -1);
            return {
              place: `A${lease.story.agency} ${month} ${statusOf(lease, closing)}`,
              received: -sum(money.map((entry) => entry.cents)),
              outside: paidOutside(policy, lease, closing) - paidOutside(policy, lease, before),
            };
          }),
        );
      const expected = [...groupBy(flows, ({ place }) => place)]
        .map(([place, own]) => ({
          place,
          received: sum(own.map((flow) => flow.received)),
          outside: sum(own.map((flow) => flow.outside)),
        }))
        .filter(({ received, outside }) => received !== 0 || outside !== 0)
        .map(({ place, received, outside }) => `${place} ${euros(received)} ${euros(outside)}`);
      expect(found.map(line).sort()).toEqual(expected.sort());
    },
  );

  /** Random letterings, many of them too large or of no effect. */
  function partly(own: readonly LedgerEntry[]): Lettering[] {
    const paying = own.filter((entry) => entry.cents < 0 && chance() < 0.6);
    const asked = own.filter((entry) => entry.cents > 0);
    return paying.flatMap((payment) => {
      const debit = asked[Math.floor(chance() * asked.length)];
      if (debit === undefined) return [];
      const cents = 1 + Math.floor(chance() * Math.min(-payment.cents, 2 * debit.cents));
      return [{ paymentEntry: payment.id, debitEntry: debit.id, cents }];
    });
  }

  /** Every credit that is one entry is set against the youngest debts with room left, until there is none. */
  function wholly(account: Account, own: readonly LedgerEntry[]): Lettering[] {
    const find = debtOf(account, own);
    const room = new Map(account.debts.map((debt) => [debt, debt.cents]));
    const letterings = new Map<string, Lettering>();
    for (const credit of account.credits) {
      const { entryId } = credit;
      if (entryId === null) continue;
      let left = credit.cents;
      for (const debit of [...own].filter((entry) => entry.cents > 0).reverse()) {
        const debt = find(debit.id);
        const cents = debt === undefined ? 0 : Math.min(left, room.get(debt) ?? 0);
        if (debt === undefined || cents === 0) continue;
        room.set(debt, (room.get(debt) ?? 0) - cents);
        left -= cents;
        letterings.set(`${entryId} ${debit.id}`, { paymentEntry: entryId, debitEntry: debit.id, cents });
      }
    }
    return [...letterings.values()];
  }

  function chance(): number {
    return chances?.next().value ?? 0;
  }

  function lettered(rows: Rows): Rows {
    return {
      ...rows,
      allocation: told.flatMap(({ letterings }) =>
        [
          ...groupBy(letterings, (lettering) => `${lettering.paymentEntry} ${lettering.debitEntry}`).values(),
        ].map((same) => ({
          payment_entry: same[0]?.paymentEntry ?? null,
          debit_entry: same[0]?.debitEntry ?? null,
          amount: euros(sum(same.map(({ cents }) => cents))),
          allocated_on: "2024-08-01",
        })),
      ),
    };
  }
});

function pairs(account: Account, own: readonly LedgerEntry[], letterings: readonly Lettering[]): Pair[] {
  const moneys = new Set(own.filter((entry) => RECEIPTS.includes(entry.kind)).map((entry) => entry.id));
  return pairsOf(account, letterings, debtOf(account, own), (id) => moneys.has(id));
}

/** The debt that an entry is part of: what falls due of a component on one day is one debt. */
function debtOf(account: Account, own: readonly LedgerEntry[]): (entryId: string) => Debt | undefined {
  const byId = new Map(own.map((entry) => [entry.id, entry]));
  return (entryId) => {
    const entry = byId.get(entryId);
    if (entry === undefined || entry.cents <= 0) return undefined;
    return account.debts.find(
      (debt) => debt.dueOn === countsOn(entry) && debt.component === (componentOf(entry) ?? "principal"),
    );
  };
}

function parts(policy: Policy, { account, pairs }: Pick<Told, "account" | "pairs">): Part[] {
  if (policy === "as_booked") return allocateAsBooked(account, pairs, LEGAL, AS_OF);
  return allocate(
    account.debts,
    account.credits,
    policy === "legal_default" ? LEGAL : PRINCIPAL_FIRST,
    AS_OF,
  );
}

/** Debts due and not wholly paid on an evening, oldest first; `cents` is the whole debt. */
function openDebts(policy: Policy, lease: Told, evening: string): Debt[] {
  const { account } = lease;
  const pairs = policy === "as_booked" ? lease.pairs : [];
  const ranking = policy === "principal_first" ? PRINCIPAL_FIRST : LEGAL;
  const left = withoutPairs(account, pairs);
  const paid = groupBy(
    allocate(left.debts, left.credits, ranking, evening),
    (part) => `${part.component} ${part.dueOn}`,
  );
  return account.debts
    .filter((debt) => debt.dueOn <= evening)
    .map((debt, i) => {
      const open = pairs.filter((pair) => pair.debt === debt && pair.credit.on > evening);
      const settled = sum((paid.get(`${debt.component} ${debt.dueOn}`) ?? []).map((part) => part.cents));
      const unpaid = (left.debts[i]?.cents ?? 0) - settled + sum(open.map((pair) => pair.cents));
      return { ...debt, unpaid };
    })
    .filter((debt) => debt.unpaid > 0);
}

function balanceOf({ account }: Told, evening: string): number {
  const asked = account.debts.filter((debt) => debt.dueOn <= evening).map((debt) => debt.cents);
  const credited = account.credits.filter((credit) => credit.on <= evening).map((credit) => credit.cents);
  return sum(asked) - sum(credited);
}

function statusOf({ story }: Told, closing: string): "present" | "departed" {
  return story.endOn === null || story.endOn > closing ? "present" : "departed";
}

/** The calls due in the month of a closing, and what of them was received by a later one, in cents. */
function collected(
  policy: Policy,
  lease: Told,
  dueClosing: string,
  closing: string,
): { readonly called: number; readonly received: number } {
  const pairs = policy === "as_booked" ? lease.pairs : [];
  const ranking = policy === "principal_first" ? PRINCIPAL_FIRST : LEGAL;
  const left = withoutPairs(lease.account, pairs);
  const parts = allocate(left.debts, left.credits, ranking, closing);
  const takenBack = lease.entries.filter(
    (entry) =>
      TAKEN_BACK.includes(entry.kind) &&
      entry.cents > 0 &&
      componentOf(entry) !== "fee" &&
      componentOf(entry) !== "court_cost",
  );
  const calls = lease.account.calls.flatMap((call) => call.parts);
  const debts = lease.account.debts.flatMap((debt, i) => {
    if (debt.component !== "principal" || debt.dueOn > closing) return [];
    const cents = left.debts[i]?.cents ?? 0;
    const back = sum(takenBack.filter((entry) => countsOn(entry) === debt.dueOn).map((entry) => entry.cents));
    return [{ ...debt, whole: debt.cents, cents, back: Math.round((back * cents) / debt.cents) }];
  });
  let settled =
    sum(parts.filter((part) => part.component === "principal").map((part) => part.cents)) -
    sum(debts.map((debt) => debt.back));
  let called = 0;
  let received = 0;
  for (const debt of debts) {
    const owed = debt.cents - debt.back;
    const paid = Math.min(Math.max(settled, 0), owed);
    settled -= paid;
    if (monthOf(debt.dueOn) !== monthOf(dueClosing) || debt.dueOn > dueClosing) continue;
    const ofCall = sum(calls.filter((part) => part.dueOn === debt.dueOn).map((part) => part.cents));
    const booked = pairs.filter(
      (pair) => pair.debt.dueOn === debt.dueOn && pair.debt.component === "principal",
    );
    const bookedCents = sum(booked.filter((pair) => pair.credit.on <= closing).map((pair) => pair.cents));
    called += ofCall;
    const ofLeft = owed > 0 ? (paid * ofCall * debt.cents) / (debt.whole * owed) : 0;
    received += Math.min(ofLeft + (bookedCents * ofCall) / debt.whole, ofCall);
  }
  return { called, received };
}

/** Fees and court costs that money stands on, in cents: asked, less given up, less unpaid. */
function paidOutside(policy: Policy, lease: Told, evening: string): number {
  const asked = lease.entries.filter(
    (entry) =>
      countsOn(entry) <= evening &&
      componentOf(entry) !== null &&
      componentOf(entry) !== "principal" &&
      !RECEIPTS.includes(entry.kind) &&
      !isMoney(entry),
  );
  const unpaid = openDebts(policy, lease, evening).filter((debt) => debt.component !== "principal");
  return sum(asked.map((entry) => entry.cents)) - sum(unpaid.map((debt) => debt.unpaid));
}

const TAKEN_BACK = ["payment", "payment_rejected", "guarantor_payment"];
const RECEIPTS = ["payment", "payment_rejected", "guarantor_payment", "deposit"];

function isMoney(entry: LedgerEntry): boolean {
  return TAKEN_BACK.includes(entry.kind) || (entry.kind === "deposit" && entry.cents <= 0);
}

function euros(cents: number): string {
  return (cents / 100).toFixed(2);
}

function line(cells: object): string {
  return Object.values(cells).join(" ");
}
