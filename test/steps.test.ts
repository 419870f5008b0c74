import { expect, test } from "vitest";
import { startSteps } from "../pipelines/steps.ts";

test("a step that tells its parts is one line and one record, like any other", async () => {
  const lines: string[] = [];
  const steps = startSteps({ isTerminal: false, write: (line) => lines.push(line) }, 2);
  await steps.run("read the inbox", async () => ({ rows: 3 }));
  const { models } = await steps.run("learn onset", async (tell) => {
    tell(1, 2, "fold");
    tell(2, 2, "fold");
    return { rows: 42_814, models: 2 };
  });
  steps.close();
  expect(models).toBe(2);
  expect(lines).toEqual([
    expect.stringMatching(/^\[1\/2\] read the inbox +3 rows +\d+\.\d\d s$/),
    expect.stringMatching(/^\[2\/2\] learn onset +42,814 rows +\d+\.\d\d s$/),
  ]);
  expect(steps.records.map(({ step, rows }) => [step, rows])).toEqual([
    ["read the inbox", 3],
    ["learn onset", 42_814],
  ]);
});
