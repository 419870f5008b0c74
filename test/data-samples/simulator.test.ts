import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { globSync } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstDay, isoDate, lastDay, monthOf } from "../../data-samples/simulator/calendar.ts";
import type { DwellingRecord, LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { simulate } from "../../data-samples/simulator/simulate.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { mapInbox, openInbox, rowsOf } from "./inbox-views.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-simulator-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("one seed, one landlord", () => {
  test("the same options give the same files, byte for byte; another seed does not", async () => {
    await simulate({ dwellings: 60, months: 15, seed: 7, out: join(scratch, "once") });
    await simulate({ dwellings: 60, months: 15, seed: 7, out: join(scratch, "again") });
    await simulate({ dwellings: 60, months: 15, seed: 8, out: join(scratch, "other") });
    const once = fingerprints(join(scratch, "once"));
    expect(once.size).toBeGreaterThan(30);
    expect(fingerprints(join(scratch, "again"))).toEqual(once);
    expect([...fingerprints(join(scratch, "other")).keys()]).toEqual([...once.keys()]);
    expect(fingerprints(join(scratch, "other"))).not.toEqual(once);
  });

  test.each([1, 2, 90210])("a dwelling is the same however many there are (seed %i)", (seed) => {
    const window = windowOf(12);
    const few = [...dwellingsOf(20, seed, window)];
    const many = [...dwellingsOf(45, seed, window)];
    expect(many.slice(0, 20)).toEqual(few);
  });
});

describe("what the files say is what was simulated", () => {
  const folder = join(scratch, "landlord");
  const options = { dwellings: 240, months: 26, seed: 3 };
  const dwellings: DwellingRecord[] = [
    ...dwellingsOf(options.dwellings, options.seed, windowOf(options.months)),
  ];
  const leases: LeaseRecord[] = dwellings.flatMap((dwelling) => dwelling.leases);
  let made: Awaited<ReturnType<typeof simulate>>;
  let inbox: DuckDBConnection;

  beforeAll(async () => {
    made = await simulate({ ...options, out: folder });
    inbox = await openInbox(folder, join(scratch, "utf8"));
    await mapInbox(inbox, folder);
    await inbox.run("create view entry as select distinct * exclude (file_id, line) from mapped.entry");
  });
  afterAll(() => inbox.closeSync());

  test("every entry is mapped once, and repeated rows are nothing but repeated", async () => {
    const [counted] = await rowsOf(
      inbox,
      `select (select count(*) from mapped.entry)::integer as read, count(*)::integer as entries,
              count(distinct id)::integer as ids
       from entry`,
    );
    expect(made.entries).toBe(leases.reduce((total, lease) => total + lease.entries.length, 0));
    expect(made.repeatedRows).toBeGreaterThan(100);
    expect(counted).toEqual({
      read: made.entries + made.repeatedRows,
      entries: made.entries,
      ids: made.entries,
    });
  });

  test("the entries of each lease sum to its balance, to the cent", async () => {
    const rows = await rowsOf(
      inbox,
      `select right(lease_id, 7)::integer as lease, (sum(amount::decimal(12, 2)) * 100)::integer as cents
       from entry group by lease_id`,
    );
    const mapped = new Map(rows.map((row) => [row.lease, row.cents]));
    const lived = new Map(
      leases
        .filter((lease) => lease.entries.length > 0)
        .map((lease) => [lease.id, lease.entries.reduce((total, entry) => total + entry.cents, 0)]),
    );
    expect(mapped).toEqual(lived);
  });

  test("control balances are the sums of the entries, for two of the three landlords", async () => {
    const rows = await rowsOf(
      inbox,
      `select left(balance.lease_id, 1) as landlord, count(*) > 50 as many,
              bool_and(balance.as_of = '${made.asOf}') as on_delivery,
              count(*) filter (balance.balance::decimal(12, 2) <> coalesce(owed.total, 0))::integer as lies
       from mapped.control_balance as balance
       left join (select lease_id, sum(amount::decimal(12, 2)) as total from entry group by lease_id) as owed
         on owed.lease_id = balance.lease_id
       group by landlord order by landlord`,
    );
    expect(rows).toEqual([
      { landlord: "O", many: true, on_delivery: true, lies: 0 },
      { landlord: "V", many: true, on_delivery: true, lies: 0 },
    ]);
  });

  test("control totals are the debits and credits of each account and month", async () => {
    const [compared] = await rowsOf(
      inbox,
      `select count(*) > 26 as many,
              bool_and(given.debit::decimal(12, 2) = summed.debit
                and given.credit::decimal(12, 2) = summed.credit) as equal
       from mapped.control_total as given
       full join (
         select account, booked_on[:7] as period,
                sum(greatest(amount::decimal(12, 2), 0)) as debit, -sum(least(amount::decimal(12, 2), 0)) as credit
         from entry where account is not null group by all
       ) as summed on summed.account = given.account and summed.period = given.period`,
    );
    expect(compared).toEqual({ many: true, equal: true });
  });

  test.each([
    ["lease.household_id", "select household_id from mapped.lease", "select id from mapped.household"],
    ["lease.dwelling_id", "select dwelling_id from mapped.lease", "select id from mapped.dwelling"],
    ["entry.lease_id", "select lease_id from entry", "select id from mapped.lease"],
    ["lease_terms.lease_id", "select lease_id from mapped.lease_terms", "select id from mapped.lease"],
    [
      "agency_mapping.agency_id",
      "select agency_id from mapped.agency_mapping",
      "select id from mapped.agency",
    ],
    [
      "dwelling.agency_id",
      "select agency_id from mapped.dwelling",
      "select id from mapped.agency union select legacy_agency_id from mapped.agency_mapping",
    ],
    [
      "entry.reversal_of",
      "select reversal_of from entry where reversal_of is not null",
      "select id from entry",
    ],
  ])("%s leads somewhere", async (_, from, to) => {
    expect(await rowsOf(inbox, `${from} except (${to})`)).toEqual([]);
  });

  test("debits have a due date and a component, credits a value date; nothing is booked after the delivery", async () => {
    const [wrong] = await rowsOf(
      inbox,
      `select count(*) filter (amount not like '-%' and (due_on is null or component is null))::integer as debits,
              count(*) filter (amount like '-%' and value_on is null)::integer as credits,
              count(*) filter (booked_on > '${made.asOf}')::integer as future,
              count(*) filter (kind not in ('rent', 'charges', 'rent_supplement', 'charges_adjustment',
                'housing_benefit', 'rent_rebate', 'payment', 'payment_rejected', 'guarantor_payment', 'deposit',
                'fee', 'court_cost', 'repairs', 'adjustment', 'write_off', 'opening_balance'))::integer as kinds
       from entry`,
    );
    expect(wrong).toEqual({ debits: 0, credits: 0, future: 0, kinds: 0 });
  });

  test("labels over two lines, with quotes or separators, come back whole", async () => {
    const labels = await rowsOf(
      inbox,
      `select distinct libelle as label from inbox.vaudrange_ledger where contains(libelle, chr(10))
       union select distinct "Libellé" from inbox.ormois_ledger where contains("Libellé", ';')
       order by label`,
    );
    expect(labels).toEqual([
      { label: "Régularisation de charges ; eau, chauffage" },
      { label: "Régularisation des charges\neau | chauffage" },
    ]);
  });
});

describe("a landlord in its usual state", () => {
  const window = windowOf(24);
  const closing = firstDay(window.lastMonth) - 1;
  const homes = [...dwellingsOf(4_000, 11, window)].filter((dwelling) => dwelling.use === "residential");
  const leases = homes.flatMap((dwelling) => dwelling.leases);

  test("about a fifth of present households owe more than 10 €", () => {
    const present = leases.filter(
      (lease) => lease.start <= closing && (lease.end === null || lease.end > closing),
    );
    const late = present.filter((lease) => dueOn(lease, closing) > 1_000);
    expect(late.length / present.length).toBeGreaterThan(0.15);
    expect(late.length / present.length).toBeLessThan(0.25);
  });

  test("about 8% of homes are left each year, about a third of them with debt", () => {
    const left = leases.filter(
      (lease) => lease.end !== null && lease.end >= window.start && lease.end <= closing,
    );
    const yearly = (left.length / homes.length) * (12 / 23);
    expect(yearly).toBeGreaterThan(0.065);
    expect(yearly).toBeLessThan(0.095);
    const settled = left.filter((lease) => lease.end !== null && monthOf(lease.end) <= window.lastMonth - 5);
    const indebted = settled.filter(
      (lease) => lease.end !== null && dueOn(lease, lastDay(monthOf(lease.end) + 3)) > 1_000,
    );
    expect(indebted.length / settled.length).toBeGreaterThan(0.25);
    expect(indebted.length / settled.length).toBeLessThan(0.48);
  });
});

describe("what cannot be simulated is refused with a reason", () => {
  const asked = { dwellings: 5, months: 3, seed: 1, out: join(scratch, "refused") };

  test.each([
    [{ ...asked, dwellings: 0 }, "0 dwellings cannot be simulated."],
    [{ ...asked, months: 1.5 }, "1.5 months cannot be simulated."],
    [{ ...asked, lastMonth: "2026-13" }, '"2026-13" is not a month.'],
    [{ ...asked, seed: Number.NaN }, "NaN is no seed."],
  ])("%o", async (options, message) => {
    await expect(simulate(options)).rejects.toMatchObject({ name: "UserError", message });
    expect(existsSync(asked.out)).toBe(false);
  });

  test("a folder in use is left as it is", async () => {
    const out = join(scratch, "in-use");
    mkdirSync(out);
    writeFileSync(join(out, "notes.txt"), "mine");
    await expect(simulate({ ...asked, out })).rejects.toBeInstanceOf(UserError);
    expect(globSync("**/*", { cwd: out })).toEqual(["notes.txt"]);
  });

  test("the last month can be chosen; the delivery is in the middle of it", async () => {
    const made = await simulate({ ...asked, lastMonth: "2024-02", out: join(scratch, "earlier") });
    expect(made.asOf).toBe("2024-02-15");
    expect(isoDate(windowOf(3, "2024-02").start)).toBe("2023-12-01");
  });
});

/** Cents due and not received on a day, as far as the ledger knew that day. */
function dueOn(lease: LeaseRecord, day: number): number {
  let cents = 0;
  for (const entry of lease.entries) {
    const counts = entry.bookedOn <= day && (entry.dueOn ?? entry.valueOn ?? entry.bookedOn) <= day;
    if (counts) cents += entry.cents;
  }
  return cents;
}

function fingerprints(folder: string): Map<string, string> {
  return new Map(
    globSync("**/*", { cwd: folder })
      .sort()
      .map((file) => [
        file,
        createHash("sha256")
          .update(readFileSync(join(folder, file)))
          .digest("hex"),
      ]),
  );
}
