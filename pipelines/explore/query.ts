import type { DuckDBConnection } from "@duckdb/node-api";
import { CONTRACT } from "../contract/contract.ts";
import { UserError } from "../user-error.ts";
import { openDatabase } from "../warehouse/connection.ts";
import { failedNight, openWorkspace } from "../workspace.ts";
import { HOW_TO_SHOW, hiddenMessage, readsHidden, restrictedTables } from "./hidden-tables.ts";
import { runStatement, warehouseOf } from "./last-night.ts";
import { textTable } from "./text-table.ts";

/** How the rows of a query are written: for people, or one form that other programs read. */
export type QueryFormat = "table" | "json" | "csv";

export interface QueryOptions {
  readonly workspace: string;
  /** The tables that only some SQL schemas may read can be read too; they are hidden otherwise. */
  readonly restricted?: boolean;
  /** The night that failed and was kept is asked, not the last good one. */
  readonly failed?: boolean;
  /** `table` by default. */
  readonly format?: QueryFormat;
}

/**
 * Runs statements on the warehouse of a workspace's last good night, read only and with no file in reach, and gives the rows
 * of the last: as a table of at most forty rows; as a JSON array of objects; or as CSV under a header line, `,` between
 * cells, an empty cell for null. JSON holds numbers where they are exact, and text for larger or finer ones.
 *
 * @throws UserError when there is no such night, the statement fails, or it reads what is hidden.
 */
export async function query(text: string, options: QueryOptions): Promise<string> {
  const { workspace, restricted = false, failed = false, format = "table" } = options;
  const warehouse = failed ? await failedWarehouse(workspace) : warehouseOf(workspace);
  const database = await openDatabase(warehouse, { readOnly: true });
  try {
    const { connection } = database;
    const hidden = restricted ? [] : await hiddenTables(connection);
    if (readsHidden(connection, text, hidden)) throw new UserError(hiddenMessage(hidden), HOW_TO_SHOW);
    return await WRITERS[format](connection, text).catch((error: unknown) => {
      throw new UserError(error instanceof Error ? error.message : String(error));
    });
  } finally {
    database.close();
  }
}

async function failedWarehouse(workspace: string): Promise<string> {
  const kept = await failedNight(openWorkspace(workspace));
  if (kept !== undefined) return kept.warehouse;
  throw new UserError(
    `There is no failed night in ${workspace}`,
    "A night that fails is kept with: npm run nightly -- --keep, until the next one begins",
  );
}

/** A night that failed early has not kept yet which tables are restricted: those of the contract are at any time. */
async function hiddenTables(connection: DuckDBConnection): Promise<string[]> {
  const guarded = CONTRACT.filter(({ rights }) => rights !== undefined).map(({ name }) => `contract.${name}`);
  return [...new Set([...guarded, ...(await restrictedTables(connection))])].sort();
}

const WRITERS: Readonly<
  Record<QueryFormat, (connection: DuckDBConnection, text: string) => Promise<string>>
> = {
  async table(connection, text) {
    const { columns, rows } = await runStatement(connection, text);
    return textTable(columns, rows);
  },
  async json(connection, text) {
    const reader = await connection.runAndReadAll(text);
    const isNumber = reader.columnTypes().map((type) => /^(U?BIGINT|U?HUGEINT|DECIMAL)/.test(String(type)));
    const names = reader.deduplicatedColumnNames();
    const lines = reader.getRowsJson().map((row) => {
      const cells = row.map((cell, i) => [names[i], isNumber[i] ? exactNumber(cell) : cell]);
      return JSON.stringify(Object.fromEntries(cells));
    });
    return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]`;
  },
  async csv(connection, text) {
    const reader = await connection.runAndReadAll(text);
    const lines = [reader.deduplicatedColumnNames(), ...reader.getRowsJson()];
    return lines.map((line) => line.map(csvCell).join(",")).join("\n");
  },
};

/** A number told as text, as a number where nothing is lost by it. */
function exactNumber(cell: unknown): unknown {
  if (typeof cell !== "string") return cell;
  const number = Number(cell);
  const digits = cell.split(".")[1]?.length ?? 0;
  return number.toFixed(digits) === cell ? number : cell;
}

function csvCell(cell: unknown): string {
  if (cell === null) return "";
  const text = typeof cell === "object" ? JSON.stringify(cell) : String(cell);
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
