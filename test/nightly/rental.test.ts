import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../../pipelines/serve/server.ts";
import { launchBrowser } from "../browser.ts";
import { runCli } from "../run-cli.ts";
import { queryNight } from "../tiny-landlord.ts";

const FILE = resolve("../shared/data/rental_payments.csv.gz");
const there = existsSync(FILE);
if (!there) console.warn(`skipped: no real rental ledger at ${FILE}`);

describe.skipIf(!there)("a real ledger: 59,813 rent payments", () => {
  let workspace = "";
  let rows: Record<string, string>[] = [];

  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), "vigie-rental-"));
    await mkdir(join(workspace, "inbox"));
    await cp("data-samples/rental/vigie.yaml", join(workspace, "vigie.yaml"));
    await cp("data-samples/rental/sources", join(workspace, "sources"), { recursive: true });
    await cp(FILE, join(workspace, "inbox", "rental_payments.csv.gz"));
    const run = await runCli(["nightly", "--workspace", workspace]);
    expect(run.exitCode, run.errors).toBe(0);
    const [header = "", ...lines] = gunzipSync(await readFile(FILE))
      .toString("utf8")
      .trimEnd()
      .split(/\r?\n/);
    const names = header.split(",");
    rows = lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell])));
  });
  afterAll(() => rm(workspace, { recursive: true, force: true }));

  const total = (column: string) =>
    rows.reduce((cents, row) => cents + Math.round(Number(row[column]) * 100), 0);

  test("every row of the file is accounted for", async () => {
    expect(rows).toHaveLength(59_813);
    expect(
      await queryNight(
        workspace,
        "select rows_read, rows_accepted, rows_rejected, rows_duplicate from load.file",
      ),
    ).toEqual([["59813", "59813", "0", "0"]]);
  });

  test("called is the sum of rentAmount, received the sum of paymentAmount, to the cent", async () => {
    const [sums] = await queryNight(
      workspace,
      `select (100 * sum(amount) filter (where kind = 'rent'))::bigint::varchar,
         (-100 * sum(amount) filter (where kind = 'payment'))::bigint::varchar from contract.entry`,
    );
    expect(sums).toEqual([String(total("rentAmount")), String(total("paymentAmount"))]);
  });

  test("a tenancy whose every call was paid in its month or before is never late, two payments in a month or not", async () => {
    const paidUp = `
      with pair as (
        select call.lease_id, call.due_on, receipt.value_on, receipt.amount + call.amount as short
        from contract.entry as call
        join contract.entry as receipt on receipt.id = replace(call.id, '-call', '-receipt')
        where call.kind = 'rent'
      ),
      paid_up as (
        select lease_id from pair group by lease_id
        having bool_and(coalesce(short <= 0 and value_on <= last_day(due_on), false))
      )`;
    const [counted] = await queryNight(
      workspace,
      `${paidUp} select count(*)::integer > 500, (count(*) filter (where lease_id in (
         select lease_id from arrears.lease_month where due_balance > 0
       )))::integer from paid_up`,
    );
    expect(counted).toEqual([true, 0]);
    const [shared] = await queryNight(
      workspace,
      `${paidUp} select count(*)::integer > 0 from (
         select lease_id from contract.entry semi join paid_up using (lease_id)
         where kind = 'payment' group by lease_id, date_trunc('month', value_on) having count(*) > 1
       )`,
    );
    expect(shared, "some of them paid twice in one month").toEqual([true]);
  });

  test("its indicators are on the site", async () => {
    const [figure] = await queryNight(
      workspace,
      `select value from kpi.indicator_month
       where indicator_id = 'recovery_rate_12m' and level = 'company' and month = '2012-09-01'`,
    );
    const shown = `${(100 * Number(figure?.[0])).toFixed(1).replace(".", ",")}\u202f%`;
    const site = await serve({ workspace, port: 0, log: () => undefined });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(site.url, { waitUntil: "networkidle" });
      const text = await page.locator("main").textContent();
      expect(text ?? "").toContain("Taux de recouvrement sur 12 mois");
      expect((text ?? "").replaceAll("\u00a0", "\u202f")).toContain(shown);
      expect(text ?? "").toContain("données au 27");
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
