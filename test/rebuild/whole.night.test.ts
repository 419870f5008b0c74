import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runNight } from "../../pipelines/nightly.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { makeTinyLandlord, queryNight } from "../tiny-landlord.ts";

/** A night, and what it says beside its steps. */
async function tell(workspace: string, options: { asOf?: string; whole?: boolean } = {}): Promise<string[]> {
  const lines: string[] = [];
  const output = { isTerminal: false, write: (line: string) => lines.push(line) };
  await runNight({ workspace, asOf: undefined, ...options, output, sites: [], render: false });
  return lines.filter((line) => !line.startsWith("["));
}

/** Changes last night's warehouse, as a fault of a night would. */
async function spoil(workspace: string, statement: string): Promise<void> {
  const database = await openDatabase(join(workspace, "current", "warehouse.duckdb"));
  await database.connection.run(statement);
  database.close();
}

const WAYS = "select way, count(*)::integer from run.rebuilt group by way order by way";

test("a night says how many tables stayed, were computed for the leases touched, and for all, as run.rebuilt keeps it", async () => {
  const workspace = await makeTinyLandlord();
  expect(await tell(workspace, { asOf: "2024-03-11" })).toEqual([]);
  expect((await queryNight(workspace, WAYS)).map(([way]) => way)).toEqual(["whole"]);

  // The payment of L3 that was booked on 12 March is the only entry that counts from then on.
  const [line] = await tell(workspace, { asOf: "2024-03-12" });
  const ways = new Map((await queryNight(workspace, WAYS)).map(([way, tables]) => [way, tables]));
  expect(line).toBe(
    `${ways.get("keep")} tables stayed as they were last night, ${ways.get("touched")} were computed for the leases touched since, ${ways.get("whole")} for all`,
  );
  expect(
    await queryNight(
      workspace,
      "select way, rows::integer from run.rebuilt where table_name = 'ledger.posting'",
    ),
  ).toEqual([["touched", 4]]);
});

test("everything is computed where it is asked for, and every so many nights by itself", async () => {
  const workspace = await makeTinyLandlord();
  await appendFile(join(workspace, "vigie.yaml"), "nights: { whole_every: 2 }\n");
  expect(await tell(workspace)).toEqual([]);
  expect(await tell(workspace)).toEqual([expect.stringMatching(/ tables stayed /)]);
  expect(await tell(workspace)).toEqual(["everything was computed: due every 2 nights"]);
  expect(await tell(workspace, { whole: true })).toEqual(["everything was computed: asked for"]);
});

test("where everything is computed, rows that would have stayed and are wrong are found, told and right again", async () => {
  const workspace = await makeTinyLandlord();
  await tell(workspace);
  await spoil(workspace, "update ledger.debit set amount = amount + 1 where lease_id = 'L2'");
  const [line] = await tell(workspace, { whole: true });
  expect(line).toMatch(/^everything was computed: asked for\. 1 tables of last night, .*: ledger\.debit$/);
  expect(
    await queryNight(workspace, "select max(amount)::varchar from ledger.debit where lease_id = 'L2'"),
  ).toEqual([["600.00"]]);
  expect(await queryNight(workspace, "select table_name from run.rebuilt where was_stale")).toEqual([
    ["ledger.debit"],
  ]);
});
