import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { mapInbox, openInbox, rowsOf } from "./inbox-views.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-rental-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const project = fileURLToPath(new URL("../..", import.meta.url));
const realFile = join(project, "..", "shared", "data", "rental_payments.csv.gz");

describe("the mapping of the rental ledger", () => {
  test("row k of a tenancy is the call of its k-th month, whatever months the payments fall in", async () => {
    const rows = await mapped(
      "two-in-a-month",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       1,1,1,92101,2012-01-01,500.0,500.0
       1,1,1,92101,2012-03-01,575.0,500.0
       1,1,1,92101,2012-03-02,500.0,500.0
       1,1,1,92101,2012-04-01,500.0,500.0`,
      "select due_on, amount from mapped.entry where kind = 'rent' order by due_on",
    );
    expect(rows).toEqual([
      { due_on: "2012-01-01", amount: "500.0" },
      { due_on: "2012-02-01", amount: "500.0" },
      { due_on: "2012-03-01", amount: "500.0" },
      { due_on: "2012-04-01", amount: "500.0" },
    ]);
  });

  test("a first payment over a month late pays an earlier call: no payment comes before its call", async () => {
    const rows = await mapped(
      "late-first",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       7,1,1,92101,2012-03-14,625.0,500.0
       7,1,1,92101,2012-03-30,575.0,500.0
       7,1,1,92101,2012-04-03,500.0,500.0`,
      `select distinct lease.start_on, first_due, last_due from mapped.lease, (
         select min(due_on) as first_due, max(due_on) as last_due from mapped.entry where kind = 'rent')`,
    );
    expect(rows).toEqual([{ start_on: "2012-02-01", first_due: "2012-02-01", last_due: "2012-04-01" }]);
  });

  test("a payment of nothing is kept, a returned payment is a debit, two on one day keep the order of the file", async () => {
    const rows = await mapped(
      "oddities",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       3,1,1,92101,2012-01-01,0.0,500.0
       3,1,1,92101,2012-02-05,-75.0,500.0
       3,1,1,92101,2012-02-05,500.0,510.0`,
      `select id, amount, due_on, value_on, component from mapped.entry where kind = 'payment' order by id`,
    );
    expect(rows).toEqual([
      { id: "3-1-receipt", amount: "0.0", due_on: null, value_on: "2012-01-01", component: null },
      { id: "3-2-receipt", amount: "75.0", due_on: "2012-02-05", value_on: null, component: "principal" },
      { id: "3-3-receipt", amount: "-500.0", due_on: null, value_on: "2012-02-05", component: null },
    ]);
  });

  test("a tenancy whose calls stop before the file does has ended", async () => {
    const rows = await mapped(
      "ended",
      `tenancy_id,household_id,houseID,houseZip,paymentDate,paymentAmount,rentAmount
       1,1,1,92101,2012-01-01,500.0,500.0
       2,2,2,92102,2012-03-01,500.0,500.0
       4,4,4,92102,2012-04-01,500.0,500.0`,
      "select id, end_on from mapped.lease order by id",
    );
    expect(rows).toEqual([
      { id: "1", end_on: "2012-01-31" },
      { id: "2", end_on: null },
      { id: "4", end_on: null },
    ]);
  });
});

describe.skipIf(!existsSync(realFile))(`the real file ${realFile}`, () => {
  test("every row is a call and a receipt, and totals hold to the cent", async () => {
    const folder = workspace("real");
    copyFileSync(realFile, join(folder, "inbox", "rental_payments.csv.gz"));
    const inbox = await openInbox(folder, join(folder, "utf8"));
    await mapInbox(inbox, folder);
    const kinds = await rowsOf(
      inbox,
      `select kind, count(distinct id)::integer as entries, count(distinct line)::integer as lines,
              sum(amount::decimal(12, 2))::varchar as total
       from mapped.entry group by kind order by kind`,
    );
    const [records] = await rowsOf(
      inbox,
      `select ${["agency", "dwelling", "household", "lease"]
        .map(
          (table) =>
            `(select count(*)::integer from (select distinct * exclude (file_id, line) from mapped.${table})) as ${table}`,
        )
        .join(", ")}`,
    );
    inbox.closeSync();
    expect(kinds).toEqual([
      { kind: "payment", entries: 59_813, lines: 59_813, total: "-89561876.65" },
      { kind: "rent", entries: 59_813, lines: 59_813, total: "90057523.00" },
    ]);
    expect(records).toEqual({ agency: 81, dwelling: 2475, household: 1989, lease: 2475 });
  });
});

async function mapped(name: string, table: string, sql: string): Promise<Record<string, unknown>[]> {
  const folder = workspace(name);
  const text = `${table
    .split("\n")
    .map((line) => line.trim())
    .join("\n")}\n`;
  writeFileSync(join(folder, "inbox", "rental_payments.csv.gz"), gzipSync(text));
  const inbox = await openInbox(folder, join(folder, "utf8"));
  await mapInbox(inbox, folder);
  const rows = await rowsOf(inbox, sql);
  inbox.closeSync();
  return rows;
}

function workspace(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, "inbox"), { recursive: true });
  cpSync(join(project, "data-samples", "rental"), folder, { recursive: true });
  return folder;
}
