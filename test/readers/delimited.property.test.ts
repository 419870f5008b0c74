import { gzipSync } from "node:zlib";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readBack } from "./read-back.ts";

const ACCENTED = ["é", "À", "œ", "€", "’", "\u00a0"];
const WIDE = ["\u202f", "漢", "😀", "x\ufeff"];
const SPECIAL = ['"', "'", ";", ",", "\t", "|", "~", "\n", "\r", "\r\n", " ", "\\", "#", "-"];
const PLAIN = ["a", "Z", "0", "1", "9", ".", "NULL"];

/** How a file is written; what it says must not depend on it. */
const dialect = fc.record({
  separator: fc.constantFrom(";", ",", "\t", "|", "~", " "),
  declaresSeparator: fc.boolean(),
  quote: fc.constantFrom('"', '"', "'", ""),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  encoding: fc.constantFrom("utf-8", "windows-1252"),
  mark: fc.boolean(),
  gzip: fc.boolean(),
  endsLastLine: fc.boolean(),
});
type Dialect = typeof dialect extends fc.Arbitrary<infer T> ? T : never;

const cell = fc.record({
  characters: fc.array(fc.constantFrom(...PLAIN, ...PLAIN, ...SPECIAL, ...ACCENTED, ...WIDE), {
    maxLength: 8,
  }),
  quoted: fc.boolean(),
});
type Cell = typeof cell extends fc.Arbitrary<infer T> ? T : never;

const file = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.record({
    columns: fc.constant(Array.from({ length: columns }, (_, i) => (i === 0 ? "Numéro" : `c${i}`))),
    records: fc.array(
      fc.record({
        cells: fc.array(cell, { minLength: columns, maxLength: columns }),
        blankLinesBefore: fc.constantFrom(0, 0, 0, 1, 2),
        surplusFields: fc.constantFrom(0, 0, 0, 0, 1),
      }),
      { maxLength: 12 },
    ),
    dialect,
  }),
);

const sizes = fc.record({
  chunkBytes: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 40 }), fc.constant(100_000)),
  outputBytes: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 200 }), fc.constant(100_000)),
  partBytes: fc.constantFrom(1, 50, 100_000),
  recordLimitBytes: fc.constant(100_000),
});

/** The text of a cell that the dialect can carry. */
function textOf({ characters }: Cell, { encoding, quote, separator }: Dialect): string {
  const text = characters.filter((character) => encoding === "utf-8" || !WIDE.includes(character)).join("");
  return quote === "" ? text.replaceAll(/[\r\n]/g, "").replaceAll(separator, "") : text;
}

function written(text: string, { quoted }: Cell, alone: boolean, { quote, separator }: Dialect): string {
  const opensByItself = quote !== "" && text.startsWith(quote);
  const needsQuotes =
    opensByItself || /[\r\n]/.test(text) || text.includes(separator) || (alone && text === "");
  if (quote === "" || !(needsQuotes || quoted)) return text;
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
}

test("what is written in any dialect is read back, with its physical lines", async () => {
  await fc.assert(
    fc.asyncProperty(file, sizes, async ({ columns, records, dialect }, sizes) => {
      const { separator, quote, lineEnd, encoding } = dialect;
      const lines = [columns.join(separator)];
      let line = 2;
      const rows: (string | number | null)[][] = [];
      const malformed: (string | number)[][] = [];
      for (const { cells, blankLinesBefore, surplusFields } of records) {
        const texts = cells.map((cell) => textOf(cell, dialect));
        const fields = texts.map((text, i) => {
          const cell = cells[i];
          return cell === undefined
            ? text
            : written(text, cell, columns.length === 1 && surplusFields === 0, dialect);
        });
        const record = fields.join(separator) + separator.repeat(surplusFields);
        lines.push(...Array.from({ length: blankLinesBefore }, () => ""));
        line += blankLinesBefore;
        if (record !== "") {
          if (surplusFields === 0) rows.push([1, line, ...texts.map((text) => (text === "" ? null : text))]);
          else malformed.push([1, line, "wrong_field_count", record]);
        }
        lines.push(record);
        line += record.split(/\r\n|\r|\n/).length;
      }
      const text = lines.join(lineEnd) + (dialect.endsLastLine ? lineEnd : "");
      const encoded =
        encoding === "utf-8"
          ? Buffer.from((dialect.mark ? "\ufeff" : "") + text)
          : iconv.encode(text, "windows-1252");
      const seemsUtf8 = encoding === "windows-1252" && Buffer.from(encoded.toString("utf8")).equals(encoded);
      const isDetectable = columns.length > 1 && ";,\t|".includes(separator);

      const read = await readBack(
        { "ledger.csv": dialect.gzip ? gzipSync(encoded) : encoded },
        {
          quote,
          encoding: seemsUtf8 ? encoding : "auto",
          ...(dialect.declaresSeparator || !isDetectable ? { separator } : {}),
        },
        sizes,
      );

      expect(read.columns).toEqual(columns);
      expect(read.rows).toEqual(rows);
      expect(read.malformed).toEqual(malformed);
      expect(read.staged[0]?.rowsRead).toBe(rows.length + malformed.length);
    }),
    { numRuns: 200 },
  );
}, 120_000);

const MESS = ['"', '"', '"', ";", "\n", "\r", "\r\n", "a", "b", "\0", "é"];

/** Any text at all: what is read must not depend on how the bytes arrive, and every line is accounted for. */
test("cutting the bytes differently changes nothing, whatever they are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...MESS), { maxLength: 60 }), sizes, async (mess, sizes) => {
      const contents = { "ledger.csv": `x;y\n${mess.join("")}` };
      const whole = await readBack(contents);
      const cut = await readBack(contents, {}, sizes);
      expect([cut.rows, cut.malformed]).toEqual([whole.rows, whole.malformed]);
      const places = [...whole.rows, ...whole.malformed].map(([, line]) => line);
      expect(new Set(places).size).toBe(places.length);
      expect(places.length).toBe(whole.staged[0]?.rowsRead);
    }),
    { numRuns: 100 },
  );
}, 120_000);
