import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { FEC_COLUMNS } from "../../pipelines/readers/fec.ts";
import { damaged, damages } from "./damage.ts";
import { everyCase } from "./hostile.ts";
import { plainDecoded, plainRead } from "./plain-reader.ts";

const SIDED = FEC_COLUMNS.map((name) => (name === "Debit" ? "Montant" : name === "Credit" ? "Sens" : name));

const label = fc.constantFrom(
  "Loyer de janvier",
  'Réparation "évier"',
  '"',
  "5 € d’œuvre",
  "=1+1",
  "a\0b",
  "x".repeat(300),
  "",
);
const amount = fc
  .integer({ min: 0, max: 99_999_999 })
  .map((cents) => (cents / 100).toFixed(2).replace(".", ","));
const day = fc.constantFrom("20240131", "20230229", "99991231", "00000000", "");

const delivered = fc.record({
  entries: fc.array(
    fc.record({ label, amount, day, side: fc.constantFrom("D", "C", "d", "+1", "-1", "X", "") }),
    { maxLength: 6 },
  ),
  isSided: fc.boolean(),
  inCapitals: fc.boolean(),
  separator: fc.constantFrom("\t", "|"),
  encoding: fc.constantFrom("utf-8", "iso-8859-15", "windows-1252"),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  damages: damages(["\t", "|", "\t\t\t", "12,00\tD\t", "VT\tQuittances\t1\n"]),
});
type Delivered = typeof delivered extends fc.Arbitrary<infer T> ? T : never;

function written({
  entries,
  isSided,
  inCapitals,
  separator,
  encoding,
  lineEnd,
  damages,
}: Delivered): Uint8Array {
  const names = isSided ? SIDED : FEC_COLUMNS;
  const header = names.map((name) => (inCapitals ? name.toUpperCase() : name)).join(separator);
  const lines = entries.map(({ label, amount, day, side }, index) => {
    const sides = isSided ? [amount, side] : side === "D" ? [amount, "0,00"] : ["0,00", amount];
    const cells = ["VT", "Quittances", `${index + 1}`, day, "411100", "Locataires", `L${index}`, "DUPONT"];
    return [...cells, `Q${index}`, day, label, ...sides, "", "", day, "", ""].join(separator);
  });
  const text = [header, ...lines].map((line) => line + lineEnd).join("");
  return damaged(iconv.encode(text, encoding), damages);
}

const place = (names: readonly string[], name: string) =>
  names.findIndex((found) => found.trim().toLowerCase() === name.toLowerCase());

/** What Montant and Sens say of one side, in the plainest words. */
function sided(amount: string | null, side: string | null, column: string): string | null {
  const word = (side ?? "").replace(/^ +| +$/g, "").toUpperCase();
  const isDebit = ["D", "+1", "1"].includes(word);
  const isCredit = ["C", "-1"].includes(word);
  if (!isDebit && !isCredit) return [amount, "Sens", side].filter((part) => part !== null).join(" ");
  return isDebit === (column === "Debit") ? amount : null;
}

test("10,000 FEC, sound or damaged: what is read is what a plain reader finds, or the file is refused", async () => {
  const counts = await everyCase(
    delivered,
    10_000,
    (value) => ({ bytes: written(value), keys: { format: "fec" } }),
    (value, outcome) => {
      if (value.damages.length === 0) expect(outcome.kind).toBe("read");
      if (outcome.kind === "refused") return;
      expect(outcome.columns).toEqual(FEC_COLUMNS);
      const plain = plainRead(plainDecoded(written(value), true), value.separator, "");
      const header = plain?.header ?? [];
      const expected = plain?.rows.map(([line, ...cells]) => {
        const cell = (name: string) => cells[place(header, name)] ?? null;
        const texts = FEC_COLUMNS.map((name) =>
          place(header, name) < 0 ? sided(cell("Montant"), cell("Sens"), name) : cell(name),
        );
        return [line, ...texts];
      });
      expect(outcome.rows).toEqual(expected);
      expect(outcome.malformed.map(([line, reason]) => [line, reason])).toEqual(plain?.malformed);
    },
  );
  expect(counts.read + counts.refused).toBe(10_000);
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(1000);
}, 300_000);
