import { existsSync } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { query } from "../../pipelines/explore/query.ts";
import { runNight } from "../../pipelines/nightly.ts";
import { makeTinyLandlord, runTinyNight, TINY_INBOX } from "../tiny-landlord.ts";

// A row that the contract rejects, and a balance that the ledger does not give: the night fails.
const SPOILT = {
  "ecritures.csv": `${TINY_INBOX["ecritures.csv"]}10;L9;12/03/2024;;Règlement;-7,00\n`,
  "soldes.csv": TINY_INBOX["soldes.csv"].replace("1200,00", "1,00"),
};

/** Runs a night that fails; the lines that it told beside its steps. */
async function failingNight(workspace: string, keep: boolean): Promise<string[]> {
  const lines: string[] = [];
  const output = { isTerminal: false, write: (line: string) => lines.push(line) };
  await expect(runNight({ workspace, asOf: undefined, output, sites: [], keep })).rejects.toThrow();
  return lines.filter((line) => !line.startsWith("["));
}

const nightsOf = async (workspace: string) => (await readdir(join(workspace, "nights"))).sort();

test("a night that fails leaves nothing, unless it is to be kept", async () => {
  const workspace = await makeTinyLandlord({ inbox: SPOILT });
  expect(await failingNight(workspace, false)).toEqual([]);
  expect(await nightsOf(workspace)).toEqual([]);
});

test("kept: its place is told, its rejected rows can be asked for, and the next night clears it", async () => {
  const workspace = await makeTinyLandlord({ inbox: SPOILT });
  const warehouse = join(workspace, "nights", "000001.failed", "warehouse.duckdb");
  expect(await failingNight(workspace, true)).toEqual([
    `the warehouse of the failed night is kept until the next one: ${warehouse}`,
  ]);
  expect(await readdir(join(workspace, "nights", "000001.failed"))).toEqual(["warehouse.duckdb"]);
  expect((await stat(warehouse)).mode & 0o777).toBe(0o600);
  expect(existsSync(join(workspace, "current"))).toBe(false);
  const rejected = "select table_name, line, column_name, value, reason from load.rejected_row";
  expect(await query(rejected, { workspace, failed: true, format: "csv" })).toBe(
    "table_name,line,column_name,value,reason\nentry,11,lease_id,L9,unknown_reference",
  );
  await expect(query("from contract.household_contact", { workspace, failed: true })).rejects.toThrow(
    "hidden",
  );
  await failingNight(workspace, true);
  expect(await nightsOf(workspace)).toEqual(["000001.failed"]);
  await failingNight(workspace, false);
  expect(await nightsOf(workspace)).toEqual([]);
});

test("beside a good night, which goes on serving", async () => {
  const workspace = await makeTinyLandlord();
  await runTinyNight(workspace);
  await writeFile(join(workspace, "inbox", "soldes.csv"), SPOILT["soldes.csv"]);
  await failingNight(workspace, true);
  expect(await nightsOf(workspace)).toEqual(["000001", "000002.failed"]);
  const nights = "select count(*) as n from load.reconciliation";
  expect(await query(nights, { workspace, format: "csv" })).toBe("n\n3");
  await writeFile(join(workspace, "inbox", "soldes.csv"), TINY_INBOX["soldes.csv"]);
  await runTinyNight(workspace);
  expect(await nightsOf(workspace)).toEqual(["000001", "000002"]);
});

test("a night that fails before it has a warehouse leaves nothing to keep", async () => {
  const workspace = await makeTinyLandlord({ inbox: { "ecritures.csv": "" } });
  expect(await failingNight(workspace, true)).toEqual([]);
  expect(await nightsOf(workspace)).toEqual([]);
});
