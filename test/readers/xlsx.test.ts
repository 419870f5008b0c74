import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Feed } from "../../pipelines/strategy/strategy.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { readBack } from "./read-back.ts";
import { STYLE, textRow, type WorkbookXml, workbook, workbookParts } from "./workbook.ts";
import { type ZipEntry, zip } from "./zip.ts";

const read = (bytes: Uint8Array, keys: Partial<Feed> = {}) =>
  readBack({ "actions.xlsx": bytes }, { format: "xlsx", ...keys });

/** What is read of a sheet of one column "A", whose row 2 has this cell. */
async function readCell(cell: string, more: Partial<WorkbookXml> = {}) {
  const rows = `${textRow(1, ["A", "B"])}<row r="2">${cell}<c r="B2"><v>1</v></c></row>`;
  const { rows: read_, malformed } = await read(workbook({ sheets: { Actions: rows }, ...more }));
  return malformed.length > 0 ? malformed[0]?.slice(2) : read_[0]?.[2];
}

describe("cells become text", () => {
  const strings = [
    "<si><t>partagé</t></si>",
    '<si><r><t xml:space="preserve">en </t></r><r><rPr><b/></rPr><t>deux</t></r></si>',
    '<si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si>',
  ];
  test.each([
    ['<c r="A2" t="s"><v>0</v></c>', "partagé"],
    ['<c r="A2" t="s"><v>1</v></c>', "en deux"],
    ['<c r="A2" t="s"><v>2</v></c>', "課"],
    ['<c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t>b &amp; c</t></r></is></c>', "ab & c"],
    ['<c r="A2" t="inlineStr"><is><t>1 234,56</t></is></c>', "1 234,56"],
    ['<c r="A2" t="inlineStr"><is><t>two_x000D_\nlines _x005F_x000D_</t></is></c>', "two\r\nlines _x000D_"],
    ['<c r="A2" t="inlineStr"><is><t> "x" ; </t></is></c>', ' "x" ; '],
    ['<c r="A2" t="inlineStr"><is><t><![CDATA[<b>]]></t></is></c>', "<b>"],
    ['<c r="A2" t="inlineStr"><is><t></t></is></c>', null],
    ['<c r="A2" s="1"/>', null],
    ['<c r="A2"><v>12</v></c>', "12"],
    ['<c r="A2" s="2"><v>1234.5600000000001</v></c>', "1234.56"],
    ['<c r="A2" s="3"><v>0.19600000000000001</v></c>', "0.196"],
    ['<c r="A2"><v>-1.5E-3</v></c>', "-0.0015"],
    ['<c r="A2" t="b"><v>1</v></c>', "true"],
    ['<c r="A2" t="b"><v>0</v></c>', "false"],
    [`<c r="A2" s="${STYLE.date}"><v>45322</v></c>`, "2024-01-31"],
    [`<c r="A2" s="${STYLE.longDate}"><v>45322</v></c>`, "2024-01-31"],
    [`<c r="A2" s="${STYLE.date}"><v>45322.75</v></c>`, "2024-01-31 18:00:00"],
    [`<c r="A2" s="${STYLE.time}"><v>0.75</v></c>`, "18:00:00"],
    [`<c r="A2" s="${STYLE.elapsed}"><v>1.5</v></c>`, "1.5"],
    ['<c r="A2" t="d"><v>2024-01-31</v></c>', "2024-01-31"],
    ['<c r="A2" t="d"><v>2024-01-31T08:30:00</v></c>', "2024-01-31 08:30:00"],
    ["<c><v>12</v></c>", "12"],
  ])("%s → %j", async (cell, text) => expect(await readCell(cell, { strings })).toBe(text));

  test("a formula is the value that was saved with it, and is never run", async () => {
    const link = '<c r="A2" t="str"><f>HYPERLINK("http://exemple.fr","Payer")</f><v>Payer</v></c>';
    expect(await readCell(link)).toBe("Payer");
    expect(await readCell('<c r="A2"><f>1+1</f><v>2</v></c>')).toBe("2");
    expect(await readCell('<c r="A2" t="str"><f>""</f><v></v></c>')).toBe(null);
  });

  test.each(['=HYPERLINK("http://exemple.fr")', "=1+1", "+33 6 00 00 00 00", "-12", "@SUM(A1)"])(
    "%j in a text cell is text",
    async (text) => {
      expect(await readCell(`<c r="A2" t="inlineStr"><is><t>${text}</t></is></c>`)).toBe(text);
    },
  );

  test("days counted from 1904", async () => {
    expect(await readCell(`<c r="A2" s="${STYLE.date}"><v>43860</v></c>`, { is1904: true })).toBe(
      "2024-01-31",
    );
    expect(await readCell(`<c r="A2" s="${STYLE.date}"><v>0</v></c>`, { is1904: true })).toBe("1904-01-01");
  });
});

describe("a row is malformed, and the cell named, when a cell", () => {
  test.each([
    ["holds an error", '<c r="A2" t="e"><v>#N/A</v></c>', "error_cell", "A2 #N/A (#N/A;1)"],
    ["holds no number", '<c r="A2"><v>12,5</v></c>', "unreadable_cell", "A2 12,5 (12,5;1)"],
    ["holds no number", '<c r="A2"><v>0x10</v></c>', "unreadable_cell", "A2 0x10 (0x10;1)"],
    ["holds no number", '<c r="A2"><v>1e999</v></c>', "unreadable_cell", "A2 1e999 (1e999;1)"],
    [
      "holds more digits than a number keeps",
      '<c r="A2"><v>12345678901234567</v></c>',
      "unreadable_cell",
      "A2 12345678901234567 (12345678901234567;1)",
    ],
    ["holds no truth", '<c r="A2" t="b"><v>2</v></c>', "unreadable_cell", "A2 2 (2;1)"],
    ["has a type of its own", '<c r="A2" t="x"><v>2</v></c>', "unreadable_cell", "A2 2 (2;1)"],
    ["shares a text that is not there", '<c r="A2" t="s"><v>7</v></c>', "unreadable_cell", "A2 7 (7;1)"],
    ["has a style that is not there", '<c r="A2" s="99"><v>7</v></c>', "unreadable_cell", "A2 7 (7;1)"],
    ["is a day before all days", '<c r="A2" s="1"><v>0</v></c>', "unreadable_cell", "A2 0 (0;1)"],
    ["is 29 February 1900", '<c r="A2" s="1"><v>60</v></c>', "unreadable_cell", "A2 60 (60;1)"],
    [
      "is a day after 9999",
      '<c r="A2" s="1"><v>2958466</v></c>',
      "unreadable_cell",
      "A2 2958466 (2958466;1)",
    ],
    ["is no day", '<c r="A2" t="d"><v>2024-02-30</v></c>', "unreadable_cell", "A2 2024-02-30 (2024-02-30;1)"],
    ["was never computed", '<c r="A2"><f>B2*2</f></c>', "formula_without_value", "A2  (;1)"],
    ["was never computed", '<c r="A2"><f>B2*2</f><v></v></c>', "formula_without_value", "A2  (;1)"],
    ["holds NUL", '<c r="A2" t="inlineStr"><is><t>a_x0000_</t></is></c>', "nul_byte", "a␀;1"],
  ])("%s: %s", async (_, cell, reason, value) => expect(await readCell(cell)).toEqual([reason, value]));

  test("holds more text than a cell can, be it a shared one", async () => {
    const strings = ["x".repeat(32_767), "x".repeat(32_768)].map((text) => `<si><t>${text}</t></si>`);
    expect(await readCell('<c r="A2" t="s"><v>0</v></c>', { strings })).toHaveLength(32_767);
    expect(await readCell('<c r="A2" t="s"><v>1</v></c>', { strings })).toEqual([
      "unreadable_cell",
      "A2 1 (1;1)",
    ]);
  });

  test("stands beyond the header", async () => {
    const rows = `${textRow(1, ["A", "B"])}${textRow(2, ["1", "2", "3"])}${textRow(3, ["1", "2"])}`;
    const { rows: sound, malformed } = await read(workbook({ sheets: { Actions: rows } }));
    expect(sound).toEqual([[1, 3, "1", "2"]]);
    expect(malformed).toEqual([[1, 2, "wrong_field_count", "C2 3"]]);
  });
});

describe("the first day of each system, and those around the day that was not", () => {
  test.each([
    ["1", "1900-01-01"],
    ["59", "1900-02-28"],
    ["61", "1900-03-01"],
    ["2958465", "9999-12-31"],
    ["44196.999995", "2021-01-01"],
  ])("%s → %s", async (serial, day) =>
    expect(await readCell(`<c r="A2" s="1"><v>${serial}</v></c>`)).toBe(day),
  );
});

describe("the sheet", () => {
  const sheets = {
    Lisez: textRow(1, ["Notice"]),
    "Relevé d'actions": textRow(1, ["Bail"]) + textRow(2, ["L001"]),
  };

  test.each([
    [undefined, "Notice"],
    [1, "Notice"],
    [2, "Bail"],
    ["Relevé d'actions", "Bail"],
    ["RELEVÉ D'ACTIONS", "Bail"],
  ])("%j is the one that begins with %j", async (sheet, column) => {
    const { columns } = await read(workbook({ sheets }), sheet === undefined ? {} : { sheet });
    expect(columns).toEqual([column]);
  });

  test.each([
    ["Actions", 'has no sheet "Actions"'],
    [3, "has no sheet number 3"],
  ])("%j is refused with the names of those there are", async (sheet, message) => {
    await expect(read(workbook({ sheets }), { sheet })).rejects.toThrow(
      `inbox/actions.xlsx: ${message}; its sheets are "Lisez", "Relevé d'actions"`,
    );
  });
});

describe("the header", () => {
  test("may stand lower and further right; blank rows and rows above do not count", async () => {
    const rows =
      '<row r="1"><c r="A1" t="inlineStr"><is><t>Relevé</t></is></c></row>' +
      '<row r="3"><c r="B3" t="inlineStr"><is><t> Date\nd\'effet </t></is></c><c r="D3" t="inlineStr"><is><t>Bail</t></is></c><c r="C3" t="inlineStr"><is><t>n°</t></is></c></row>';
    const ordered = rows.replace(/(<c r="D3".*?<\/c>)(<c r="C3".*?<\/c>)/, "$2$1");
    const data = '<row r="4"/><row r="7"><c r="C7"><v>1</v></c></row><row r="8"><c r="B8" s="1"/></row>';
    const bytes = workbook({ sheets: { A: ordered + data } });
    const { columns, rows: found, staged } = await read(bytes, { header_row: 3 });
    expect(columns).toEqual(["Date d'effet", "n°", "Bail"]);
    expect(found).toEqual([[1, 7, null, "1", null]]);
    expect(staged[0]).toMatchObject({
      rowsRead: 1,
      encoding: null,
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  });

  test("of two rows joins what is merged above to what stands below", async () => {
    const rows =
      textRow(1, ["Bail", "Montant", "", "Suivi"]) +
      textRow(2, ["", "Débit", "Crédit", "", "Libre"]) +
      textRow(3, ["L001", "1", "2", "x", "y"]);
    const merged = ["A1:A2", "B1:C1", "D1:D2"];
    const { columns, rows: found } = await read(workbook({ sheets: { A: rows }, merged }), {
      header_rows: 2,
    });
    expect(columns).toEqual(["Bail", "Montant Débit", "Montant Crédit", "Suivi", "Libre"]);
    expect(found).toEqual([[1, 3, "L001", "1", "2", "x", "y"]]);
  });

  test.each([
    ["no row", "", "the header (row 1) names no column"],
    [
      "a blank between names",
      textRow(1, ["A", "", "C"]),
      "the header (row 1) names no column at place 2: A, , C",
    ],
    ["the same name twice", textRow(1, ["A", "a"]), 'the header (row 1) names the column "a" twice'],
    ["a name of vigie's own", textRow(1, ["line"]), 'the header (row 1) names a column "line", which is'],
    [
      "an error",
      '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>',
      "the header (row 1) holds a cell that cannot be read: A1 #REF!",
    ],
  ])("is refused with %s", async (_, rows, message) => {
    await expect(read(workbook({ sheets: { Actions: rows } }))).rejects.toThrow(
      `inbox/actions.xlsx: sheet "Actions": ${message}`,
    );
  });
});

describe("hidden rows and sheets are data", () => {
  test("like any other", async () => {
    const rows = `${textRow(1, ["A"])}${textRow(2, ["1"]).replace("<row", '<row hidden="1"')}`;
    const parts = workbookParts({ sheets: { A: rows } }).map((part) =>
      part.name === "xl/workbook.xml"
        ? { ...part, bytes: String(part.bytes).replace("<sheet ", '<sheet state="veryHidden" ') }
        : part,
    );
    expect((await read(zip(parts))).rows).toEqual([[1, 2, "1"]]);
  });
});

describe("a file that is no workbook is refused with what it is", () => {
  const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]);
  const locked = Buffer.concat([ole, Buffer.from("EncryptedPackage", "utf16le")]);
  test.each([
    ["nothing", Buffer.alloc(0), "is no .xlsx workbook: it is empty"],
    ["an old .xls", ole, "is no .xlsx workbook: it is in the old Excel format (.xls)"],
    ["a password", locked, "is no .xlsx workbook: it is protected by a password"],
    ["CSV renamed", Buffer.from("Bail;Date\n"), 'is no .xlsx workbook: it begins with "Bail;Date\\n"'],
    ["HTML renamed", Buffer.from("\r\n<html><table>"), "is no .xlsx workbook: it is HTML or XML"],
    ["another zip", zip([{ name: "a.txt", bytes: "a" }]), "lacks its part _rels/.rels"],
  ])("%s", async (_, bytes, message) => {
    const error = await read(bytes).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: `inbox/actions.xlsx: ${message}` });
    expect((error as UserError).remedy).toBeDefined();
  });
});

describe("a workbook that would harm is refused", () => {
  const parts = workbookParts({ sheets: { A: textRow(1, ["A"]) + textRow(2, ["1"]) }, strings: [] });
  const changed = (name: string, change: Partial<ZipEntry>) =>
    zip(parts.map((part) => (part.name === name ? { ...part, ...change } : part)));
  const sheet = "xl/worksheets/sheet1.xml";
  const zeros = deflateRawSync(Buffer.alloc(64 * 2 ** 20));
  const entities = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>`;

  test.each([
    [
      "a part that swells",
      changed(sheet, { deflated: zeros, size: 64 * 2 ** 20 }),
      /that swells from \d+ to 67108864 bytes/,
    ],
    [
      "a part that says it is huge",
      changed(sheet, { size: 0xfffffffe }),
      /of 4294967294 bytes, which is too large/,
    ],
    [
      "a part larger than it says",
      changed(sheet, { deflated: zeros }),
      /is damaged: the part xl\/worksheets\/sheet1\.xml cannot be read/,
    ],
    ["a wrong checksum", changed(sheet, { checksum: 1 }), /is damaged: the part .* fails its checksum/],
    ["an encrypted part", changed(sheet, { flags: 1 }), /has an encrypted part/],
    ["an unknown compression", changed(sheet, { method: 99 }), /is damaged: the part .* cannot be read/],
    ["a part twice", zip([...parts, ...parts.slice(-1)]), /holds the part xl\/worksheets\/sheet1.xml twice/],
    ["entities of its own", changed(sheet, { bytes: entities }), /declares a document type/],
    ["entities of others", changed(sheet, { bytes: "<worksheet>&x;</worksheet>" }), /is not well-formed XML/],
    ["many levels", changed(sheet, { bytes: "<a>".repeat(100_000) }), /of more than 64 levels/],
    [
      "another encoding",
      changed(sheet, { bytes: '<?xml version="1.0" encoding="ISO-8859-1"?><a/>' }),
      /in ISO-8859-1 and not in UTF-8/,
    ],
    [
      "bytes that are not UTF-8",
      changed(sheet, { bytes: Buffer.from("<a>é</a>", "latin1") }),
      /is not in UTF-8/,
    ],
    [
      "a long text",
      changed(sheet, { bytes: `<worksheet>${"x\n".repeat(9 * 2 ** 20)}` }),
      /text or tag of more than 16 MB/,
    ],
  ])("%s", async (_, bytes, message) => {
    const error = await read(bytes).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(/^inbox\/actions\.xlsx: /);
    expect((error as UserError).message).toMatch(message);
  });

  test("too many parts", async () => {
    const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, bytes: "" }));
    await expect(read(zip(many))).rejects.toThrow("holds 10001 parts, more than the 10000 accepted");
  });

  test.each([
    ['<row r="0"/>', 'has a row numbered "0"'],
    ['<row r="1048577"/>', 'has a row numbered "1048577"'],
    ['<row r="9"/><row r="9"/>', "has row 9 after row 9"],
    ['<row r="9"/><row r="8"/>', "has row 8 after row 9"],
    ['<row r="2"><c r="A3"/></row>', 'has a cell "A3" in row 2'],
    ['<row r="2"><c r="B2"/><c r="A2"/></row>', "has a cell A2 out of order"],
    ['<row r="2"><c r="ZZZ2"/></row>', "has a cell ZZZ2 out of order"],
    ['<row r="2"><c r="A2"><v>1</v><v>2</v></c></row>', "has a cell A2 with two values"],
    ['<row r="2"><c r="A2"><v>1<x/>2</v></c></row>', "holds an element x inside a value"],
    ['<row r="2"><row r="3"/></row>', "holds a row inside a row"],
  ])("%s", async (rows, message) => {
    const bytes = workbook({ sheets: { A: textRow(1, ["A"]) + rows } });
    await expect(read(bytes)).rejects.toThrow(`inbox/actions.xlsx: sheet "A" ${message}`);
  });
});
