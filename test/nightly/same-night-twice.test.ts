import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { simulate } from "../../data-samples/simulator/simulate.ts";
import { runNight } from "../../pipelines/nightly.ts";
import { AUDIENCES } from "../../pipelines/publish/sites.ts";
import { queryNight, runTinyNight } from "../tiny-landlord.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-twice-"));
  await simulate({ dwellings: 150, months: 26, seed: 7, out: join(folder, "landlord") });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const silent = { isTerminal: false, write: () => undefined };

async function extractsOf(workspace: string): Promise<Record<string, string>> {
  const root = join(workspace, "current", "extracts");
  const entries = await readdir(root, { recursive: true });
  const files = entries.filter((file) => file.endsWith(".parquet")).sort();
  const hashes = files.map(async (file) => [
    file,
    createHash("sha256")
      .update(await readFile(join(root, file)))
      .digest("hex"),
  ]);
  return Object.fromEntries(await Promise.all(hashes));
}

test("the same night run twice gives the same bytes in its extracts", async () => {
  const workspace = join(folder, "landlord");
  await runNight({ workspace, asOf: undefined, output: silent, sites: AUDIENCES, render: false });
  const first = await extractsOf(workspace);
  await runNight({ workspace, asOf: undefined, output: silent, sites: AUDIENCES, render: false });
  expect(await readlink(join(workspace, "current"))).toBe("nights/000002");
  expect(Object.keys(first)).toEqual(
    expect.arrayContaining([
      "managers/alert.parquet",
      "directors/standardised.parquet",
      "social-teams-toutes-les-agences/household.parquet",
    ]),
  );
  expect(await extractsOf(workspace)).toEqual(first);
});

test("--as-of reads the same inbox as it stood on another date: nothing booked later counts", async () => {
  const workspace = join(folder, "landlord");
  await runTinyNight(workspace, "2026-06-30");
  expect(
    await queryNight(
      workspace,
      `select (select as_of from strategy.night), (select max(booked_on) <= '2026-06-30' from ledger.posting),
         (select max(month) from arrears.lease_month), (select count(*) > 0 from contract.entry where booked_on > '2026-06-30')`,
    ),
  ).toEqual([["2026-06-30", true, "2026-06-01", true]]);
});

test("run.step keeps every step of the night with its time, rows and memory", async () => {
  const steps = await queryNight(
    join(folder, "landlord"),
    "select step, seconds >= 0, peak_mb > 0 from run.step",
  );
  expect(steps.map(([step]) => step)).toEqual(
    expect.arrayContaining([
      "read the inbox",
      "check entry",
      "reconcile",
      "build arrears.lease_month",
      "verify",
    ]),
  );
  const order = ["reconcile", "build risk.feature", "learn onset", "learn worsening", "build risk.estimate"];
  expect(steps.flatMap(([step]) => (order.includes(String(step)) ? [step] : []))).toEqual(order);
  expect(steps.every(([, seconds, memory]) => seconds && memory)).toBe(true);
});
