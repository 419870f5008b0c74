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
    page: await readFile(join(current, "sites", "managers", "index.html"), "utf8"),
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

test("a night killed during any step leaves the last good one, or none, whole, and the next night succeeds", {
  timeout: 1_200_000,
}, async () => {
  const workspace = await makeTinyLandlord();
  await killNight(workspace, (line) => line.includes("check entry"));
  expect(existsSync(join(workspace, "current")), "killed before any night was published").toBe(false);
  const first = await runCli(["nightly", "--workspace", workspace]);
  expect(first.exitCode, first.errors).toBe(0);
  expect(await readlink(join(workspace, "current"))).toBe("nights/000001");
  const steps = first.output.split("\n").flatMap((line) => STEP.exec(line)?.[3]?.trim() ?? []);
  expect(steps).toEqual(
    expect.arrayContaining(["read the inbox", "check entry", "verify", "site managers", "publish"]),
  );
  const good = await currentOf(workspace);

  // Each line tells the end of a step, so killing at a line is killing in the step after it. Steps of one kind (check a
  // table, build a model) differ in nothing that a kill could find: of these, one in sixty-four.
  // Extracts and sites of one kind differ in nothing either: of these, the managers' one.
  // What follows the switch only sends messages: a kill there finds the new night published (test/state, test/notify).
  const moments = steps
    .slice(0, steps.indexOf("publish"))
    .filter(
      (step, index) => index % 64 === 0 || !/^(?:check |build |(?:extract for|site) (?!managers))/.test(step),
    );
  for (const step of moments) {
    await killNight(workspace, (line) => STEP.exec(line)?.[3]?.trim() === step);
    expect(await currentOf(workspace), `killed after « ${step} »`).toEqual(good);
  }
  await killNight(workspace, (line) => line.startsWith("rendering the pages"));
  expect(await currentOf(workspace), "killed while the site was rendered").toEqual(good);

  const next = await runCli(["nightly", "--workspace", workspace]);
  expect(next.exitCode, next.errors).toBe(0);
  const after = await currentOf(workspace);
  expect(after.night).toBe("nights/000002");
  expect(after.shares).toEqual(good.shares);
  expect(after.extract).toEqual(good.extract);
  expect(after.state).toEqual(good.state);
  expect(await readdir(join(workspace, "nights"))).toEqual(["000001", "000002"]);
});
