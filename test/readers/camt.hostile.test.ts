import fc from "fast-check";
import { expect, test } from "vitest";
import { CAMT_COLUMNS, readCamt } from "../../pipelines/readers/camt.ts";
import { type Damage, damaged, damages, XML_INSERTIONS } from "./damage.ts";
import { everyCase, type Outcome } from "./hostile.ts";
import { readBack } from "./read-back.ts";
import {
  batchElement,
  camtFile,
  closingCents,
  euros,
  type WrittenMovement,
  type WrittenStatement,
} from "./statement-files.ts";
import { writtenStatements } from "./written-statements.ts";

interface Written {
  readonly statements: readonly WrittenStatement[];
  /** The cents of the transactions of one more entry, of a statement of its own. */
  readonly batch: readonly number[];
  readonly version: "02" | "08";
  readonly damages: readonly Damage[];
}

const written: fc.Arbitrary<Written> = fc.record({
  statements: writtenStatements,
  batch: fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 4 }),
  version: fc.constantFrom("02", "08"),
  damages: damages(XML_INSERTIONS),
});

function bytesOf({ statements, batch, version, damages }: Written): Uint8Array {
  const total = batch.reduce((sum, cents) => sum + cents, 0);
  const marked: WrittenMovement = { cents: total, bookedOn: "2024-01-05", label: "BATCH" };
  const last = {
    account: "BATCH",
    openingCents: 0,
    openedOn: "2024-01-01",
    closedOn: "2024-01-31",
    movements: [marked],
  };
  const file = camtFile([...statements, last], version);
  const text = file.replace(/<Ntry>(?:(?!<Ntry>).)*BATCH<.*<\/Ntry>/, batchElement(batch, version));
  return damaged(Buffer.from(text), damages);
}

const place = (column: string) => CAMT_COLUMNS.indexOf(column) + 1;

/** Hundred-thousandths of "-12.34". */
function unitsOf(amount: unknown): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)\.(\d{2,5})$/.exec(String(amount)) ?? [];
  expect(fraction).not.toBe("");
  return BigInt(`${sign}${whole}${fraction.padEnd(5, "0")}`);
}

interface EntryRead {
  /** First of its statement. */
  readonly isFirst: boolean;
  readonly isBooked: boolean;
  readonly entry: bigint;
  /** What the balances of its statement say that its booked entries make. */
  readonly balance: bigint;
  rows: bigint;
}

/** The entries in the order of the file, with what the rows of each make. */
function entriesOf(outcome: Extract<Outcome, { kind: "read" }>): EntryRead[] {
  const entries: EntryRead[] = [];
  for (const row of outcome.rows) {
    const units = (column: string) => unitsOf(row[place(column)]);
    if (row[place("position")] === "1") {
      entries.push({
        isFirst: row[place("entry_number")] === "1",
        isBooked: row[place("status")] === "BOOK",
        entry: units("entry_amount"),
        balance: units("closing_balance") - units("opening_balance"),
        rows: 0n,
      });
    }
    const entry = entries.at(-1);
    if (entry !== undefined) entry.rows += units("amount");
  }
  return entries;
}

function statementsOf(entries: readonly EntryRead[]): { readonly balance: bigint; booked: bigint }[] {
  const statements: { balance: bigint; booked: bigint }[] = [];
  for (const { isFirst, isBooked, entry, balance } of entries) {
    if (isFirst) statements.push({ balance, booked: 0n });
    const statement = statements.at(-1);
    if (statement !== undefined && isBooked) statement.booked += entry;
  }
  return statements;
}

test("10,000 statements, sound or damaged: what is read is what was written, or the file is refused", async () => {
  const counts = await everyCase(
    written,
    10_000,
    (value) => ({ bytes: bytesOf(value), keys: { format: "camt" } }),
    ({ statements, batch, damages }, outcome) => {
      if (damages.length === 0) expect(outcome).toMatchObject({ kind: "read", malformed: [] });
      if (outcome.kind === "refused") return;
      expect(outcome.malformed).toEqual([]);
      const entries = entriesOf(outcome);
      for (const { rows, entry } of entries) expect(rows).toBe(entry);
      for (const { booked, balance } of statementsOf(entries)) expect(booked).toBe(balance);
      if (damages.length > 1 || (damages[0] !== undefined && damages[0].kind !== "flip")) return;
      const amounts = statements.flatMap(({ movements }) => movements.map(({ cents }) => cents));
      const total = batch.reduce((sum, cents) => sum + cents, 0);
      expect(entries.map(({ entry }) => entry)).toEqual(
        [...amounts, total].map((cents) => BigInt(cents) * 1000n),
      );
    },
  );
  expect(counts.read + counts.refused).toBe(10_000);
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(2000);
}, 300_000);

test("what is written is read back to the cent, and cutting the bytes differently changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(written, fc.integer({ min: 1, max: 300 }), async (value, chunkBytes) => {
      const contents = { "statement.xml": bytesOf({ ...value, damages: [] }) };
      const whole = await readBack(contents, { format: "camt" });
      const cut = await readBack(contents, { format: "camt" }, (delivered, stagingFolder) =>
        readCamt(delivered, stagingFolder, { chunkBytes, tokenLimit: 10_000 }),
      );
      expect(cut.rows).toEqual(whole.rows);
      const columns = [
        "opening_balance",
        "closing_balance",
        "booked_on",
        "amount",
        "end_to_end_id",
        "debtor_name",
        "remittance",
      ];
      const found = whole.rows.map(([, , ...cells]) =>
        columns.map((column) => cells[CAMT_COLUMNS.indexOf(column)]),
      );
      expect(found.slice(0, -value.batch.length)).toEqual(
        value.statements.flatMap((statement) =>
          statement.movements.map(({ bookedOn, cents, endToEndId, debtorName, remittance }) => [
            euros(statement.openingCents),
            euros(closingCents(statement)),
            bookedOn,
            euros(cents),
            endToEndId ?? null,
            debtorName ?? null,
            remittance ?? null,
          ]),
        ),
      );
      expect(found.slice(-value.batch.length).map((cells) => cells[3])).toEqual(value.batch.map(euros));
    }),
    { numRuns: 100 },
  );
}, 300_000);
