import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { loadInbox } from "../load/load-inbox.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-rental-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const rental = fileURLToPath(new URL("../../data-samples/rental", import.meta.url));

describe("the mapping of the rental ledger", () => {
  test("row k of a tenancy is the call of its k-th month, whatever months the payments fall in", async () => {
    const rows = await loadedFrom(
      "two-in-a-month",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       1,1,1,92101,2012-01-01,500.0,500.0
       1,1,1,92101,2012-03-01,575.0,500.0
       1,1,1,92101,2012-03-02,500.0,500.0
       1,1,1,92101,2012-04-01,500.0,500.0`,
      "select due_on, amount from contract.entry where kind = 'rent' order by due_on",
    );
    expect(rows).toEqual([
      ["2012-01-01", "500.00"],
      ["2012-02-01", "500.00"],
      ["2012-03-01", "500.00"],
      ["2012-04-01", "500.00"],
    ]);
  });

  test("a first payment over a month late pays an earlier call: no payment comes before its call", async () => {
    const rows = await loadedFrom(
      "late-first",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       7,1,1,92101,2012-03-14,625.0,500.0
       7,1,1,92101,2012-03-30,575.0,500.0
       7,1,1,92101,2012-04-03,500.0,500.0`,
      `select distinct lease.start_on, first_due, last_due from contract.lease, (
         select min(due_on) as first_due, max(due_on) as last_due from contract.entry where kind = 'rent')`,
    );
    expect(rows).toEqual([["2012-02-01", "2012-02-01", "2012-04-01"]]);
  });

  test("a payment of nothing is kept, a returned payment is a debit, two on one day keep the order of the file", async () => {
    const rows = await loadedFrom(
      "oddities",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       3,1,1,92101,2012-01-01,0.0,500.0
       3,1,1,92101,2012-02-05,-75.0,500.0
       3,1,1,92101,2012-02-05,500.0,510.0`,
      `select id, amount, due_on, value_on, component from contract.entry where kind = 'payment' order by id`,
    );
    expect(rows).toEqual([
      ["3-1-receipt", "0.00", null, "2012-01-01", null],
      ["3-2-receipt", "75.00", "2012-02-05", null, "principal"],
      ["3-3-receipt", "-500.00", null, "2012-02-05", null],
    ]);
  });

  test("a tenancy whose calls stop before the file does has ended", async () => {
    const rows = await loadedFrom(
      "ended",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       1,1,1,92101,2012-01-01,500.0,500.0
       2,2,2,92102,2012-03-01,500.0,500.0
       4,4,4,92102,2012-04-01,500.0,500.0`,
      "select id, end_on from contract.lease order by id",
    );
    expect(rows).toEqual([
      ["1", "2012-01-31"],
      ["2", null],
      ["4", null],
    ]);
  });
});

/** What a query finds once a ledger of these lines is loaded. */
async function loadedFrom(name: string, ledger: string, sql: string): Promise<unknown[][]> {
  const folder = join(scratch, name);
  cpSync(rental, folder, { recursive: true });
  mkdirSync(join(folder, "inbox"));
  writeFileSync(
    join(folder, "inbox", "rental_payments.csv.gz"),
    gzipSync(`${ledger.replaceAll(/^ +/gm, "")}\n`),
  );
  return (await loadInbox(folder, { rows: sql })).rows;
}
