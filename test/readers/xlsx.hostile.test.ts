import fc from "fast-check";
import { expect, test } from "vitest";
import { damaged, damages } from "./damage.ts";
import { everyCase } from "./hostile.ts";
import { escapeXml, STYLE, textRow, workbookParts } from "./workbook.ts";
import { zip } from "./zip.ts";

/** One cell as XML without its place, and its text; undefined when the row is then malformed. */
interface KnownCell {
  readonly attributes: string;
  readonly content: string;
  readonly text: string | null | undefined;
}

const STRINGS = ["partagé", 'Réparation "évier" ; 2e passage', "=1+1", ""];

const inline = (text: string): KnownCell => ({
  attributes: 't="inlineStr"',
  content: `<is><t xml:space="preserve">${escapeXml(text)}</t></is>`,
  text: text === "" ? null : text,
});
const number = (stored: string, text: string | undefined, style: number): KnownCell => ({
  attributes: `s="${style}"`,
  content: `<v>${stored}</v>`,
  text,
});
const known = (attributes: string, content: string, text: string | null | undefined): KnownCell => ({
  ...{ attributes, content, text },
});

const DAY = 86_400_000;
const cell: fc.Arbitrary<KnownCell> = fc.oneof(
  fc
    .string({
      unit: fc.constantFrom('"', ";", "\n", "\r", "é", "😀", "a", " ", "<", "&", "]]>"),
      maxLength: 8,
    })
    .map(inline),
  fc.constantFrom('=HYPERLINK("http://x","y")', "+1", "-1", "@A1", "1 234,56", "31/12/9999").map(inline),
  fc.nat(STRINGS.length - 1).map((i) => known('t="s"', `<v>${i}</v>`, STRINGS[i] === "" ? null : STRINGS[i])),
  fc.integer({ min: -99_999_999, max: 99_999_999 }).map((cents) => {
    const text = (cents / 100).toFixed(2).replace(/\.?0+$/, "");
    // As spreadsheets store it, with all the digits of a binary fraction.
    return number((cents / 100).toPrecision(17), text === "-0" ? "0" : text, STYLE.amount);
  }),
  fc.integer({ min: 61, max: 2_958_465 }).map((serial) => {
    const day = new Date(Date.UTC(1899, 11, 30) + serial * DAY).toISOString().slice(0, 10);
    return number(`${serial}`, day, STYLE.date);
  }),
  fc.constantFrom(
    known("", "", null),
    known('t="b"', "<v>1</v>", "true"),
    known('t="str"', "<f>A1</f><v>a</v>", "a"),
    known('t="str"', "<f>A1</f><v></v>", null),
  ),
);

const spoilt = fc.constantFrom(
  known('t="e"', "<v>#N/A</v>", undefined),
  known('t="s"', "<v>99</v>", undefined),
  known('t="s"', "<v>-1</v>", undefined),
  known('t="s"', "<v>constructor</v>", undefined),
  known('t="b"', "<v>vrai</v>", undefined),
  known("", "<f>A1</f>", undefined),
  known("", "<f>A1</f><v></v>", undefined),
  known('t="inlineStr"', "<is><t>a_x0000_b</t></is>", undefined),
  ...["12,5", " 12", "0x10", "1e9999", "NaN", "INF", "1e-9999", "12345678901234567", "--1", "1.2.3"].map(
    (v) => number(v, undefined, 0),
  ),
  ...["-1", "0", "60", "2958466", "1e300", "mardi"].map((v) => number(v, undefined, STYLE.date)),
);

const row = fc.oneof(
  { weight: 5, arbitrary: fc.array(cell, { minLength: 4, maxLength: 4 }) },
  { weight: 2, arbitrary: fc.tuple(cell, spoilt, cell, cell) },
  { weight: 1, arbitrary: fc.array(cell, { minLength: 0, maxLength: 6 }) },
);

const delivered = fc.record({
  rows: fc.array(row, { maxLength: 6 }),
  hasPlaces: fc.boolean(),
});
type Delivered = typeof delivered extends fc.Arbitrary<infer T> ? T : never;

function partsOf({ rows, hasPlaces }: Delivered) {
  const lines = rows.map((cells, i) => {
    const place = (column: number) => (hasPlaces ? `r="${"ABCDEF"[column]}${i + 2}"` : "");
    const written = cells.map((c, column) => `<c ${place(column)} ${c.attributes}>${c.content}</c>`);
    return `<row ${hasPlaces ? `r="${i + 2}"` : ""}>${written.join("")}</row>`;
  });
  return workbookParts({
    sheets: { Actions: textRow(1, ["Bail", "Date", "Libellé", "Montant"]) + lines.join("") },
    strings: STRINGS.map((text) => `<si><t>${escapeXml(text)}</t></si>`),
  });
}

/** What the rows say: `[line, ...cells]`, and the lines of the malformed ones. */
function expectedOf({ rows }: Delivered) {
  const all = rows.map((cells, i) => ({ line: i + 2, texts: cells.map(({ text }) => text) }));
  const filled = all.filter(({ texts }) => texts.some((text) => text !== null));
  const isSound = (texts: readonly (string | null | undefined)[]) =>
    !texts.includes(undefined) && texts.slice(4).every((text) => text === null);
  return {
    rows: filled
      .filter(({ texts }) => isSound(texts))
      .map(({ line, texts }) => [line, ...Array.from({ length: 4 }, (_, i) => texts[i] ?? null)]),
    malformed: filled.filter(({ texts }) => !isSound(texts)).map(({ line }) => line),
  };
}

test("4,000 workbooks of cells sound and spoilt: every row is read exactly or malformed", async () => {
  const counts = await everyCase(
    delivered,
    4000,
    (value) => ({ bytes: zip(partsOf(value)), keys: { format: "xlsx" } }),
    (value, outcome) => {
      if (outcome.kind === "refused") throw new Error(outcome.message);
      const expected = expectedOf(value);
      expect(outcome.rows).toEqual(expected.rows);
      expect(outcome.malformed.map(([line]) => line)).toEqual(expected.malformed);
    },
  );
  expect(counts).toEqual({ read: 4000, refused: 0 });
}, 300_000);

test("3,000 workbooks damaged on their way: read exactly as they were, or refused", async () => {
  const damagedOnes = fc.record({
    workbook: delivered,
    damages: damages(["PK\u0001\u0002", "PK\u0005\u0006"]),
  });
  const counts = await everyCase(
    damagedOnes,
    3000,
    ({ workbook, damages }) => ({
      bytes: damaged(zip(partsOf(workbook)), damages),
      keys: { format: "xlsx" },
    }),
    ({ workbook, damages }, outcome) => {
      if (damages.length === 0) expect(outcome.kind).toBe("read");
      if (outcome.kind === "read") expect(outcome.rows).toEqual(expectedOf(workbook).rows);
    },
  );
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(300);
}, 300_000);

const HOSTILE_XML = [
  '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>',
  "&lol;",
  "&#0;",
  "<![CDATA[",
  "]]>",
  "<?php ?>",
  "<a>".repeat(100),
  "</row>",
  '<row r="1048577">',
  '<row r="2"><c r="XFE2"><v>1</v></c></row>',
  '<c r="A1048576"><v>9</v></c>',
  '<c t="e"><v>#REF!</v></c>',
  "<v>9</v>",
  ' t="s"',
  ' s="1"',
  "1e308",
  "x".repeat(40_000),
];

test("3,000 workbooks whose parts were tampered with: rows, malformed rows or one error, and never a lost line", async () => {
  const tampered = fc.record({
    workbook: delivered,
    part: fc.constantFrom("sheet1", "sheet1", "sheet1", "sharedStrings", "styles", "workbook.xml", ".rels"),
    damages: damages(HOSTILE_XML),
  });
  const counts = await everyCase(
    tampered,
    3000,
    ({ workbook, part, damages }) => {
      const parts = partsOf(workbook).map((entry) =>
        entry.name.includes(part) ? { ...entry, bytes: damaged(Buffer.from(entry.bytes), damages) } : entry,
      );
      return { bytes: zip(parts), keys: { format: "xlsx" } };
    },
    ({ workbook, damages }, outcome) => {
      if (damages.length > 0) return;
      expect(outcome).toMatchObject({ kind: "read", rows: expectedOf(workbook).rows });
    },
  );
  expect(counts.read + counts.refused).toBe(3000);
}, 300_000);
