import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settleState } from "../../pipelines/state/state.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";

/** How a process ended. */
interface Ending {
  readonly signal: string | null;
  readonly code: number | null;
}

const AT_A_TIME = 4;

/** Publishes a night in a process that dies just before its n-th write; how it ended. */
function publishAndDie(folder: string, n: number): Promise<Ending> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "test/state/killed-publish.ts", folder, String(n)],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ signal, code }));
  });
}

const listed = async (folder: string) => (existsSync(folder) ? (await readdir(folder)).sort() : []);

test("whatever write a night is killed before, the state says the same as the night that is published", async () => {
  const outcomes: boolean[] = [];
  let ended: Ending | undefined;
  for (let n = 1; ended?.code !== 7; n += AT_A_TIME) {
    const deaths = Array.from({ length: AT_A_TIME }, (_, i) => lifeAndDeath(n + i));
    for (const death of await Promise.all(deaths)) {
      outcomes.push(death.isPublished);
      ended = death.ended;
    }
  }
  expect(outcomes.length).toBeGreaterThan(12);
  expect(outcomes[0]).toBe(false);
  expect(outcomes.at(-AT_A_TIME - 1)).toBe(true);
  // Published once, published ever after: the switch is one instant.
  expect(outcomes).toEqual([...outcomes].sort((one, other) => Number(one) - Number(other)));
});

/** One night that dies, and the beginning of the next one, which settles what it left. */
async function lifeAndDeath(n: number): Promise<{ ended: Ending; isPublished: boolean }> {
  const root = await mkdtemp(join(tmpdir(), "vigie-killed-"));
  try {
    const ended = await publishAndDie(root, n);
    const workspace = openWorkspace(root);
    await settleState(workspace);
    const isPublished = existsSync(join(workspace.current, "warehouse.duckdb"));
    const expected = isPublished ? ["2026-10-31.1.jsonl"] : [];
    for (const kind of ["alerts", "outbox"]) {
      expect(await listed(join(workspace.state, kind)), `${kind}, killed before write ${n}`).toEqual(
        expected,
      );
    }
    expect(await listed(join(workspace.state, "pending")), `pending, killed before write ${n}`).toEqual([]);
    if (isPublished)
      expect(await readFile(join(workspace.state, "alerts", "2026-10-31.1.jsonl"), "utf8")).toContain(
        "October",
      );
    expect(ended.code === 7 || ended.signal === "SIGKILL", `killed before write ${n}`).toBe(true);
    return { ended, isPublished };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
