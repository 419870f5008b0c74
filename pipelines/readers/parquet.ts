import { constants } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { type OpenDatabase, openDatabase, queryRows, quoteName, quoteText } from "../warehouse/connection.ts";
import { columnNameFault } from "./column-names.ts";
import { fileDigest } from "./file-digest.ts";
import type { DeliveredFile, StagedFile } from "./reader.ts";

/**
 * Reads Parquet (a Reader): a copy of the file is staged as it is, and the views turn each column into text: decimals
 * with all their digits, days as yyyy-mm-dd, moments as yyyy-mm-dd hh:mm:ss (in UTC, with +00, where the type has a time
 * zone), truth as true or false, an empty text as null.
 *
 * @throws UserError when the file is no Parquet file or any of its values cannot be read.
 */
export async function readParquet(delivered: DeliveredFile, stagingFolder: string): Promise<StagedFile> {
  const { fileId, feedName, file } = delivered;
  const path = await copyParquet(delivered, stagingFolder);
  const { bytes, sha256 } = await fileDigest(path);
  if (bytes === 0) throw new UserError(`inbox/${file} is empty`, "Have the file exported again.");
  const { columns, texts, rows } = await inspect(path, stagingFolder, file);
  return {
    fileId,
    feedName,
    file,
    bytes,
    sha256,
    encoding: null,
    columns,
    rowsRead: rows,
    malformedRows: 0,
    malformedPath: null,
    scan: { kind: "parquet", path, texts },
  };
}

/** Copies a delivered Parquet file to where it is staged, and gives that place. */
export async function copyParquet(
  { fileId, path }: Pick<DeliveredFile, "fileId" | "path">,
  stagingFolder: string,
): Promise<string> {
  const copy = join(stagingFolder, `${fileId}.parquet`);
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  return copy;
}

/** The table function that reads a staged Parquet file, with its virtual column `file_row_number`, which is 0 on the first row. */
export function readStagedParquet(path: string): string {
  return `read_parquet(${quoteText(path)}, hive_partitioning = false)`;
}

interface Inspection {
  readonly columns: readonly string[];
  readonly texts: readonly string[];
  readonly rows: number;
}

/** Reads every value once: damage in the middle of a file shows only there. */
async function inspect(path: string, stagingFolder: string, file: string): Promise<Inspection> {
  const { connection } = await inspectionDatabase(stagingFolder);
  try {
    const described = await describe(connection, path);
    const columns = described.map((column) => column.column_name);
    const fault = columnNameFault(columns);
    if (fault !== undefined) throw new UserError(`inbox/${file}: the schema ${fault.message}`, fault.remedy);
    const texts = described.map((column) => canonicalText(column.column_name, column.column_type));
    const digest = texts.map((text) => `max(hash(${text}))`).join(", ");
    const [counted] = await queryRows(
      connection,
      `select count(*)::integer as row_count, ${digest} from ${readStagedParquet(path)}`,
      z.object({ row_count: z.number() }),
    );
    return { columns, texts, rows: counted?.row_count ?? 0 };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const told =
      error instanceof Error ? error.message.split("\n")[0]?.replaceAll(path, file) : String(error);
    // After an error of its own a database answers no more.
    if (told?.includes("INTERNAL") || told?.includes("FATAL")) inspection = undefined;
    throw new UserError(`inbox/${file}: cannot be read as Parquet: ${told}`, "Have the file exported again.");
  }
}

/** The database that looks into the files of a staging folder: opening one takes longer than reading a small file. */
let inspection: { readonly stagingFolder: string; readonly database: Promise<OpenDatabase> } | undefined;

function inspectionDatabase(stagingFolder: string): Promise<OpenDatabase> {
  if (inspection?.stagingFolder !== stagingFolder) {
    inspection = { stagingFolder, database: openDatabase(":memory:", { readableFolders: [stagingFolder] }) };
  }
  return inspection.database;
}

function describe(connection: DuckDBConnection, path: string) {
  return queryRows(
    connection,
    `describe select * from ${readStagedParquet(path)}`,
    z.object({ column_name: z.string(), column_type: z.string() }),
  );
}

function canonicalText(column: string, type: string): string {
  const name = quoteName(column);
  if (type === "VARCHAR") return `nullif(${name}, '')`;
  // The text of a moment would otherwise depend on the time zone of the machine.
  if (type === "TIMESTAMP WITH TIME ZONE") return `(make_timestamp(epoch_us(${name}))::varchar || '+00')`;
  return `${name}::varchar`;
}
