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

  test("its houses, households and tenancies are those of the file", async () => {
    const distinct = (column: string) => new Set(rows.map((row) => row[column])).size;
    const [counted] = await queryNight(
      workspace,
      `select ${["agency", "dwelling", "household", "lease"]
        .map((table) => `(select count(*)::integer from contract.${table})`)
        .join(", ")}`,
    );
    expect(counted).toEqual(["houseZip", "houseID", "household_id", "tenancy_id"].map(distinct));
  });

  test("called is the sum of rentAmount, received the sum of paymentAmount, to the cent", async () => {
    const [sums] = await queryNight(
      workspace,
      `select (100 * sum(amount) filter (where kind = 'rent'))::bigint::varchar,
         (-100 * sum(amount) filter (where kind = 'payment'))::bigint::varchar from contract.entry`,
    );
    expect(sums).toEqual([String(total("rentAmount")), String(total("paymentAmount"))]);
  });

  test("a tenancy that has paid every call due by a month end is not late there, two payments in that month or not", async () => {
    const settled = `
      with pair as (
        select call.lease_id, call.due_on, receipt.value_on, call.amount + receipt.amount as short
        from contract.entry as call
        join contract.entry as receipt on receipt.id = replace(call.id, '-call', '-receipt')
        where call.kind = 'rent'
      ),
      settled as (
        select month.lease_id, month.month, month.closing_on, month.due_balance
        from arrears.lease_month as month
        join pair on month.lease_id = pair.lease_id and pair.due_on <= month.closing_on
        group by all
        having bool_and(coalesce(pair.short <= 0 and pair.value_on <= month.closing_on, false))
      ),
      paid_twice as (
        select lease_id, date_trunc('month', value_on) as month from contract.entry
        where kind = 'payment' and value_on is not null group by all having count(*) = 2
      )`;
    const late = "(count(*) filter (where due_balance > 0))::integer";
    const [all] = await queryNight(workspace, `${settled} select count(*) > 20000, ${late} from settled`);
    expect(all).toEqual([true, 0]);
    const [twice] = await queryNight(
      workspace,
      `${settled} select count(*) > 100, ${late} from settled semi join paid_twice using (lease_id, month)`,
    );
    expect(twice).toEqual([true, 0]);
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
      const managers = site.sites.find(({ base }) => base === "pilotage");
      await page.goto(managers?.url ?? "", { waitUntil: "networkidle" });
      const text = await page.locator("main").textContent();
      expect(text ?? "").toContain("Taux de recouvrement sur 12 mois");
      expect((text ?? "").replaceAll("\u00a0", "\u202f")).toContain(shown);
      expect(text ?? "").toContain("Données au 27 octobre 2012");
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
