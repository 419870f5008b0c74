import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createFeedView } from "../../pipelines/readers/feed-view.ts";
import { malformedRecords } from "../../pipelines/readers/malformed.ts";
import type { StagedFile } from "../../pipelines/readers/reader.ts";
import { StagedRows, type StagedRowsSizes } from "../../pipelines/readers/staged-rows.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";

const folder = mkdtempSync(join(tmpdir(), "vigie-staged-rows-"));
const { connection, close } = await openDatabase(":memory:", { readableFolders: [folder] });
await connection.run("create schema inbox");

afterAll(() => {
  close();
  rmSync(folder, { recursive: true });
});

type Row = readonly [line: number, ...cells: (string | null)[]];

/** Stages rows of two cells and reads them back: `[line, a, b]`, and `[line, reason, value]` of the malformed ones. */
async function staged(rows: readonly Row[], sizes?: StagedRowsSizes) {
  const staging = mkdtempSync(join(folder, "night-"));
  const target = new StagedRows({ fileId: 7 }, staging, 2, sizes);
  for (const [line, ...cells] of rows) {
    target.push(line, cells);
    await target.drain();
  }
  const content = await target.finish();
  const file: StagedFile = {
    ...{ fileId: 7, feedName: "ledger", file: "ledger.xml", bytes: 0, sha256: "", encoding: null },
    columns: ["a", "b"],
    ...content,
  };
  await connection.run(createFeedView("ledger", [file], []));
  const read = await connection.runAndReadAll("select line, a, b from inbox.ledger order by line");
  const malformed = await connection.runAndReadAll(
    `select line, reason, value from (${malformedRecords([file])}) order by line`,
  );
  return { rows: read.getRows(), malformed: malformed.getRows(), content };
}

const SMALL: StagedRowsSizes = { outputBytes: 1, partBytes: 20, rowLimitBytes: 20 };

test("cells are read back as they were pushed, the empty text as null", async () => {
  const rows: Row[] = [
    [2, "A", "1"],
    [3, "", null],
    [5, 'L\'"été" ; , \\ \t', " two\nlines\r\nand\rmore "],
    [9, "=1+1", "NULL"],
  ];
  const read = await staged(rows);
  expect(read.rows).toEqual(rows.map((row) => row.map((cell) => (cell === "" ? null : cell))));
  expect(read.content).toMatchObject({ rowsRead: 4, malformedRows: 0, malformedPath: null });
});

test("nothing pushed, nothing written", async () => {
  expect(await staged([])).toMatchObject({ rows: [], malformed: [], content: { rowsRead: 0 } });
});

test("what cannot be a row stands aside, with its reason", async () => {
  const { rows, malformed, content } = await staged(
    [
      [1, "A", "1"],
      [2, "B"],
      [3, "C", "1", "2"],
      [4, "D\0", '"'],
      [5, "E", "123456789012345678901234567890"],
    ],
    SMALL,
  );
  expect(rows).toEqual([[1, "A", "1"]]);
  expect(malformed).toEqual([
    [2, "wrong_field_count", "B"],
    [3, "wrong_field_count", "C;1;2"],
    [4, "nul_byte", 'D␀;"'],
    [5, "row_too_long", "E;123456789012345678901234567890"],
  ]);
  expect(content).toMatchObject({ rowsRead: 5, malformedRows: 4 });
});

test("every row has a place of its own, also where several stand on one line", async () => {
  const { rows, malformed } = await staged([
    [1, "A", "1"],
    [1, "B", "1"],
    [1, "C"],
    [3, "D", "1"],
    [10, "E", "1"],
  ]);
  expect(rows.map(([line]) => line)).toEqual([1, 2, 4, 10]);
  expect(malformed.map(([line]) => line)).toEqual([3]);
});

test("rows in many parts are all there", async () => {
  const rows: Row[] = Array.from({ length: 100 }, (_, i) => [i + 1, `n° ${i}`, "é"]);
  const read = await staged(rows, SMALL);
  expect(read.rows).toEqual(rows);
  expect(read.content.scan).toMatchObject({ kind: "text" });
});

test("a row of 10 MB passes", async () => {
  const long = 'é"\n'.repeat(2_500_000);
  const { rows } = await staged([[1, "A", long]]);
  expect(rows[0]?.[2] === long).toBe(true);
});
