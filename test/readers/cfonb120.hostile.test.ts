import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { CFONB120_COLUMNS, readCfonb120 } from "../../pipelines/readers/cfonb120.ts";
import { type Damage, damaged, damages } from "./damage.ts";
import { everyCase, type Outcome } from "./hostile.ts";
import { readBack } from "./read-back.ts";
import { cfonbRecords, euros, type WrittenStatement } from "./statement-files.ts";
import { writtenStatements } from "./written-statements.ts";

const LAYOUTS = [
  { end: "\n", encoding: "windows-1252" },
  { end: "\r\n", encoding: "windows-1252" },
  { end: "", encoding: "windows-1252" },
  { end: "\n", encoding: "utf-8" },
] as const;

interface Written {
  readonly statements: readonly WrittenStatement[];
  readonly layout: (typeof LAYOUTS)[number];
  readonly damages: readonly Damage[];
}

const OWN = [
  "0000000000500{",
  "0000000000500}",
  "EUR3",
  "\n04",
  "\n05",
  "\n07",
  "300224",
  "01".padEnd(120),
  "x".repeat(121),
];

const written: fc.Arbitrary<Written> = fc.record({
  statements: writtenStatements,
  layout: fc.constantFrom(...LAYOUTS),
  damages: damages(OWN),
});

function bytesOf({ statements, layout, damages }: Written): Uint8Array {
  const text = statements.flatMap(cfonbRecords).join(layout.end);
  return damaged(iconv.encode(text, layout.encoding), damages);
}

const place = (column: string) => CFONB120_COLUMNS.indexOf(column) + 1;
const cellsOf = (outcome: Extract<Outcome, { kind: "read" }>, column: string) =>
  outcome.rows.map((row) => String(row[place(column)]));

/** Cents of the rows, summed by statement, and what its balances say. */
function balances(outcome: Extract<Outcome, { kind: "read" }>) {
  const sums = new Map<string, { rows: bigint; balance: bigint }>();
  for (const row of outcome.rows) {
    const units = (column: string) => unitsOf(String(row[place(column)]));
    const key = ["account", "currency", "opened_on", "closed_on", "opening_balance", "closing_balance"]
      .map((column) => row[place(column)])
      .join();
    const sum = sums.get(key) ?? { rows: 0n, balance: units("closing_balance") - units("opening_balance") };
    sum.rows += units("amount");
    sums.set(key, sum);
  }
  return [...sums.values()];
}

/** Hundred-thousandths of "-12.34". */
function unitsOf(amount: string): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)\.(\d{2,5})$/.exec(amount) ?? [];
  expect(fraction).not.toBe("");
  return BigInt(`${sign}${whole}${fraction.padEnd(5, "0")}`);
}

test("10,000 statements, sound or damaged: what is read is what was written, or the file is refused", async () => {
  const counts = await everyCase(
    written,
    10_000,
    (value) => ({ bytes: bytesOf(value), keys: { format: "cfonb120" } }),
    ({ statements, damages }, outcome) => {
      const amounts = statements.flatMap(({ movements }) => movements.map(({ cents }) => euros(cents)));
      if (damages.length === 0) expect(outcome).toMatchObject({ kind: "read", malformed: [] });
      if (outcome.kind === "refused") return;
      const [damage, other] = damages;
      if (
        other === undefined &&
        (damage === undefined || damage.kind === "flip") &&
        outcome.malformed.length === 0
      ) {
        expect(cellsOf(outcome, "amount")).toEqual(amounts);
      }
      if (other === undefined && damage?.kind === "cut") {
        expect(cellsOf(outcome, "amount")).toEqual(amounts.slice(0, outcome.rows.length));
      }
      if (outcome.malformed.length > 0) return;
      for (const { rows, balance } of balances(outcome)) expect(rows).toBe(balance);
    },
  );
  expect(counts.read + counts.refused).toBe(10_000);
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(2000);
}, 300_000);

test("what is written is read back to the cent, and cutting the bytes differently changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(written, fc.integer({ min: 1, max: 300 }), async (value, chunkBytes) => {
      const contents = { "statement.txt": bytesOf({ ...value, damages: [] }) };
      const whole = await readBack(contents, { format: "cfonb120" });
      const cut = await readBack(contents, { format: "cfonb120" }, (delivered, stagingFolder) =>
        readCfonb120(delivered, stagingFolder, { chunkBytes, statementRecords: 100 }),
      );
      expect(cut.rows).toEqual(whole.rows);
      expect(
        whole.rows.map(([, , ...cells]) =>
          ["account", "opening_balance", "booked_on", "label", "amount"].map(
            (column) => cells[CFONB120_COLUMNS.indexOf(column)],
          ),
        ),
      ).toEqual(
        value.statements.flatMap(({ account, openingCents, movements }) =>
          movements.map(({ bookedOn, label, cents }) => [
            account,
            euros(openingCents),
            bookedOn,
            label,
            euros(cents),
          ]),
        ),
      );
    }),
    { numRuns: 100 },
  );
}, 300_000);

test("a statement of more records than are held is refused", async () => {
  const movements = Array.from({ length: 4 }, () => ({ cents: 1, bookedOn: "2024-01-31", label: "VIR" }));
  const records = cfonbRecords({
    account: "00012345678",
    openingCents: 0,
    openedOn: "2024-01-01",
    closedOn: "2024-01-31",
    movements,
  });
  const read = (statementRecords: number) =>
    readBack({ "statement.txt": records.join("\n") }, { format: "cfonb120" }, (delivered, stagingFolder) =>
      readCfonb120(delivered, stagingFolder, { chunkBytes: 1000, statementRecords }),
    );
  await expect(read(5)).resolves.toMatchObject({ malformed: [] });
  await expect(read(4)).rejects.toThrow("inbox/statement.txt:6: the statement has more than 4 records");
});
