import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { UserError } from "../pipelines/user-error.ts";
import {
  beginNight,
  currentNight,
  openWorkspace,
  pruneNights,
  switchToNight,
  type Workspace,
  withLock,
} from "../pipelines/workspace.ts";

async function emptyWorkspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), "vigie-workspace-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return openWorkspace(root);
}

async function publish(workspace: Workspace, content: string): Promise<string> {
  const night = await beginNight(workspace);
  await writeFile(night.warehouse, content);
  return (await switchToNight(workspace, night)).number;
}

describe("the switch", () => {
  test("a finished night becomes current; the one before stays on disk", async () => {
    const workspace = await emptyWorkspace();
    expect(await currentNight(workspace)).toBeUndefined();
    expect(await publish(workspace, "one")).toBe("000001");
    expect(await publish(workspace, "two")).toBe("000002");
    expect(await readFile(join(workspace.current, "warehouse.duckdb"), "utf8")).toBe("two");
    expect(await readdir(workspace.nights)).toEqual(["000001", "000002"]);
  });

  test("killed between the two renames of the switch: the old night serves, the next one starts afresh", async () => {
    const workspace = await emptyWorkspace();
    await publish(workspace, "one");
    await mkdir(join(workspace.nights, "000002"));
    await symlink("nights/000002", `${workspace.current}.next`);
    expect(await readlink(workspace.current)).toBe("nights/000001");
    expect(await publish(workspace, "two")).toBe("000002");
    expect(await readFile(join(workspace.current, "warehouse.duckdb"), "utf8")).toBe("two");
  });

  test("what a killed night was building is cleared by the next", async () => {
    const workspace = await emptyWorkspace();
    await publish(workspace, "one");
    await beginNight(workspace);
    await beginNight(workspace);
    expect(await readdir(workspace.nights)).toEqual(["000001", "000002.partial"]);
  });

  test("only the owner of the process may enter a night and read its files", async () => {
    const workspace = await emptyWorkspace();
    await mkdir(workspace.nights, { mode: 0o755 });
    const night = await beginNight(workspace);
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    for (const folder of [workspace.nights, workspace.state, night.path, night.staging, night.extracts])
      expect([folder, await modeOf(folder)]).toEqual([folder, "700"]);

    await mkdir(join(night.sites, "pilotage"));
    const page = join(night.sites, "pilotage", "index.html");
    for (const file of [night.warehouse, page]) {
      await writeFile(file, "");
      await chmod(file, 0o644);
    }
    await switchToNight(workspace, night);
    for (const path of ["warehouse.duckdb", "sites/pilotage/index.html"])
      expect([path, await modeOf(join(workspace.current, path))]).toEqual([path, "600"]);
    expect(await modeOf(join(workspace.current, "sites/pilotage"))).toBe("700");
  });

  test("the oldest nights go, the last ones stay", async () => {
    const workspace = await emptyWorkspace();
    for (const content of ["one", "two", "three", "four"]) await publish(workspace, content);
    await pruneNights(workspace, { keep: 2, warehouses: 1 });
    expect(await readdir(workspace.nights)).toEqual(["000003", "000004"]);
    expect(await readdir(join(workspace.nights, "000003"))).not.toContain("warehouse.duckdb");
    expect(await readFile(join(workspace.current, "warehouse.duckdb"), "utf8")).toBe("four");
  });
});

describe("the lock", () => {
  test("is given back, and then taken again", async () => {
    const workspace = await emptyWorkspace();
    expect(await withLock(workspace, async () => "one")).toBe("one");
    expect(await withLock(workspace, async () => "two")).toBe("two");
  });

  test("is given back when the work fails", async () => {
    const workspace = await emptyWorkspace();
    const failing = withLock(workspace, () => Promise.reject(new Error("no night")));
    await expect(failing).rejects.toThrow("no night");
    expect(await withLock(workspace, async () => "next")).toBe("next");
  });

  test("keeps a second night out while the first one works", async () => {
    const workspace = await emptyWorkspace();
    const second = await withLock(workspace, () =>
      withLock(workspace, async () => "both").catch((error: unknown) => error),
    );
    expect(second).toBeInstanceOf(UserError);
    expect(second).toMatchObject({ message: expect.stringContaining(`(process ${process.pid})`) });
  });

  test("left in the folder by a dead process, it keeps nobody out", async () => {
    const workspace = await emptyWorkspace();
    await writeFile(join(workspace.root, "lock"), "999999\n");
    expect(await withLock(workspace, async () => "free")).toBe("free");
  });
});
