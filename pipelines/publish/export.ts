import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteName } from "../warehouse/connection.ts";
import type { Model } from "../warehouse/model.ts";

/** The schema whose models are lists of cases: they go to the night's exports and to no site. */
const RESTRICTED_SCHEMA = "restricted";

const OWNER_FOLDER = 0o700;
const OWNER_FILE = 0o600;

/**
 * Writes each model of the schema `restricted` as one CSV file that French spreadsheets open as it is: UTF-8 with its mark,
 * `;` between cells, decimal comma, ISO dates, lines ending in CR LF. Rows stand in the order of their grain, so that the
 * same night gives the same bytes. Only the owner of the process may read the files.
 *
 * @returns the rows written, headers apart.
 */
export async function writeRestrictedExports(
  connection: DuckDBConnection,
  models: readonly Model[],
  folder: string,
): Promise<{ readonly rows: number }> {
  await mkdir(folder, { recursive: true, mode: OWNER_FOLDER });
  let written = 0;
  for (const model of models.filter(({ schema }) => schema === RESTRICTED_SCHEMA)) {
    const table = `${quoteName(model.schema)}.${quoteName(model.name)}`;
    const types = await queryRows(
      connection,
      `select column_name, column_type from (describe ${table})`,
      z.object({ column_name: z.string(), column_type: z.string() }),
    );
    const columns = types.map(({ column_name, column_type }) => ({
      name: column_name,
      isFraction: /^(DECIMAL|DOUBLE|FLOAT)/.test(column_type),
    }));
    const cells = columns.map(({ name }) => `${quoteName(name)}::varchar as ${quoteName(name)}`);
    const rows = await queryRows(
      connection,
      `select ${cells.join(", ")} from ${table} order by ${model.grain.map((name) => `${table}.${quoteName(name)}`).join(", ")}`,
      z.record(z.string(), z.string().nullable()),
    );
    const lines = rows.map((row) =>
      columns.map(({ name, isFraction }) => {
        const cell = row[name] ?? "";
        return isFraction ? cell.replace(".", ",") : plainCell(cell);
      }),
    );
    const text = [columns.map(({ name }) => name), ...lines].map((line) => `${line.join(";")}\r\n`).join("");
    await writeFile(join(folder, `${model.name}.csv`), `\uFEFF${text}`, { mode: OWNER_FILE });
    written += rows.length;
  }
  return { rows: written };
}

/** A text as a cell: quoted where it must be, and never read as a formula by a spreadsheet. */
function plainCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
