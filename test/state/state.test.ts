import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { layDown, rememberedBefore, settleState, tell } from "../../pipelines/state/state.ts";
import type { StateKind } from "../../pipelines/state/state-file.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { beginNight, openWorkspace, switchToNight, type Workspace } from "../../pipelines/workspace.ts";

const WORDS: StateKind<{ said: string }> = { folder: "words", line: z.strictObject({ said: z.string() }) };

async function emptyWorkspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), "vigie-state-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return openWorkspace(root);
}

/** A night in small: remembers, adds words, becomes current. */
async function nightThatSays(
  workspace: Workspace,
  asOf: string,
  words: readonly string[],
): Promise<string[]> {
  await settleState(workspace);
  const { follows, lines } = await rememberedBefore(workspace, WORDS, asOf);
  const night = await beginNight(workspace);
  const said = words.map((word) => ({ said: word }));
  await layDown(workspace, night, await tell(workspace, WORDS, asOf, follows, said));
  await switchToNight(workspace, night);
  await settleState(workspace);
  return lines.map((line) => line.said);
}

async function filesOf(workspace: Workspace): Promise<Record<string, string>> {
  const folder = join(workspace.state, "words");
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

test("a night knows what the nights before it said, oldest first", async () => {
  const workspace = await emptyWorkspace();
  expect(await nightThatSays(workspace, "2026-09-30", ["one"])).toEqual([]);
  expect(await nightThatSays(workspace, "2026-10-31", ["two", "three"])).toEqual(["one"]);
  expect(await nightThatSays(workspace, "2026-11-30", [])).toEqual(["one", "two", "three"]);
  expect(await nightThatSays(workspace, "2026-12-31", [])).toEqual(["one", "two", "three"]);
});

test("the same night again finds what it found and adds no file; a new telling stands beside the old one", async () => {
  const workspace = await emptyWorkspace();
  await nightThatSays(workspace, "2026-09-30", ["one"]);
  await nightThatSays(workspace, "2026-10-31", ["two"]);
  const before = await filesOf(workspace);
  expect(await nightThatSays(workspace, "2026-10-31", ["two"])).toEqual(["one"]);
  expect(await filesOf(workspace)).toEqual(before);

  expect(await nightThatSays(workspace, "2026-10-31", ["two, corrected"])).toEqual(["one"]);
  expect(await filesOf(workspace)).toEqual({
    ...before,
    "2026-10-31.2.jsonl":
      '{"as_of":"2026-10-31","revision":2,"follows":"2026-09-30.1","lines":1}\n{"said":"two, corrected"}\n',
  });
  expect(await nightThatSays(workspace, "2026-11-30", [])).toEqual(["one", "two, corrected"]);
});

test("a night dated back sees nothing later, and later nights go on as if it had not been", async () => {
  const workspace = await emptyWorkspace();
  await nightThatSays(workspace, "2026-06-30", ["June"]);
  await nightThatSays(workspace, "2026-11-15", ["November"]);
  expect(await nightThatSays(workspace, "2026-08-31", ["August, told afterwards"])).toEqual(["June"]);
  expect(await nightThatSays(workspace, "2026-11-16", [])).toEqual(["June", "November"]);
});

test("deleting every night keeps what was said", async () => {
  const workspace = await emptyWorkspace();
  await nightThatSays(workspace, "2026-09-30", ["one"]);
  await nightThatSays(workspace, "2026-10-31", ["two"]);
  const before = await filesOf(workspace);
  await rm(workspace.nights, { recursive: true });
  await rm(workspace.current);
  expect(await nightThatSays(workspace, "2026-10-31", ["two"])).toEqual(["one"]);
  expect(await filesOf(workspace)).toEqual(before);
});

test("only the owner may read the state", async () => {
  const workspace = await emptyWorkspace();
  await nightThatSays(workspace, "2026-09-30", ["one"]);
  const modes = [
    workspace.state,
    join(workspace.state, "words"),
    join(workspace.state, "words", "2026-09-30.1.jsonl"),
  ];
  const found = await Promise.all(modes.map(async (path) => ((await stat(path)).mode & 0o777).toString(8)));
  expect(found).toEqual(["700", "700", "600"]);
});

test("whatever the order of dates, a night knows exactly the chain of the tellings that it continues", async () => {
  const dates = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(dates, async (days) => {
      const root = await mkdtemp(join(tmpdir(), "vigie-state-"));
      try {
        const workspace = openWorkspace(root);
        const known = new Map<number, string[]>();
        for (const [i, day] of days.entries()) {
          const words = [`${day}, night ${i}`];
          const earlier = Math.max(...[...known.keys()].filter((other) => other < day));
          const expected = known.get(earlier) ?? [];
          expect(await nightThatSays(workspace, `2026-01-0${day}`, words)).toEqual(expected);
          known.set(day, [...expected, ...words]);
        }
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    }),
    { numRuns: 25, seed: 11 },
  );
});

test.each([
  [
    "a line cut short",
    '{"as_of":"2026-09-30","revision":1,"follows":null,"lines":1}\n{"said":"on',
    "announces 1 lines",
  ],
  [
    "a line lost",
    '{"as_of":"2026-09-30","revision":1,"follows":null,"lines":2}\n{"said":"one"}\n',
    "announces 2 lines and holds 1",
  ],
  [
    "no JSON",
    '{"as_of":"2026-09-30","revision":1,"follows":null,"lines":1}\n{"said":one}\n',
    'jsonl:2: the state is damaged: it is no JSON: {"said":one}',
  ],
  [
    "another shape",
    '{"as_of":"2026-09-30","revision":1,"follows":null,"lines":1}\n{"said":1}\n',
    "jsonl:2: the state is damaged: it said: ",
  ],
  ["another date", '{"as_of":"2026-09-29","revision":1,"follows":null,"lines":0}\n', "tells of 2026-09-29.1"],
  [
    "what it follows is missing",
    '{"as_of":"2026-09-30","revision":1,"follows":"2026-08-31.1","lines":0}\n',
    "state/words/2026-08-31.1.jsonl: the state is damaged: it is missing",
  ],
])("a damaged file is named with its line and what to do: %s", async (_, text, message) => {
  const workspace = await emptyWorkspace();
  await mkdir(join(workspace.state, "words"), { recursive: true });
  await writeFile(join(workspace.state, "words", "2026-09-30.1.jsonl"), text);
  const failing = rememberedBefore(workspace, WORDS, "2026-10-31");
  await expect(failing).rejects.toThrow(UserError);
  await expect(failing).rejects.toThrow(message);
  await expect(failing).rejects.toMatchObject({ remedy: expect.stringContaining("backup") });
});

test("a file that is none of the state's is refused by name", async () => {
  const workspace = await emptyWorkspace();
  await mkdir(join(workspace.state, "words"), { recursive: true });
  await writeFile(join(workspace.state, "words", "copy of 2026-09-30.1.jsonl"), "");
  await expect(rememberedBefore(workspace, WORDS, "2026-10-31")).rejects.toThrow(
    "state/words/copy of 2026-09-30.1.jsonl: is no file of the state",
  );
});
