import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { damaged, damages } from "./damage.ts";
import { everyCase, outcomeOfFile } from "./hostile.ts";
import { plainDecoded, plainRead } from "./plain-reader.ts";

const COLUMNS = ["Bail", "Date", "Libellé", "Montant"];

const lease = fc.constantFrom("L001", "L002", "l'été", "0001");
const day = fc.constantFrom("31/01/2024", "29/02/2023", "31/12/9999", "");
const label = fc.oneof(
  fc.constantFrom(
    'Réparation "évier" ; 2e passage',
    "Reçu\nespèces",
    "Reçu\r\nespèces\r",
    '=HYPERLINK("http://exemple.fr";"Payer")',
    '"',
    '""',
    "a\0b",
    "5 € d’œuvre",
    "",
    " ",
    ";".repeat(40),
    "x".repeat(300),
  ),
  fc.string({
    unit: fc.constantFrom('"', ";", ",", "\t", "|", "\n", "\r", "é", "a", " ", "\0"),
    maxLength: 12,
  }),
);
const amount = fc
  .integer({ min: -99_999_999, max: 99_999_999 })
  .map((cents) => (cents / 100).toFixed(2).replace(".", ","));

const delivered = fc.record({
  rows: fc.array(fc.tuple(lease, day, label, amount), { maxLength: 8 }),
  separator: fc.constantFrom(";", ",", "\t", "|"),
  isDeclared: fc.boolean(),
  quote: fc.constantFrom('"', '"', '"', "'", ""),
  encoding: fc.constantFrom("utf-8", "windows-1252"),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  hasMark: fc.boolean(),
  isCompressed: fc.constantFrom(false, false, false, true),
  damages: damages([";", '";"', "\n\n", '"\n"', ";;;;;;", "\u2028", "x;y;z;1,00\n"]),
});
type Delivered = typeof delivered extends fc.Arbitrary<infer T> ? T : never;

/** The bytes as delivered. */
function written({ rows, separator, quote, encoding, lineEnd, ...how }: Delivered): Uint8Array {
  const field = (text: string) =>
    quote === ""
      ? text.replaceAll(/[\r\n]/g, "").replaceAll(separator, "")
      : /[\r\n]/.test(text) || text.includes(separator) || text.includes(quote)
        ? `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
        : text;
  const text = [COLUMNS, ...rows].map((cells) => cells.map(field).join(separator) + lineEnd).join("");
  const encoded =
    encoding === "utf-8" ? Buffer.from((how.hasMark ? "\ufeff" : "") + text) : iconv.encode(text, encoding);
  const sound = how.isCompressed ? gzipSync(encoded, { level: 1 }) : encoded;
  return damaged(sound, how.damages);
}

test("10,000 files, sound or damaged: what is read is what a plain reader finds, or the file is refused", async () => {
  const counts = await everyCase(
    delivered,
    10_000,
    (value) => ({
      bytes: written(value),
      keys: { quote: value.quote, ...(value.isDeclared ? { separator: value.separator } : {}) },
    }),
    (value, outcome) => {
      const isSound = value.damages.length === 0;
      const bytes = written(value);
      if (isSound) expect(outcome.kind).toBe("read");
      if (outcome.kind === "refused") return;
      // Damage to a header can make another separator the likeliest one.
      if (!isSound && !value.isDeclared) return;
      const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      const text = plainDecoded(isGzip ? gunzipSync(bytes) : bytes, false);
      const plain = plainRead(text, value.separator, value.quote);
      expect(outcome.columns).toEqual(plain?.header.map((name) => name.trim()));
      expect(outcome.rows).toEqual(plain?.rows);
      expect(outcome.malformed.map(([line, reason]) => [line, reason])).toEqual(plain?.malformed);
    },
  );
  expect(counts.read + counts.refused).toBe(10_000);
  expect(counts.refused).toBeGreaterThan(200);
}, 300_000);

describe("what is huge: a line of 10 MB", () => {
  const long = "é".repeat(5 * 2 ** 20);
  test.each([
    ["is read", `Bail;Libellé\nL001;${long}\nL002;x\n`],
    ["in quotes is read", `Bail;Libellé\nL001;"${long}"\nL002;x\n`],
  ])("%s", async (_, content) => {
    const outcome = await outcomeOfFile(Buffer.from(content), {});
    if (outcome.kind === "refused") throw new Error(outcome.message);
    expect(outcome.malformed).toEqual([]);
    expect(outcome.rows.map((row) => row[2] === long)).toEqual([true, false]);
  });

  test("of quotes or of separators is malformed, and the next line is read", async () => {
    for (const mess of [`"${long}`, ";".repeat(10 * 2 ** 20)]) {
      const outcome = await outcomeOfFile(Buffer.from(`Bail;Libellé\n${mess}\nL002;x\n`), {});
      if (outcome.kind === "refused") throw new Error(outcome.message);
      expect(outcome.rows).toEqual([[3, "L002", "x"]]);
      expect(outcome.malformed.map(([line]) => line)).toEqual([2]);
    }
  });

  test.each([
    ["a line of 10 MB", long, "inbox/1.dat:1: the header line is longer than 1 MB"],
    [
      "very many columns",
      Array.from({ length: 5000 }, (_, i) => `c${i}`).join(";"),
      "inbox/1.dat:1: the header line names 5000 columns, and more than 4096 are not read",
    ],
  ])("no header is %s", async (_, content, message) => {
    expect(await outcomeOfFile(Buffer.from(content), {})).toEqual({ kind: "refused", message });
  });
});

test("a gzip file that swells a thousand times is read, or refused at its first line of more than 16 MB", async () => {
  const lines = gzipSync(`Bail;Libellé\n${"L001;x\n".repeat(300_000)}`);
  const outcome = await outcomeOfFile(lines, {});
  expect(outcome.kind === "read" && outcome.rows.length).toBe(300_000);
  const zeros = gzipSync(Buffer.concat([Buffer.from("Bail;Libellé\n"), Buffer.alloc(64 * 2 ** 20)]));
  expect(await outcomeOfFile(zeros, {})).toMatchObject({
    kind: "refused",
    message: "inbox/1.dat:2: this line is longer than 16 MB",
  });
}, 300_000);
