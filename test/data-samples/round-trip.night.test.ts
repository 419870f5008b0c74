import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openReconciled } from "../load/load-inbox.ts";
import { copyOf, simulatedNight } from "../shared-landlord.ts";

// What the simulator knows of everyone, against what a night made of the files of three landlords and two banks.
let folder = "";
let instance: DuckDBInstance;
let connection: DuckDBConnection;

/** Opens the current night beside what the simulator wrote down for us. */
async function open(): Promise<void> {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
  await connection.run(`attach '${join(folder, "current", "warehouse.duckdb")}' as night (read_only)`);
  await connection.run("use night");
  await connection.run(`
    create temp table balance as
    select landlord, lease as lease_id, (month || '-01')::date as month, due_cents::bigint / 100 as due
    from read_csv('${join(folder, "truth", "balances.csv.gz")}', all_varchar = true)`);
  await connection.run(`
    create temp table receipt as
    select told.lease, bank_receipt.id, bank_receipt.amount, coalesce(bank_receipt.value_on, bank_receipt.booked_on) as value_on,
      match.lease_id
    from contract.bank_receipt
    join load.file using (file_id)
    left join read_csv('${join(folder, "truth", "receipts.csv.gz")}', all_varchar = true) as told
      on told.file = file.file and told.line::integer = bank_receipt.line
    left join bank.match on bank_receipt.id = match.receipt_id`);
}

async function rows(sql: string) {
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

beforeAll(async () => {
  folder = await simulatedNight();
  await open();
});
afterAll(() => instance.closeSync());

describe("receipts of the bank", () => {
  test("every receipt of the files has its truth: a lease, or nobody", async () => {
    expect(await rows("select count(*) from receipt where value_on is null or id is null")).toEqual([["0"]]);
    expect(
      await rows("select count(*) > 1000, count(*) filter (where lease is null) > 0 from receipt"),
    ).toEqual([[true, true]]);
  });

  test("none is matched to another lease than its own", async () => {
    expect(
      await rows(
        "select id, lease, lease_id from receipt where lease_id is distinct from lease and lease_id is not null",
      ),
    ).toEqual([]);
  });

  test("at least 97% of them, and of their euros, find their lease", async () => {
    const [found] = await rows(`
      select
        count(*) filter (where lease_id is not null) / count(*) as receipts,
        sum(abs(amount)) filter (where lease_id is not null) / sum(abs(amount)) as euros
      from receipt where lease is not null and amount <> 0`);
    const [receipts, euros] = (found ?? []).map(Number);
    console.info(
      `matched: ${((receipts ?? 0) * 100).toFixed(2)}% of receipts, ${((euros ?? 0) * 100).toFixed(2)}% of euros`,
    );
    expect(receipts).toBeGreaterThan(0.97);
    expect(euros).toBeGreaterThan(0.97);
  });

  test("those that do not are listed, each with its euros; among their candidates is mostly the right lease", async () => {
    expect(
      await rows(`
        select id, amount::varchar from receipt where lease_id is null and amount <> 0
        except
        select receipt_id, amount::varchar from bank.unmatched_receipt`),
    ).toEqual([]);
    expect(
      await rows(`
        select told.receipts = count(*), round(told.euros, 2) = sum(abs(amount))::double
        from receipt, managers.waiting_receipts as told
        where receipt.lease_id is null and receipt.amount <> 0
        group by told.receipts, told.euros`),
    ).toEqual([[true, true]]);
    const [listed] = await rows(`
      select count(*) filter (where candidate.receipt_id is not null) / count(*)
      from receipt
      left join bank.candidate on receipt.id = candidate.receipt_id and receipt.lease = candidate.lease_id
      where receipt.lease_id is null and receipt.lease in (select lease_id from ledger.lease)`);
    expect(Number(listed?.[0])).toBeGreaterThan(0.5);
  });
});

describe("balances", () => {
  test("one lease is missing from a lease list: its calls are rejected, its receipts wait", async () => {
    const missing = await rows(
      "select distinct landlord, lease_id from balance where lease_id not in (select lease_id from ledger.lease)",
    );
    expect(missing).toEqual([["sauvelle", expect.stringMatching(/^S-/)]]);
    expect(
      await rows(`
        select count(*) > 0, count(*) filter (where lease_id is not null)
        from receipt where lease = '${missing[0]?.[1]}'`),
    ).toEqual([[true, "0"]]);
    expect(
      await rows(
        "select count(*) > 0 from load.rejected_row where table_name = 'entry' and reason = 'unknown_reference'",
      ),
    ).toEqual([[true]]);
  });

  test("every lease, every month, all three landlords: to the cent, receipts that wait added back", async () => {
    await connection.run(`
      create temp table compared as
      with closing as (
        select month, least(last_day(month), (select as_of from strategy.night)) as closing_on
        from (select distinct month from balance)
      ),
      posted as (
        select lease_id, month, sum(amount) as due
        from ledger.posting join closing on counts_on <= closing_on group by all
      ),
      waiting as (
        select lease as lease_id, month, sum(amount) as amount
        from receipt join closing on value_on <= closing_on
        where receipt.lease_id is null and lease is not null group by all
      )
      select landlord, lease_id, month, balance.due as known, coalesce(posted.due, 0) - coalesce(waiting.amount, 0) as found
      from balance
      left join posted using (lease_id, month)
      left join waiting using (lease_id, month)
      where lease_id in (select lease_id from ledger.lease)`);
    expect(
      await rows(
        "select landlord, count(*) > 500, count(*) filter (where abs(known - found) > 0.001) from compared group by all order by all",
      ),
    ).toEqual([
      ["ormois", true, "0"],
      ["sauvelle", true, "0"],
      ["vaudrange", true, "0"],
    ]);
  });

  test("what is published of a lease and month is that balance", async () => {
    expect(
      await rows(`
        with waiting as (
          select lease_month.lease_id, lease_month.month, sum(receipt.amount) as amount
          from arrears.lease_month
          join receipt on receipt.lease = lease_month.lease_id and receipt.value_on <= lease_month.closing_on
          where receipt.lease_id is null group by all
        )
        select balance.landlord, count(*) > 500,
          count(*) filter (where abs(balance.due - lease_month.due_balance + coalesce(waiting.amount, 0)) > 0.001)
        from balance
        join arrears.lease_month using (lease_id, month)
        left join waiting using (lease_id, month)
        group by all order by all`),
    ).toEqual([
      ["ormois", true, "0"],
      ["sauvelle", true, "0"],
      ["vaudrange", true, "0"],
    ]);
  });
});

test("statements delivered once more, whole or under another message id, change nothing", async () => {
  const ledger =
    "select count(*), sum(hash(id, lease_id, amount, due_on, value_on))::varchar from ledger.entry";
  const before = await rows(ledger);
  const copy = await copyOf(folder);
  onTestFinished(() => rm(join(copy, ".."), { recursive: true, force: true }));
  const bank = join(copy, "inbox", "sauvelle", "banque");
  await copyFile(join(bank, "releve_202603_20260403.txt"), join(bank, "releve_202603_20260505.txt"));
  const message = await readFile(join(bank, "camt053_202603_20260403.xml"), "utf8");
  await writeFile(
    join(bank, "camt053_202603_20260505.xml"),
    message.replaceAll("STM2026-03", "STM2026-03-BIS"),
  );
  const again = await openReconciled(copy);
  onTestFinished(() => again.close());
  const rowsAgain = async (sql: string) => (await again.connection.runAndReadAll(sql)).getRowsJson();
  expect(await rowsAgain(ledger)).toEqual(before);
  expect(
    await rowsAgain(`
      select count(*), sum(rows_rejected), count(distinct bank_receipt.file_id)
      from load.file left join contract.bank_receipt using (file_id)
      where file like '%_20260505.%'`),
  ).toEqual([["2", "0", "0"]]);
});
