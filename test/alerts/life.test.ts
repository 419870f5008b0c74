import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { UserError } from "../../pipelines/user-error.ts";
import { runSmallNight, type SmallNight } from "./small-night.ts";

/** Agency A1: fine in January, red in March for the second closing running, worse in April, back in May and June. */
const HISTORY = [[0.04], [0.09], [0.1, true], [0.12, true], [0.06], [0.05]] as const;

/** What is known on a night: the closings of the months that are over. */
function night(asOf: string, agencies: SmallNight["figures"] = { "agency/A1": HISTORY }): SmallNight {
  const closings = Number(asOf.slice(5, 7)) - 1;
  const figures = Object.entries(agencies).map(([slice, all]) => [slice, all.slice(0, closings)] as const);
  return { asOf, figures: Object.fromEntries(figures) };
}

async function emptyFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "vigie-alerts-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** Every file of the state with its text. */
async function stateOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(join(folder, "state"), { recursive: true });
  const files = names.filter((name) => name.endsWith(".jsonl")).sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (name) => [name, await readFile(join(folder, "state", name), "utf8")])),
  );
}

const ID = "share_3_terms:agency:A1:2024-03";

test("an alert opens at the second red closing, worsens, gets better, closes after two closings, and is remembered", async () => {
  const folder = await emptyFolder();
  const before = await runSmallNight(folder, night("2024-03-15"));
  expect(before.alerts).toEqual([]);

  const opened = await runSmallNight(folder, night("2024-04-02"));
  expect(opened.changes).toEqual([`${ID} opened`]);
  expect(opened.alerts).toMatchObject([
    {
      opened_on: "2024-04-02",
      opened_month: "2024-03-01",
      base_month: "2024-01-01",
      trend: "new",
      value: 0.1,
      months_red: 2,
    },
  ]);
  expect(opened.plans.map(({ status }) => status)).toEqual(["open", "open", "open"]);

  const sameMonth = await runSmallNight(folder, night("2024-04-20"));
  expect(sameMonth.changes).toEqual([]);
  expect(sameMonth.alerts).toMatchObject([{ opened_on: "2024-04-02", status: "open", trend: "new" }]);

  const worse = await runSmallNight(folder, night("2024-05-02"));
  expect(worse.changes).toEqual([`${ID} worsened`]);
  expect(worse.alerts).toMatchObject([{ trend: "worsened", value: 0.12, value_at_opening: 0.1 }]);
  const told = await runSmallNight(folder, night("2024-05-03"));
  expect(told.changes).toEqual([]);
  expect(told.alerts).toMatchObject([{ trend: "worsened" }]);

  const better = await runSmallNight(folder, night("2024-06-02"));
  expect(better.changes).toEqual([]);
  expect(better.alerts).toMatchObject([{ status: "open", trend: "improved", months_red: 0 }]);

  const closed = await runSmallNight(folder, night("2024-07-02"));
  expect(closed.changes).toEqual([`${ID} closed`]);
  expect(closed.alerts).toMatchObject([
    { status: "closed", opened_on: "2024-04-02", closed_on: "2024-07-02" },
  ]);

  const remembered = await stateOf(folder);
  await rm(join(folder, "nights"), { recursive: true });
  await rm(join(folder, "current"));
  const rebuilt = await runSmallNight(folder, night("2024-07-02"));
  expect(rebuilt).toEqual(closed);
  expect(await stateOf(folder)).toEqual(remembered);
});

test("a long history built at once opens what is red at its last closing, and nothing of the past", async () => {
  const inApril = await runSmallNight(await emptyFolder(), night("2024-05-02"));
  expect(inApril.alerts).toMatchObject([
    { alert_id: "share_3_terms:agency:A1:2024-04", opened_on: "2024-05-02" },
  ]);
  const inJune = await runSmallNight(await emptyFolder(), night("2024-07-02"));
  expect(inJune.alerts).toEqual([]);
});

test("the same night twice changes nothing; a night dated back knows nothing of later ones, nor they of it", async () => {
  const folder = await emptyFolder();
  const first = await runSmallNight(folder, night("2024-05-02"));
  const remembered = await stateOf(folder);
  expect(await runSmallNight(folder, night("2024-05-02"))).toEqual(first);
  expect(await stateOf(folder)).toEqual(remembered);

  const datedBack = await runSmallNight(folder, night("2024-04-02"));
  expect(datedBack.alerts).toMatchObject([{ alert_id: ID, opened_on: "2024-04-02", trend: "new" }]);

  const next = await runSmallNight(folder, night("2024-05-03"));
  expect(next.changes).toEqual([]);
  expect(next.alerts).toEqual(first.alerts);
});

test("the effect of a plan is measured against the agencies out of alert, once it was due and two closings have passed", async () => {
  const folder = await emptyFolder();
  // The others gain a point each, give or take; A1 loses five from March to June.
  const others = [0.009, 0.01, 0.011, 0.01].map(
    (gain, i) =>
      [
        `agency/B${i}`,
        [0.03, 0.03, 0.03, 0.03, 0.03 + gain, 0.03 + gain].map((value) => [value] as const),
      ] as const,
  );
  const agencies = { "agency/A1": HISTORY, ...Object.fromEntries(others) };
  const playbook = `
playbook: { plans: { share_3_terms: [{ action: Appeler, owner: prevention_desk, days: 30, expected: -0.01 }] } }`;
  await runSmallNight(folder, night("2024-04-02", agencies), playbook);
  const due = await runSmallNight(folder, night("2024-06-02", agencies), playbook);
  expect(due.plans).toMatchObject([{ due_on: "2024-05-02", status: "due", measured_effect: null }]);
  const measured = await runSmallNight(folder, night("2024-07-02", agencies), playbook);
  expect(measured.plans).toMatchObject([{ status: "closed", measured_month: "2024-06-01" }]);
  const [plan] = measured.plans;
  // 0.05 − 0.10 for A1, less 0.01 for the others; t(3) × 0.000816 × √(1 + 1/4).
  expect(plan?.measured_effect).toBeCloseTo(-0.06, 9);
  expect(plan?.measured_low).toBeCloseTo(-0.06 - 0.002905, 6);
  expect(plan?.measured_high).toBeCloseTo(-0.06 + 0.002905, 6);
  expect(plan?.measured_basis_fr).toContain("4 agences sans alerte");
});

test("a damaged file of the state is named, and the night does not begin", async () => {
  const folder = await emptyFolder();
  await runSmallNight(folder, night("2024-04-02"));
  const file = join(folder, "state", "alerts", "2024-04-02.1.jsonl");
  await writeFile(file, (await readFile(file, "utf8")).replace('"happened":"opened"', '"happened":"open"'));
  const failing = runSmallNight(folder, night("2024-05-02"));
  await expect(failing).rejects.toThrow(UserError);
  await expect(failing).rejects.toThrow(
    "state/alerts/2024-04-02.1.jsonl:2: the state is damaged: it happened: ",
  );
});
