import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../user-error.ts";

/** The rows of a statement as objects, with its columns in their order. */
export interface Rows {
  readonly columns: string[];
  readonly rows: Record<string, unknown>[];
}

/** Runs a statement and reads all of its rows; values are those of JavaScript. */
export async function runStatement(connection: DuckDBConnection, text: string): Promise<Rows> {
  const reader = await connection.runAndReadAll(text);
  return { columns: reader.deduplicatedColumnNames(), rows: reader.getRowObjectsJS() };
}

/**
 * The warehouse of a workspace's last good night, at its own place: it stays the same night after a switch.
 *
 * @throws UserError when there is none yet.
 */
export function warehouseOf(workspace: string): string {
  const warehouse = join(workspace, "current", "warehouse.duckdb");
  if (!existsSync(warehouse)) {
    throw new UserError(
      `There is no night to explore in ${workspace}: ${warehouse} does not exist`,
      "Run one on the same workspace with: npm run nightly",
    );
  }
  return realpathSync(warehouse);
}
