import { UserError } from "../user-error.ts";
import { quoteName } from "../warehouse/connection.ts";
import { readStagedParquet } from "./parquet.ts";
import type { ParquetScan, StagedFile, TextScan } from "./reader.ts";
import { readStagedText } from "./staged-text.ts";

/**
 * The statement that creates the view `inbox.<feed>` over the staged files of one feed (at least one; the schema exists):
 * every column VARCHAR under the name it has in the header of the first file, an empty field null, then `file_id` and
 * `line` INTEGER. Names are compared without regard to case, as SQL does; their order may differ between files.
 * The columns of `optionalColumns` are there even when no file has them.
 *
 * @throws UserError when a file lacks a column that another has and that is not optional.
 */
export function createFeedView(
  feedName: string,
  files: readonly StagedFile[],
  optionalColumns: readonly string[],
): string {
  const columns = columnsOfFeed(files, optionalColumns);
  const selects = sources(files).map((source) => selectFrom(source, columns));
  const body = selects.length === 0 ? selectNothing(columns) : selects.join("\nunion all\n");
  return `create or replace view inbox.${quoteName(feedName)} as\n${body}`;
}

function columnsOfFeed(files: readonly StagedFile[], optionalColumns: readonly string[]): string[] {
  const origin = new Map<string, { readonly column: string; readonly file: string }>();
  for (const { columns, file } of files) {
    for (const column of columns) {
      if (!origin.has(column.toLowerCase())) origin.set(column.toLowerCase(), { column, file });
    }
  }
  const optional = new Set(optionalColumns.map((column) => column.toLowerCase()));
  for (const { columns, file } of files) {
    const found = new Set(columns.map((column) => column.toLowerCase()));
    for (const [key, { column, file: other }] of origin) {
      if (found.has(key) || optional.has(key)) continue;
      throw new UserError(
        `inbox/${file}: has no column "${column}", which inbox/${other} has; its columns are ${columns.join(", ")}`,
        "Have the file exported again, or list the column under the feed's optional_columns in vigie.yaml.",
      );
    }
  }
  const extra = optionalColumns.filter((column) => !origin.has(column.toLowerCase()));
  return [...[...origin.values()].map(({ column }) => column), ...extra];
}

/** One scan, and how it gives the fields and the place of a row. */
interface Source {
  /** The columns that it has, by the lower-case name, with the SQL of their text. */
  readonly texts: ReadonlyMap<string, string>;
  readonly fileId: string;
  readonly line: string;
  readonly from: string;
}

/** A Parquet file is a source; staged text of one dialect and one order of columns is read as one. */
function sources(files: readonly StagedFile[]): Source[] {
  const sources: Source[] = [];
  const groups = new Map<string, { columns: readonly string[]; files: TextFile[] }>();
  for (const { columns, scan, fileId } of files) {
    if (scan.kind === "parquet") {
      sources.push(parquetSource(columns, scan, fileId));
    } else if (scan.paths.length > 0) {
      const names = columns.map((column) => column.toLowerCase());
      const key = JSON.stringify([scan.separator, scan.quote, names, scan.texts]);
      const group = groups.get(key) ?? { columns, files: [] };
      group.files.push({ fileId, scan });
      groups.set(key, group);
    }
  }
  const texts = [...groups.values()].map(({ columns, files }) => textSource(columns, files));
  return [...sources, ...texts];
}

interface TextFile {
  readonly fileId: number;
  readonly scan: TextScan;
}

function textSource(columns: readonly string[], files: readonly TextFile[]): Source {
  const [first] = files;
  if (first === undefined) throw new Error("a group of staged text is never empty");
  const { separator, quote, texts = columns.map((_, index) => fieldName(index)) } = first.scan;
  const parts = files.map(({ fileId, scan }) => ({ fileId, paths: scan.paths }));
  const read = readStagedText(parts, {
    separator,
    quote,
    longestRecord: Math.max(...files.map(({ scan }) => scan.longestRecord)),
    columns: [["line", "integer"], ...columns.map((_, index) => [fieldName(index), "varchar"] as const)],
  });
  const byColumn = columns.map((column, index) => [column.toLowerCase(), texts[index] ?? ""] as const);
  return { texts: new Map(byColumn), line: "line", ...read };
}

function fieldName(index: number): string {
  return `field_${index + 1}`;
}

/** As in text, where the header is line 1, the first row stands on line 2. */
function parquetSource(columns: readonly string[], scan: ParquetScan, fileId: number): Source {
  return {
    texts: new Map(columns.map((column, index) => [column.toLowerCase(), scan.texts[index] ?? ""])),
    fileId: String(fileId),
    line: "(file_row_number + 2)::integer",
    from: readStagedParquet(scan.path),
  };
}

function selectFrom(source: Source, columns: readonly string[]): string {
  const values = columns.map((column) => {
    const text = source.texts.get(column.toLowerCase()) ?? "null::varchar";
    return `  ${text} as ${quoteName(column)},`;
  });
  return [
    "select",
    ...values,
    `  ${source.fileId} as file_id,`,
    `  ${source.line} as line`,
    `from ${source.from}`,
  ].join("\n");
}

function selectNothing(columns: readonly string[]): string {
  const values = columns.map((column) => `null::varchar as ${quoteName(column)}, `).join("");
  return `select ${values}null::integer as file_id, null::integer as line where false`;
}
