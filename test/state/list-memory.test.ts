import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { loadListMemory, rememberedLists, tellLists } from "../../pipelines/state/list-memory.ts";
import { openDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { openWorkspace, type Workspace } from "../../pipelines/workspace.ts";

let folder: string;
let workspace: Workspace;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-lists-"));
  workspace = openWorkspace(folder);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A night whose list holds these leases, in their order, and what it remembers of the nights before. */
async function night(asOf: string, leases: readonly string[], months = 15) {
  const remembered = await rememberedLists(workspace, asOf, months);
  const database = await openDatabase(":memory:");
  try {
    const { connection } = database;
    await loadListMemory(connection, remembered.lines);
    await connection.run(`
      create schema prevention;
      create table prevention.list (
        as_of date, lease_id varchar, agency_id varchar, place integer, probability double, listed_since date, in_shadow boolean
      )`);
    for (const [i, lease] of leases.entries())
      await connection.run(
        `insert into prevention.list values ('${asOf}', '${lease}', 'A1', ${i + 1}, ${1 / 3}, '${asOf}', false)`,
      );
    const files = await tellLists(connection, workspace, asOf, remembered.follows);
    for (const { path, text } of files) {
      await mkdir(dirname(join(workspace.state, path)), { recursive: true });
      await writeFile(join(workspace.state, path), text);
    }
    const known = await queryRows(
      connection,
      "select as_of, lease_id, probability from remembered.listed order by as_of, place",
      z.object({ as_of: z.string(), lease_id: z.string(), probability: z.number() }),
    );
    return { files: files.length, known: known.map(({ as_of, lease_id }) => `${as_of} ${lease_id}`) };
  } finally {
    database.close();
  }
}

describe("lists of earlier nights", () => {
  test("are known to the next one, whoever was on them", async () => {
    expect(await night("2024-06-01", ["L2", "L1"])).toEqual({ files: 1, known: [] });
    expect(await night("2024-06-02", ["L3"])).toMatchObject({ known: ["2024-06-01 L2", "2024-06-01 L1"] });
    expect((await night("2024-06-03", [])).known).toEqual([
      "2024-06-01 L2",
      "2024-06-01 L1",
      "2024-06-02 L3",
    ]);
  });

  test("stay as they are when a night is run again, and tell it nothing of itself", async () => {
    await night("2024-06-01", ["L1"]);
    const first = await night("2024-06-02", ["L2"]);
    expect(await night("2024-06-02", ["L2"])).toEqual({ files: 0, known: first.known });
    expect(await readdir(join(workspace.state, "lists"))).toEqual([
      "2024-06-01.1.jsonl",
      "2024-06-02.1.jsonl",
    ]);
  });

  test("are read as far back as anything looks at them, and no further", async () => {
    await night("2023-01-31", ["L1"]);
    await night("2024-05-31", ["L2"]);
    expect((await night("2024-06-30", [], 3)).known).toEqual(["2024-05-31 L2"]);
  });
});
