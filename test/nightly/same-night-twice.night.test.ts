import { createHash } from "node:crypto";
import { readdir, readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { runNight } from "../../pipelines/nightly.ts";
import { AUDIENCES } from "../../pipelines/publish/sites.ts";
import { copyOf, simulatedNight, tinyNight } from "../shared-landlord.ts";
import { makeTinyLandlord, queryNight, runTinyNight } from "../tiny-landlord.ts";

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

test("the same night run twice gives the same bytes in its extracts, on one processor thread or on several", async () => {
  const workspace = await copyOf(await simulatedNight());
  onTestFinished(() => rm(join(workspace, ".."), { recursive: true, force: true }));
  const first = await extractsOf(workspace);
  vi.stubEnv("VIGIE_THREADS", "3");
  onTestFinished(() => void vi.unstubAllEnvs());
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
  const workspace = await makeTinyLandlord();
  await runTinyNight(workspace, "2024-02-29");
  expect(
    await queryNight(
      workspace,
      `select (select as_of from strategy.night), (select max(booked_on) <= '2024-02-29' from ledger.posting),
         (select max(month) from arrears.lease_month), (select count(*) > 0 from contract.entry where booked_on > '2024-02-29')`,
    ),
  ).toEqual([["2024-02-29", true, "2024-02-01", true]]);
});

test("run.step keeps every step of the night with its time, rows and memory", async () => {
  const steps = await queryNight(await tinyNight(), "select step, seconds >= 0, peak_mb > 0 from run.step");
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
