import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startSteps } from "../pipelines/steps.ts";

const PARTS = ["files", "indicators", "pages"];

/** What a night would print, and how far it would be by the words of its progress bar. */
function printed(options: { isTerminal: boolean; isVerbose?: boolean }) {
  const lines: string[] = [];
  const steps = startSteps({ ...options, write: (line) => lines.push(line) }, 3, PARTS);
  return { lines, steps };
}

/** One step of each kind: alone in its part, one of two, and one that tells how far it is. */
async function work(steps: ReturnType<typeof startSteps>): Promise<void> {
  steps.part("files", "reading 2 files");
  await steps.run("read the inbox", async () => ({ rows: 12_345 }));
  steps.part("indicators", "computing indicators", [2, "tables"]);
  await steps.run("build kpi.cei", async () => ({ rows: 3 }));
  await steps.run("build kpi.cost", async (progress) => {
    progress(1, 1_000, "dwelling");
    return { rows: 4 };
  });
  steps.close();
}

const withoutTimes = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/\s+\d+\.\d+ s$/, "").replaceAll(/ {2,}/g, " "));

describe("a log", () => {
  test.each([{ isTerminal: false }, { isTerminal: true, isVerbose: true }])(
    "%o: one line a step",
    async (output) => {
      const { lines, steps } = printed(output);
      await work(steps);
      expect(withoutTimes(lines)).toEqual([
        "[1/3] read the inbox 12,345 rows",
        "[2/3] build kpi.cei 3 rows",
        "[3/3] build kpi.cost 4 rows",
      ]);
    },
  );
});

describe("a terminal", () => {
  const before = { isTTY: process.stderr.isTTY, columns: process.stderr.columns };
  let shown = "";
  beforeEach(() => {
    shown = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      shown += text;
      return true;
    });
    Object.assign(process.stderr, { isTTY: true, columns: 200 });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    Object.assign(process.stderr, before);
  });

  test("one line a part, in words", async () => {
    const { lines, steps } = printed({ isTerminal: true });
    await work(steps);
    expect(withoutTimes(lines)).toEqual(["reading 2 files", "computing indicators: 2 tables"]);
  });

  test("below, what is being done, how far it is, and what is left", async () => {
    await work(printed({ isTerminal: true }).steps);
    expect(shown).toContain("reading 2 files, then indicators, pages");
    expect(shown).toContain("computing indicators: 1 of 2 tables – dwelling 1 of 1,000, then pages");
  });

  test("is cut to the width of the terminal, never wrapped", async () => {
    process.stderr.columns = 40;
    await work(printed({ isTerminal: true }).steps);
    expect(shown).toContain("reading 2 files, then");
    expect(shown).not.toContain("then indicators, pages");
  });

  test("a part that fails is not told as done", async () => {
    const { lines, steps } = printed({ isTerminal: true });
    steps.part("files", "reading 2 files");
    await expect(steps.run("read the inbox", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    steps.close();
    expect(lines).toEqual([]);
  });
});

test("every step is kept, whatever is printed", async () => {
  const { steps } = printed({ isTerminal: true });
  await work(steps);
  expect(steps.records.map(({ step, rows }) => [step, rows])).toEqual([
    ["read the inbox", 12_345],
    ["build kpi.cei", 3],
    ["build kpi.cost", 4],
  ]);
});

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
