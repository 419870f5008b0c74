import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnFacts } from "../../pipelines/contract/column.ts";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { judgeDelivery, type Verdict } from "../../pipelines/contract/judge.ts";
import { REASONS } from "../../pipelines/contract/reasons.ts";
import { type ContractTable, columnsOf } from "../../pipelines/contract/table.ts";
import { type CellArbitrary, mutated, reference, soundOrNull, strange } from "./cells.ts";
import { fill, inOrder, type Outcome, openWarehouse, outcomeOf, type PlacedRow } from "./warehouse.ts";

function anyCell(facts: ColumnFacts): CellArbitrary {
  return fc.oneof(
    { weight: 40, arbitrary: soundOrNull(facts) },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: mutated(facts) },
    { weight: 4, arbitrary: strange },
  );
}

/** Files 1, 3 and 5 count whole; 2, 4 and 7 are deltas of one feed, and 6 is one of another. */
const file = fc.integer({ min: 1, max: 7 });
const DELTAS = [
  { file: 2, feed: "monthly" },
  { file: 4, feed: "monthly" },
  { file: 6, feed: "weekly" },
  { file: 7, feed: "monthly" },
].map((delta) => ({ ...delta, turn: delta.file }));
const line = fc.integer({ min: 2, max: 400 });

function rowOf(table: ContractTable): fc.Arbitrary<PlacedRow> {
  const referring = new Set(table.references.map(({ column }) => column));
  const cells = (cell: (facts: ColumnFacts) => CellArbitrary) =>
    fc.record(
      Object.fromEntries(
        columnsOf(table).map(([name, facts]) => [
          name,
          referring.has(name) ? fc.oneof({ weight: 9, arbitrary: reference }, cell(facts)) : cell(facts),
        ]),
      ),
    );
  return fc.record({ file, line, cells: fc.oneof(cells(soundOrNull), cells(anyCell)) });
}

/** Rows of which some stand again elsewhere, as they were or with one cell changed. */
function rowsOf(table: ContractTable): fc.Arbitrary<PlacedRow[]> {
  const repeat = fc.tuple(
    fc.nat(),
    file,
    line,
    fc.option(fc.constantFrom(...columnsOf(table)), { freq: 1 }),
    strange,
  );
  return fc
    .tuple(
      fc.array(rowOf(table), { minLength: 120, maxLength: 300, size: "max" }),
      fc.array(repeat, { maxLength: 40, size: "max" }),
    )
    .map(([rows, repeats]) => [
      ...rows,
      ...repeats.flatMap(([seed, file, line, changed, value]) => {
        const original = rows[seed % rows.length];
        if (original === undefined) return [];
        const change = changed === null ? {} : { [changed[0]]: value };
        return [{ file, line, cells: { ...original.cells, ...change } }];
      }),
    ]);
}

const delivery: fc.Arbitrary<Record<string, PlacedRow[]>> = fc.record(
  Object.fromEntries(CONTRACT.map((table) => [table.name, rowsOf(table)])),
);

function inFileOrder(rows: readonly PlacedRow[]): PlacedRow[] {
  return [...rows].sort((one, other) => one.file - other.file || one.line - other.line);
}

/** zod's verdict told as what a warehouse holds. */
function asOutcome(
  { accepted, rejected, superseded, duplicates }: Verdict,
  rows: readonly PlacedRow[],
): Outcome {
  const place = (row: number) => ({ file: rows[row]?.file, line: rows[row]?.line });
  const counted = new Map<number, number>();
  return {
    accepted: inOrder(accepted.map(({ row, values }) => ({ ...place(row), ...Object(values) }))),
    rejected: inOrder(
      rejected.map(({ row, column, value, reason, first }) => {
        const position = (counted.get(row) ?? 0) + 1;
        counted.set(row, position);
        const { file: first_file = null, line: first_line = null } = first === undefined ? {} : place(first);
        return { ...place(row), column, value, reason, position, first_file, first_line };
      }),
    ),
    superseded: inOrder(
      superseded.map(({ row, by }) => ({ ...place(row), by_file: rows[by]?.file, by_line: rows[by]?.line })),
    ),
    duplicates: inOrder(duplicates.map(place)),
  };
}

describe("the contract, executed twice", () => {
  it("gives the same verdict in zod and in DuckDB on rows near the edges", async () => {
    const reasons = new Set<string>();
    let duplicates = 0;
    let superseded = 0;
    let acceptedEntries = 0;
    await fc.assert(
      fc.asyncProperty(delivery, async (delivered) => {
        const ordered = Object.fromEntries(
          Object.entries(delivered).map(([name, rows]) => [name, inFileOrder(rows)]),
        );
        const verdicts = judgeDelivery(
          Object.fromEntries(
            Object.entries(ordered).map(([name, rows]) => [name, rows.map(({ cells }) => cells)]),
          ),
          (table, row) => DELTAS.find((delta) => delta.file === ordered[table]?.[row]?.file),
        );
        const connection = await openWarehouse();
        try {
          await fill(connection, delivered, DELTAS);
          for (const table of CONTRACT) {
            const verdict = verdicts.get(table.name);
            const rows = ordered[table.name];
            if (verdict === undefined || rows === undefined) throw new Error(`${table.name} was not judged`);
            for (const { reason } of verdict.rejected) reasons.add(reason);
            duplicates += verdict.duplicates.length;
            superseded += verdict.superseded.length;
            if (table.name === "entry") acceptedEntries += verdict.accepted.length;

            expect(await outcomeOf(connection, table), table.name).toEqual(asOutcome(verdict, rows));
            const refused = new Set(verdict.rejected.map(({ row }) => row));
            const replaced = verdict.superseded.length + verdict.duplicates.length;
            expect(verdict.accepted.length + refused.size + replaced).toBe(rows.length);
          }
        } finally {
          connection.closeSync();
        }
      }),
      { numRuns: 10, endOnFailure: true },
    );
    // The rows above were worth comparing: they met every reason, and many were accepted, replaced or repeated.
    expect([...reasons].sort()).toEqual(Object.keys(REASONS).sort());
    expect(duplicates).toBeGreaterThan(100);
    expect(superseded).toBeGreaterThan(100);
    expect(acceptedEntries).toBeGreaterThan(100);
  }, 120_000);
});
