import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { KeptReadings } from "../../pipelines/readers/kept-readings.ts";
import type { Feed } from "../../pipelines/strategy/strategy.ts";
import { type ReadBack, readBack } from "./read-back.ts";

mkdirSync(inject("runFolder"), { recursive: true });
const root = mkdtempSync(join(inject("runFolder"), "kept-readings-"));
const SAMPLES = new URL("../../data-samples/formats/", import.meta.url);
const sample = (name: string) => readFileSync(new URL(name, SAMPLES));

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A workspace's folder of readings, and nights that read an inbox with it. */
function keeping() {
  const folder = join(mkdtempSync(join(root, "workspace-")), "cache", "read");
  const told: string[] = [];
  const night = async (files: Files, keys: Partial<Feed> = {}, version?: string): Promise<ReadBack> => {
    const readings = await KeptReadings.open(folder, (line) => told.push(line), version);
    const read = await readBack(files, keys, { readings });
    await readings.prune();
    return read;
  };
  /** The readings that are kept, each with the moment at which it was: one read again has another. */
  const kept = () =>
    readdirSync(folder)
      .sort()
      .map((name) => [name, statSync(join(folder, name, "reading.json"), { bigint: true }).mtimeNs]);
  return { folder, told, night, kept };
}

/** What counts of what was read: not where it is staged. */
function facts({ columns, rows, malformed, staged }: ReadBack) {
  return {
    ...{ columns, rows, malformed },
    files: staged.map(({ malformedPath, scan, ...rest }) => ({
      ...rest,
      kind: scan.kind,
      malformedPath: malformedPath !== null,
    })),
  };
}

const FORMATS: [string, Partial<Feed>][] = [
  ["semicolon-windows-1252.csv", {}],
  ["pipe-utf-8.csv.gz", {}],
  ["malformed.csv", {}],
  ["fec-pipe-iso-8859-15.txt", { format: "fec" }],
  ["cfonb120.txt", { format: "cfonb120" }],
  ["camt053-08.xml", { format: "camt" }],
  ["pain002.xml", { format: "pain002" }],
  ["ledger.xlsx", { format: "xlsx", header_row: 3, header_rows: 2 }],
  ["ledger.parquet", { format: "parquet" }],
];

describe.each(FORMATS)("%s", (name, keys) => {
  const files = { [name]: sample(name) };

  test("is read the same without readings, the first night, and the next, which does not read it again", async () => {
    const { night, kept, told } = keeping();
    const without = facts(await readBack(files, keys));
    expect(without.rows.length).toBeGreaterThan(0);
    expect(facts(await night(files, keys))).toEqual(without);
    const first = kept();
    expect(first).toHaveLength(1);
    expect(facts(await night(files, keys))).toEqual(without);
    expect(kept()).toEqual(first);
    expect(told).toEqual([]);
  });

  test("is read again, and told, when what is kept of it was cut, changed or emptied", async () => {
    const { folder, night, kept, told } = keeping();
    const first = facts(await night(files, keys));
    const [[entry] = [""]] = kept();
    const parts = readdirSync(join(folder, String(entry)));
    for (const part of parts) {
      const path = join(folder, String(entry), part);
      const bytes = readFileSync(path);
      for (const spoilt of [bytes.subarray(0, -1), withByteChanged(bytes), Buffer.alloc(0)]) {
        rmSync(path);
        writeFileSync(path, spoilt);
        expect(facts(await night(files, keys))).toEqual(first);
        expect(told.splice(0)).toEqual([
          `inbox/${name}: what an earlier night kept of it is damaged: it is read again`,
        ]);
        expect(facts(await night(files, keys))).toEqual(first);
        expect(told).toEqual([]);
      }
    }
  });
});

function withByteChanged(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const middle = bytes.length >> 1;
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}

test("a part that is gone, or the whole reading, or the whole folder: the file is read again", async () => {
  const { folder, night, kept } = keeping();
  const files = { "1.csv": "a;b\n1;2\n3\n" };
  const first = facts(await night(files));
  const entry = join(folder, String(kept()[0]?.[0]));
  expect(readdirSync(entry).sort()).toEqual(["malformed.csv", "part-1.csv", "reading.json"]);
  for (const gone of ["part-1.csv", "malformed.csv", "reading.json", "."]) {
    rmSync(join(entry, gone), { recursive: true });
    expect(facts(await night(files))).toEqual(first);
    expect(kept()).toHaveLength(1);
  }
  rmSync(folder, { recursive: true });
  expect(facts(await night(files))).toEqual(first);
});

test("the folder may go while a night goes on: what is staged stays, what cannot be kept is told", async () => {
  const folder = join(mkdtempSync(join(root, "workspace-")), "cache", "read");
  const told: string[] = [];
  const readings = await KeptReadings.open(folder, (line) => told.push(line));
  await readBack({ "1.csv": "a;b\n1;2\n" }, {}, { readings });
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "no folder");
  const { rows } = await readBack({ "1.csv": "a;b\n1;3\n" }, {}, { readings });
  expect(rows).toEqual([[1, 2, "1", "3"]]);
  await readings.prune();
  expect(told).toEqual([
    "inbox/1.csv: what an earlier night kept of it is damaged: it is read again",
    expect.stringMatching(
      /^inbox\/1\.csv: what was read of it cannot be kept, and is read again next time: /,
    ),
    expect.stringMatching(/^what earlier nights kept of their files cannot be deleted: /),
  ]);
});

test("a file is read again when one byte of it changed, another not", async () => {
  const { night, kept } = keeping();
  await night({ "1.csv": "a;b\n1;2\n", "2.csv": "a;b\n3;4\n" });
  const first = kept();
  const { rows } = await night({ "1.csv": "a;b\n1;2\n", "2.csv": "a;b\n3;5\n" });
  expect(rows).toEqual([
    [1, 2, "1", "2"],
    [2, 2, "3", "5"],
  ]);
  // What no file of the inbox is any more is deleted: the reading of file 1 stays, that of file 2 is another.
  const second = kept();
  expect(second).toHaveLength(2);
  expect(second.filter(([name]) => first.some(([before]) => before === name))).toHaveLength(1);
  expect(second.filter((one) => first.some((before) => before.join() === one.join()))).toHaveLength(1);
});

test("a file under a new name and number is not read again, and is told by its new name", async () => {
  const { night, kept } = keeping();
  await night({ "old.csv": "a;b\n1;2\n3\n" });
  const [reading = []] = kept();
  const { rows, malformed, staged } = await night({
    "new.csv": "a;b\n8;9\n",
    "renamed.csv": "a;b\n1;2\n3\n",
  });
  expect(rows).toEqual([
    [1, 2, "8", "9"],
    [2, 2, "1", "2"],
  ]);
  expect(malformed).toEqual([[2, 3, "wrong_field_count", "3"]]);
  expect(staged.map(({ fileId, file }) => [fileId, file])).toEqual([
    [1, "new.csv"],
    [2, "renamed.csv"],
  ]);
  expect(kept()).toContainEqual(reading);
});

test("of files with the same content one is read, and all have its rows", async () => {
  const { night, kept } = keeping();
  const { rows } = await night({ "1.csv": "a;b\n1;2\n", "2.csv": "a;b\n1;2\n", "3.csv": "a;b\n1;2\n" });
  expect(rows).toEqual([1, 2, 3].map((file) => [file, 2, "1", "2"]));
  expect(kept()).toHaveLength(1);
});

describe("the same bytes are read anew", () => {
  test("in another declared encoding", async () => {
    const { night } = keeping();
    const files = { "1.csv": new Uint8Array([...Buffer.from("a;b\n"), 0xa4, 0x3b, 0x31, 0x0a]) };
    expect((await night(files, { encoding: "windows-1252" })).rows).toEqual([[1, 2, "¤", "1"]]);
    expect((await night(files, { encoding: "iso-8859-15" })).rows).toEqual([[1, 2, "€", "1"]]);
  });

  test("with another separator, quote or header row", async () => {
    const { night } = keeping();
    const files = { "1.csv": 'a;b,c\n"1";2,3\n' };
    expect((await night(files, { separator: ";" })).rows).toEqual([[1, 2, "1", "2,3"]]);
    expect((await night(files, { separator: "," })).rows).toEqual([]);
    expect((await night(files, { separator: ",", quote: "'" })).rows).toEqual([[1, 2, '"1";2', "3"]]);
    const workbook = { "1.xlsx": sample("ledger.xlsx") };
    const { columns } = await night(workbook, { format: "xlsx", header_row: 3, header_rows: 2 });
    expect((await night(workbook, { format: "xlsx", header_row: 4 })).columns).not.toEqual(columns);
  });

  test("under a name that says gzip", async () => {
    const { night } = keeping();
    await night({ "1.csv": "a;b\n1;2\n" });
    await expect(night({ "1.csv.gz": "a;b\n1;2\n" })).rejects.toThrow("inbox/1.csv.gz");
  });

  test("by another version of the readers", async () => {
    const { night, kept } = keeping();
    await night({ "1.csv": "a;b\n1;2\n" }, {}, "one");
    const [one] = kept();
    await night({ "1.csv": "a;b\n1;2\n" }, {}, "two");
    expect(kept()).not.toContainEqual(one);
  });
});

test("a file that is refused leaves nothing, and is refused again", async () => {
  const { night, kept } = keeping();
  const files = { "1.csv": "a;b\n1;2\n", "2.csv": "" };
  const told = "inbox/2.csv";
  await expect(night(files)).rejects.toThrow(told);
  const first = kept();
  expect(first).toHaveLength(1);
  await expect(night(files)).rejects.toThrow(told);
  expect(kept()).toEqual(first);
});

test("what killed nights left is deleted, and the folder is its owner's only", async () => {
  const { folder, night, kept } = keeping();
  await night({ "1.csv": "a;b\n1;2\n" });
  mkdirSync(join(folder, "scratch-of-a-killed-night"));
  await night({ "1.csv": "a;b\n1;2\n" });
  expect(kept()).toHaveLength(1);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});
