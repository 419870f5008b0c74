import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { afterAll, expect, test } from "vitest";
import { Delivery } from "../../data-samples/simulator/delivery.ts";
import { writeParquet } from "../../data-samples/simulator/exports/parquet.ts";
import { writeShare } from "../../data-samples/simulator/exports/parquet-dwellings.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-parquet-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const stock = { dwellings: 70, dwellingsAFile: 30, seed: 4, window: windowOf(6) };

test("several files a table, written by threads, are those that one would write", async () => {
  const done: number[] = [];
  const folder = join(scratch, "threads");
  const written = await writeParquet(folder, stock, (dwellings) => done.push(dwellings));

  const alone = join(scratch, "alone");
  const share = await writeShare(new Delivery(alone), { stock, share: 0, shares: 1 }, () => {});
  const files = fingerprints(alone);
  expect(Object.keys(files)).toHaveLength(15 * 3);
  expect(files).toHaveProperty(["entry/entry_20261115_003.parquet"]);
  expect(fingerprints(join(folder, "inbox"))).toMatchObject(files);

  expect(written).toEqual({ entries: share.entries, leases: share.leases });
  expect(done.at(-1)).toBe(70);
  expect(done).toHaveLength(3);
});

function fingerprints(folder: string): Record<string, string> {
  const files = globSync("**/*", { cwd: folder }).sort();
  const hash = (file: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
  return Object.fromEntries(files.map((file) => [file, hash(file)]));
}
