import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isoDate } from "../../data-samples/simulator/calendar.ts";
import { groupCode } from "../../data-samples/simulator/exports/codes.ts";
import { balanceOf } from "../../data-samples/simulator/exports/writing.ts";
import type { DwellingRecord, LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { type Simulated, simulate } from "../../data-samples/simulator/simulate.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import type { OpenDatabase } from "../../pipelines/warehouse/connection.ts";
import { openReconciled } from "../load/load-inbox.ts";

type Cell = string | number | boolean | null;

const options = { dwellings: 420, months: 15, seed: 5 };
const window = windowOf(options.months);
const scratch = mkdtempSync(join(tmpdir(), "vigie-simulated-"));
let delivered: OpenDatabase;
let asParquet: OpenDatabase;

const dwellings = [...dwellingsOf({ from: 1, to: options.dwellings, seed: options.seed, window })];
const leases = dwellings.flatMap((dwelling) =>
  dwelling.leases.map((lease) => ({ lease, dwelling, code: codeOf("lease", dwelling, lease.id) })),
);
/** Each household once, with the lease that it came with. */
const households = leases
  .filter(({ lease }) => lease.household.id === lease.id)
  .map(({ lease, dwelling }) => ({
    ...lease.household,
    lease,
    code: codeOf("household", dwelling, lease.id),
  }));

let made: { readonly exports: Simulated; readonly parquet: Simulated };

beforeAll(async () => {
  const folders = { exports: join(scratch, "exports"), parquet: join(scratch, "parquet") };
  const exports = await simulate({ ...options, out: folders.exports });
  const parquet = await simulate({ ...options, out: folders.parquet, format: "parquet" });
  made = { exports, parquet };
  delivered = await openReconciled(folders.exports);
  asParquet = await openReconciled(folders.parquet);
});
afterAll(() => {
  delivered.close();
  asParquet.close();
  rmSync(scratch, { recursive: true, force: true });
});

describe("the exports, loaded and reconciled", () => {
  test("rejects nothing but the contacts of households that no list knows", async () => {
    const rejected = await rowsOf(
      delivered,
      `select table_name, column_name, reason, count(*)::integer from load.rejected_row group by all`,
    );
    expect(rejected).toEqual([["household_contact", "household_id", "unknown_reference", 2]]);
  });

  test("sums each lease's entries to its balance, to the cent, where files name the lease", async () => {
    const rows = await sortedRows(
      "select lease_id, sum(amount) from contract.entry where lease_id not like 'S-%' group by lease_id",
    );
    const lived = leases
      .filter(({ lease, dwelling }) => dwelling.landlord !== "sauvelle" && lease.entries.length > 0)
      .map(({ lease, code }) => [code, euros(balanceOf(lease))]);
    expect(rows).toEqual(sorted(lived));
  });

  test("finds what two of the three landlords say of themselves: each balance and each account's month", async () => {
    const rows = await rowsOf(
      delivered,
      `select kind, left(subject, 1) as landlord, count(*) > 20, count(*) filter (gap <> 0)::integer
       from load.reconciliation where status <> 'not_verified' group by all order by all`,
    );
    expect(rows).toEqual([
      ["account_credit", "O", true, 0],
      ["account_credit", "V", true, 0],
      ["account_debit", "O", true, 0],
      ["account_debit", "V", true, 0],
      ["lease_balance", "O", true, 0],
      ["lease_balance", "V", true, 0],
    ]);
  });

  test("counts what files hold a second time once", async () => {
    const rows = await rowsOf(
      delivered,
      `select feed, sum(rows_accepted)::integer, sum(rows_duplicate) > 0, sum(rows_superseded) > 0
       from load.file where feed in ('group_actions', 'ormois_ledger') group by feed order by feed`,
    );
    const actions = leases.reduce((sum, { lease }) => sum + lease.actions.length, 0);
    const entries = leases
      .filter(({ dwelling }) => dwelling.landlord === "ormois")
      .reduce((sum, { lease }) => sum + lease.entries.length, 0);
    expect(rows).toEqual([
      ["group_actions", actions, true, true],
      ["ormois_ledger", entries, true, false],
    ]);
  });
});

describe("what the prevention desk keeps comes back through the exports", () => {
  test("every action, from the workbooks", async () => {
    const rows = await sortedRows(
      `select id, lease_id, action_on, recorded_on, kind, letter_rank, channel, approach, team, contact, outcome
       from contract.action`,
    );
    const lived = leases.flatMap(({ lease, code }) =>
      lease.actions.map((action) => [
        `${code}/${action.rank}`,
        code,
        isoDate(action.on),
        isoDate(action.recordedOn),
        action.kind,
        action.letterRank,
        action.channel,
        action.approach,
        action.team,
        action.contact,
        action.outcome,
      ]),
    );
    expect(lived.length).toBeGreaterThan(200);
    expect(rows).toEqual(sorted(lived));
  });

  test("every plan with its instalments", async () => {
    const rows = await sortedRows(
      `select plan.*, instalment.due_on, instalment.amount
       from (select id, lease_id, signed_on, phase, debt, framework, ended_on, outcome from contract.plan) as plan
       join contract.plan_instalment as instalment on instalment.plan_id = plan.id`,
    );
    const lived = leases.flatMap(({ lease, code }) =>
      lease.plans.flatMap((plan) =>
        plan.instalments.map(({ dueOn, cents }) => [
          `${code}/P${plan.rank}`,
          code,
          isoDate(plan.signedOn),
          plan.phase,
          euros(plan.debt),
          plan.framework,
          optionalDate(plan.endedOn),
          plan.outcome,
          isoDate(dueOn),
          euros(cents),
        ]),
      ),
    );
    expect(lived.length).toBeGreaterThan(50);
    expect(rows).toEqual(sorted(lived));
  });

  test("every hold, those that ended since the first delivery with their end", async () => {
    const rows = await sortedRows(
      "select lease_id, kind, from_on, to_on, known_on, debt_covered, source from contract.lease_hold",
    );
    const lived = leases.flatMap(({ lease, code }) =>
      lease.holds.map((hold) => [
        code,
        hold.kind,
        isoDate(hold.from),
        optionalDate(hold.to),
        isoDate(hold.knownOn),
        hold.debtCovered === null ? null : euros(hold.debtCovered),
        hold.source,
      ]),
    );
    expect(lived.length).toBeGreaterThan(10);
    expect(rows).toEqual(sorted(lived));
  });

  test("every contact on one line, whatever its name holds", async () => {
    const rows = await sortedRows(
      `select household_id, civility, name, address, phone, email, legal_representative
       from contract.household_contact`,
    );
    const lived = households.map(({ code, contact }) => [
      code,
      contact.civility,
      contact.name.replaceAll("\n", " "),
      contact.address,
      contact.phone,
      contact.email,
      contact.legalRepresentative,
    ]);
    expect(lived.filter(([, , name]) => /["';,&]/.test(name ?? "")).length).toBeGreaterThan(3);
    expect(rows).toEqual(sorted(lived));
  });

  test("every situation with the day on which it was known", async () => {
    const rows = await sortedRows(
      `select household_id, valid_from, known_on, size, adults, children, income_band, reference_income
       from contract.household_situation`,
    );
    const lived = households.flatMap(({ code, situations }) =>
      situations.map((situation) => [
        code,
        isoDate(situation.validFrom),
        isoDate(situation.knownOn),
        situation.size,
        situation.adults,
        situation.children,
        situation.incomeBand,
        euros(situation.referenceIncome),
      ]),
    );
    expect(lived.length).toBeGreaterThan(households.length);
    expect(rows).toEqual(sorted(lived));
  });

  test("the audit's age band is that of the year of birth, on any day; the sex never changes", async () => {
    const rows = await sortedRows(
      `select household_id, any_value(sex), count(distinct sex)::integer, arg_max(age_band, valid_from)
       from contract.household_audit group by household_id`,
    );
    const thisYear = Number(isoDate(window.asOf).slice(0, 4));
    const lived = households.map(({ code, audit }) => [
      code,
      audit.sex,
      1,
      bandOf(thisYear - audit.birthYear),
    ]);
    expect(rows).toEqual(sorted(lived));
  });

  test("why Ormois' banks gave payments back", async () => {
    const rows = await sortedRows(
      "select lease_id, reason from contract.rejection join contract.entry on id = entry_id where lease_id like 'O-%'",
    );
    const lived = leases
      .filter(({ dwelling }) => dwelling.landlord === "ormois")
      .flatMap(({ lease, code }) => lease.entries.map(({ rejection }) => [code, rejection]))
      .filter(([, rejection]) => rejection !== null);
    expect(lived.length).toBeGreaterThan(0);
    expect(rows).toEqual(sorted(lived));
  });

  test("each team's capacity in each of the group's agencies", async () => {
    const rows = await rowsOf(
      delivered,
      `select count(*)::integer, count(distinct agency_id)::integer, bool_and(contacts_per_week > 0)
       from contract.team_capacity`,
    );
    expect(rows).toEqual([[42, 14, true]]);
  });

  test("a year exported again takes the place of its first export, a repeated row counts once", async () => {
    const [workbooks] = await rowsOf(
      delivered,
      `select count(*) filter (rows_superseded > 0)::integer,
              count(*) filter (rows_superseded > 0 and rows_superseded < rows_read)::integer,
              sum(rows_duplicate) > 0
       from load.file where feed = 'group_actions'`,
    );
    expect(workbooks).toEqual([1, 0, true]);
  });
});

describe("Parquet tells the same landlord as the exports", () => {
  test("as many leases and entries", () => {
    const { leases: written, entries } = made.exports;
    expect(made.parquet).toMatchObject({ leases: written, entries });
  });

  test("the sums of each lease, month and kind, where files name the lease", async () => {
    const sql = `select lease_id, kind, strftime(booked_on, '%Y-%m'), sum(amount), count(*)::integer
      from contract.entry where lease_id not like 'S-%' group by all`;
    const rows = await sortedRows(sql, asParquet);
    expect(rows.length).toBeGreaterThan(5_000);
    expect(rows).toEqual(await sortedRows(sql));
  });

  test.each([
    "agency",
    "agency_mapping",
    "dwelling",
    "household",
    "household_situation",
    "household_audit",
    "household_contact",
    "lease",
    "lease_terms",
    "plan",
    "plan_instalment",
    "lease_hold",
    "action",
    "team_capacity",
    "disposition",
  ])("the rows of %s", async (table) => {
    const sql = `select * exclude (file_id, line) from contract.${table}`;
    const rows = await sortedRows(sql, asParquet);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(await sortedRows(sql));
  });

  test("the balances that the landlords gave, to the cent", async () => {
    const [gaps] = await rowsOf(
      asParquet,
      "select count(*)::integer, count(*) filter (gap <> 0)::integer from load.reconciliation",
    );
    expect(gaps).toEqual([leases.length, 0]);
  });
});

function codeOf(coded: "lease" | "household", { landlord }: DwellingRecord, id: LeaseRecord["id"]): string {
  return groupCode(coded, landlord, id);
}

async function rowsOf({ connection }: OpenDatabase, sql: string): Promise<Cell[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson() as Cell[][];
}

async function sortedRows(sql: string, landlord: OpenDatabase = delivered): Promise<Cell[][]> {
  return sorted(await rowsOf(landlord, sql));
}

function sorted(rows: readonly (readonly Cell[])[]): Cell[][] {
  return rows
    .map((row) => ({ row: [...row], key: JSON.stringify(row) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ row }) => row);
}

function euros(cents: number): string {
  return (cents / 100).toFixed(2);
}

function optionalDate(day: number | null): string | null {
  return day === null ? null : isoDate(day);
}

function bandOf(age: number): string {
  if (age < 25) return "under_25";
  if (age < 35) return "25_34";
  if (age < 50) return "35_49";
  if (age < 65) return "50_64";
  return age < 75 ? "65_74" : "75_plus";
}
