import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createFeedView } from "../../pipelines/readers/feed-view.ts";
import { readBack } from "./read-back.ts";

describe("files of one feed", () => {
  test("are one view, whatever their separator, order of columns, encoding and compression", async () => {
    const { columns, rows } = await readBack({
      "nord/1.csv": "bail;montant\nA;1\n",
      "nord/2.csv.gz": gzipSync("montant,bail\n2,B\n"),
      "sud/3.csv": 'Bail\t"montant"\r\n"C\nC"\t3\r\nD\t4\r\n',
      "sud/4.csv": "bail;montant\n",
    });
    expect(columns).toEqual(["bail", "montant"]);
    expect(rows).toEqual([
      [1, 2, "A", "1"],
      [2, 2, "B", "2"],
      [3, 2, "C\nC", "3"],
      [3, 4, "D", "4"],
    ]);
  });

  test("may be without any row", async () => {
    expect(await readBack({ "1.csv": "a;b\n", "2.csv": "b;a\n" })).toMatchObject({
      columns: ["a", "b"],
      rows: [],
    });
  });

  test("have a view even when all their records are malformed", async () => {
    const { rows, malformed, columns } = await readBack({ "1.csv": "a;b\n1\n" });
    expect([columns, rows, malformed]).toEqual([["a", "b"], [], [[1, 2, "wrong_field_count", "1"]]]);
  });

  test("keep their malformed records apart", async () => {
    const { rows, malformed } = await readBack({
      "1.csv": "a;b\n1\n1;2\n",
      "2.csv": "a;b\n1;2\n",
      "3.csv": 'a;b\n\n"',
    });
    expect(rows.map(([file, line]) => [file, line])).toEqual([
      [1, 3],
      [2, 2],
    ]);
    expect(malformed).toEqual([
      [1, 2, "wrong_field_count", "1"],
      [3, 3, "unterminated_quote", '"'],
    ]);
  });

  test("may have column names that SQL would mistake", async () => {
    const names = [`l'"été"`, "select", "Montant dû (€)", "a b", "field_1", "{x: 'y'}", "*"];
    const { columns, rows } = await readBack({ "1.csv": `${names.join(";")}\n1;2;3;4;5;6;7\n` });
    expect(columns).toEqual(names);
    expect(rows).toEqual([[1, 2, "1", "2", "3", "4", "5", "6", "7"]]);
  });
});

describe("a column that some files lack", () => {
  const files = { "1.csv": "bail;montant;motif\nA;1;x\n", "2.csv": "montant;bail\n2;B\n" };

  test("is read as null when it is optional", async () => {
    const { columns, rows } = await readBack(files, { optional_columns: ["motif"] });
    expect(columns).toEqual(["bail", "montant", "motif"]);
    expect(rows).toEqual([
      [1, 2, "A", "1", "x"],
      [2, 2, "B", "2", null],
    ]);
  });

  test("is refused otherwise, with the file, the column and the columns found", async () => {
    await expect(readBack(files)).rejects.toThrow(
      'inbox/2.csv: has no column "motif", which inbox/1.csv has; its columns are montant, bail',
    );
  });

  test("is refused too when the later file has it", async () => {
    await expect(readBack({ "1.csv": "bail\nA\n", "2.csv": "bail;motif\nB;x\n" })).rejects.toThrow(
      'inbox/1.csv: has no column "motif", which inbox/2.csv has; its columns are bail',
    );
  });

  test("stands in the view when it is optional and no file has it", async () => {
    expect(await readBack({ "1.csv": "bail\nA\n" }, { optional_columns: ["motif"] })).toMatchObject({
      columns: ["bail", "motif"],
      rows: [[1, 2, "A", null]],
    });
  });
});

test("the statement names the feed safely", () => {
  expect(createFeedView('a "b"', [], ["x"])).toBe(
    'create or replace view inbox."a ""b""" as\n' +
      'select null::varchar as "x", null::integer as file_id, null::integer as line where false',
  );
});
