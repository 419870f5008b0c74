import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { missingColumns, unknownColumns } from "../contract/compile.ts";
import { CONTRACT } from "../contract/contract.ts";
import type { ContractTable } from "../contract/table.ts";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";
import { forbiddenFunctions } from "../warehouse/order.ts";
import { findReferences, NotOneSelect, type References } from "../warehouse/references.ts";
import type { Workspace } from "../workspace.ts";

/** A landlord's mapping of one contract table, fenced and described. */
export interface LandlordMapping {
  readonly table: ContractTable;
  /** For messages: `sources/<table>.sql`. */
  readonly file: string;
  readonly select: string;
  /** The columns that the SELECT gives, in its order. */
  readonly given: readonly string[];
  /** The feeds that it reads. */
  readonly feeds: readonly string[];
}

/** Tables without which nothing can be computed. */
const REQUIRED = new Set(["agency", "dwelling", "household", "lease", "entry"]);

/** Table functions that make rows out of values only. */
const ALLOWED_TABLE_FUNCTIONS = new Set(["unnest", "range", "generate_series"]);

/**
 * Reads `sources/*.sql`: for each contract table the landlord's own SELECT, or undefined where none is given. A mapping
 * is one SELECT over the views `inbox.<feed>` and nothing else: no other table, no file, no clock.
 *
 * @throws UserError naming the file, and the line where DuckDB tells it.
 */
export async function readMappings(
  connection: DuckDBConnection,
  workspace: Workspace,
  feedNames: readonly string[],
): Promise<Map<string, LandlordMapping>> {
  const mappings = new Map<string, LandlordMapping>();
  for (const name of (await listSources(workspace)).sort()) {
    const file = `sources/${name}`;
    const table = CONTRACT.find((candidate) => `${candidate.name}.sql` === name);
    if (table === undefined) {
      const names = CONTRACT.map((candidate) => candidate.name).join(", ");
      throw new UserError(`${file}: the contract has no table of that name`, `Its tables are ${names}.`);
    }
    const text = await readFile(join(workspace.sources, name), "utf8");
    const select = text.trim().replace(/;\s*$/, "");
    const feeds = await fence(connection, select, file, feedNames);
    const given = await describeMapping(connection, select, file);
    const [missing] = missingColumns(table, given);
    if (missing !== undefined) {
      throw new UserError(
        `${file}: gives no column ${missing}, which ${table.name} needs`,
        `It gives ${given.join(", ")}.`,
      );
    }
    const [unknown] = unknownColumns(table, given);
    if (unknown !== undefined) {
      throw new UserError(
        `${file}: gives a column ${unknown}, which ${table.name} does not have`,
        `Its columns are ${Object.keys(table.columns).join(", ")}.`,
      );
    }
    mappings.set(table.name, { table, file, select, given, feeds });
  }
  for (const name of REQUIRED) {
    if (!mappings.has(name)) {
      throw new UserError(
        `sources/${name}.sql does not exist`,
        "Write the SELECT that gives its rows from the inbox.",
      );
    }
  }
  return mappings;
}

/**
 * Turns DuckDB's complaint about a mapping into an error that names its file and line.
 * `linesBefore` is how many lines stood before the mapping in the statement that failed.
 */
export function mappingError(error: unknown, file: string, linesBefore: number): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const line = /LINE (\d+):/.exec(message)?.[1];
  const place = line === undefined ? file : `${file}:${Number(line) - linesBefore}`;
  const told = message.split(/\n\s*\n?LINE \d+:/)[0]?.trim() ?? message;
  return new UserError(`${place}: ${told}`, "Correct the mapping, or the export that it reads.");
}

async function listSources(workspace: Workspace): Promise<string[]> {
  try {
    return (await readdir(workspace.sources)).filter((name) => name.endsWith(".sql"));
  } catch {
    throw new UserError(
      `${workspace.sources} does not exist`,
      "A landlord's folder holds one SELECT a table in sources/.",
    );
  }
}

async function fence(
  connection: DuckDBConnection,
  select: string,
  file: string,
  feedNames: readonly string[],
): Promise<string[]> {
  const references = await parse(connection, select, file);
  const views = feedNames.map((name) => `inbox.${name}`);
  const foreign = [...references.bareTables, ...references.tables].find((table) => !views.includes(table));
  if (foreign !== undefined) {
    throw new UserError(
      `${file}: reads ${foreign}; a mapping reads the inbox only`,
      `Its views are ${views.join(", ")}.`,
    );
  }
  const tableFunction = references.tableFunctions.find((name) => !ALLOWED_TABLE_FUNCTIONS.has(name));
  if (tableFunction !== undefined) {
    throw new UserError(
      `${file}: calls ${tableFunction}(); a mapping reads the inbox through its views only`,
    );
  }
  const [forbidden] = forbiddenFunctions(references.functions);
  if (forbidden !== undefined) {
    throw new UserError(`${file}: calls ${forbidden}(); the same files must give the same rows on any day`);
  }
  return feedNames.filter((name) => references.tables.includes(`inbox.${name}`));
}

async function parse(connection: DuckDBConnection, select: string, file: string): Promise<References> {
  try {
    return await findReferences(connection, select);
  } catch (error) {
    if (!(error instanceof NotOneSelect)) throw error;
    const line = error.position === undefined ? 1 : select.slice(0, error.position).split("\n").length;
    throw new UserError(`${file}:${line}: ${error.message}`, "A mapping is one SELECT.");
  }
}

async function describeMapping(
  connection: DuckDBConnection,
  select: string,
  file: string,
): Promise<string[]> {
  try {
    const columns = await queryRows(connection, `describe\n${select}`, z.object({ column_name: z.string() }));
    return columns.map((column) => column.column_name);
  } catch (error) {
    throw mappingError(error, file, 1);
  }
}
