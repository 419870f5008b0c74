import { z } from "zod";
import { queryRows, quoteName } from "../../pipelines/warehouse/connection.ts";
import type { SpecCase } from "./spec-file.ts";
import { SpecWarehouse } from "./spec-warehouse.ts";

/** What a case found where it expected rows. */
export interface Outcome {
  readonly table: string;
  readonly expected: readonly (readonly (string | null)[])[];
  readonly found: readonly (readonly (string | null)[])[];
}

let warehouse: Promise<SpecWarehouse> | undefined;

/**
 * Builds only what the case's expectations need from what it gives, and reads the rows out. A model that the case gives is
 * not built, nor is what only it is made of: it has its columns, and the rows given. Cases of one process share a database.
 */
export async function runSpecCase(spec: SpecCase): Promise<Outcome[]> {
  warehouse ??= SpecWarehouse.open();
  const connection = await (await warehouse).arrange(spec);
  const outcomes: Outcome[] = [];
  for (const expectation of spec.expected) {
    const names = expectation.columns.map((name) => `${quoteName(name)}::varchar as ${quoteName(name)}`);
    const rows = await queryRows(
      connection,
      `select ${names.join(", ")} from ${expectation.table} where ${expectation.where ?? "true"}`,
      z.record(z.string(), z.string().nullable()),
    );
    const found = rows.map((row) => expectation.columns.map((name) => plain(row[name] ?? null)));
    outcomes.push({
      table: expectation.table,
      expected: sorted(expectation.rows.map((row) => row.map(plain))),
      found: sorted(found),
    });
  }
  return outcomes;
}

/** "12.50" and "12.5" are one number; "2024-01-01" stays as it is. */
function plain(cell: string | null): string | null {
  return cell !== null && /^-?\d+(\.\d+)?$/.test(cell) ? String(Number(cell)) : cell;
}

function sorted(rows: (string | null)[][]): (string | null)[][] {
  return rows.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
