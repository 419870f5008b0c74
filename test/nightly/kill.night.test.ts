import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../run-cli.ts";
import { makeTinyLandlord, queryNight } from "../tiny-landlord.ts";

const STEP = /^\[ *(\d+)\/(\d+)\] (.{32})/;

/** What readers of the last good night see. */
async function currentOf(workspace: string) {
  const current = join(workspace, "current");
  return {
    night: await readlink(current),
    shares: await queryNight(workspace, "select month, numerator from kpi.share_terms order by all"),
    page: await readFile(join(current, "sites", "pilotage", "index.html"), "utf8"),
    extract: await readFile(join(current, "extracts", "managers", "indicator_month.parquet")),
    state: await stateOf(workspace),
  };
}

/** Every file that nights remember by, with its text. */
async function stateOf(workspace: string) {
  const folder = join(workspace, "state");
  const items = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = items.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
  return Promise.all(files.sort().map(async (file) => [file, await readFile(file, "utf8")] as const));
}

/** Runs a night and kills it as soon as it prints a line that `isTheMoment`. */
async function killNight(workspace: string, isTheMoment: (line: string) => boolean): Promise<void> {
  const run = await runCli(["nightly", "--workspace", workspace], (line, child) => {
    if (isTheMoment(line)) child.kill("SIGKILL");
  });
  expect(run.signal, run.errors).toBe("SIGKILL");
}

/**
 * Runs a night that is held still after each step while `look` reads the folder, and killed after `last`. A process held
 * still has written what it would leave if it were killed there, and nothing more.
 *
 * @returns the steps after which it was looked at.
 */
async function haltNight(
  workspace: string,
  last: string,
  look: (step: string) => Promise<void>,
): Promise<string[]> {
  const waiting: string[] = [];
  const looked: string[] = [];
  let looking: Promise<void> | undefined;
  const lookAtAll = async (child: ChildProcess) => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      await look(step).catch((error: unknown) => {
        child.kill("SIGKILL");
        throw error;
      });
      looked.push(step);
      if (step === last) child.kill("SIGKILL");
    }
    looking = undefined;
    child.kill("SIGCONT");
  };
  const run = await runCli(["nightly", "--workspace", workspace], (line, child) => {
    const step = STEP.exec(line)?.[3]?.trim();
    if (step === undefined) return;
    child.kill("SIGSTOP");
    waiting.push(step);
    looking ??= lookAtAll(child);
  });
  await looking;
  expect(run.signal, run.errors).toBe("SIGKILL");
  return looked;
}

test("a night killed during any step leaves the last good one, or none, whole, and the next night succeeds", async () => {
  const workspace = await makeTinyLandlord();
  await killNight(workspace, (line) => line.includes("check entry"));
  expect(existsSync(join(workspace, "current")), "killed before any night was published").toBe(false);
  const first = await runCli(["nightly", "--workspace", workspace]);
  expect(first.exitCode, first.errors).toBe(0);
  expect(await readlink(join(workspace, "current"))).toBe("nights/000001");
  const steps = first.output.split("\n").flatMap((line) => STEP.exec(line)?.[3]?.trim() ?? []);
  expect(steps).toEqual(
    expect.arrayContaining(["read the inbox", "check entry", "verify", "site pilotage", "publish"]),
  );
  const good = await currentOf(workspace);

  // Each line tells the end of a step: what is looked at is the step after it, under way.
  // What follows the switch only sends messages: a kill there finds the new night published (test/state, test/notify).
  const moments = steps.slice(0, steps.indexOf("publish"));
  const halted = await haltNight(workspace, moments.at(-1) ?? "", async (step) => {
    expect(await currentOf(workspace), `halted after « ${step} »`).toEqual(good);
  });
  expect(halted).toEqual(moments);
  expect(await currentOf(workspace), "killed after the last site").toEqual(good);
  // After a site, while the next is rendered.
  for (const step of ["account for every row", "build arrears.lease_month", "verify", "site pilotage"]) {
    await killNight(workspace, (line) => STEP.exec(line)?.[3]?.trim() === step);
    expect(await currentOf(workspace), `killed after « ${step} »`).toEqual(good);
  }

  const next = await runCli(["nightly", "--workspace", workspace]);
  expect(next.exitCode, next.errors).toBe(0);
  const after = await currentOf(workspace);
  expect(after.night).toBe("nights/000002");
  expect(after.shares).toEqual(good.shares);
  expect(after.extract).toEqual(good.extract);
  expect(after.state).toEqual(good.state);
  expect(await readdir(join(workspace, "nights"))).toEqual(["000001", "000002"]);
});
