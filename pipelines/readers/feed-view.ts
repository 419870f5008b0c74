import { UserError } from "../user-error.ts";
import { quoteName } from "../warehouse/connection.ts";
import { readStagedParquet } from "./parquet.ts";
import type { ParquetScan, StagedFile } from "./reader.ts";
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
  const filled = files.filter((file) => file.rowsRead > file.malformedRows);
  const selects = [...groups(filled).values()].map((group) => selectGroup(group, columns));
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

/** Files that one scan can read: staged text of one dialect and one order of columns. */
function groups(files: readonly StagedFile[]): StagedFile[][] {
  const groups = new Map<string, StagedFile[]>();
  for (const file of files) {
    const key = scanKey(file);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

function scanKey({ scan, fileId, columns }: StagedFile): string {
  if (scan.kind === "parquet") return `parquet ${fileId}`;
  const names = columns.map((column) => column.toLowerCase());
  return JSON.stringify([scan.separator, scan.quote, scan.hasLineBreaks, ...names]);
}

function selectGroup(group: readonly StagedFile[], columns: readonly string[]): string {
  const [first] = group;
  if (first === undefined) throw new Error("a group of files is never empty");
  const source = first.scan.kind === "parquet" ? parquetSource(first.scan, first.fileId) : textSource(group);
  const places = new Map(first.columns.map((column, index) => [column.toLowerCase(), index]));
  const values = columns.map((column) => {
    const place = places.get(column.toLowerCase());
    const value = place === undefined ? "null::varchar" : source.values[place];
    return `  ${value} as ${quoteName(column)},`;
  });
  return [
    "select",
    ...values,
    `  ${source.fileId} as file_id,`,
    `  ${source.line} as line`,
    `from ${source.from}`,
  ].join("\n");
}

/** How one scan gives the fields and the place of a row. */
interface Source {
  readonly values: readonly string[];
  readonly fileId: string;
  readonly line: string;
  readonly from: string;
}

function textSource(group: readonly StagedFile[]): Source {
  const scans = group.flatMap(({ scan }) => (scan.kind === "text" ? [scan] : []));
  const [first] = scans;
  if (first === undefined) throw new Error("a group of text files is never empty");
  const values = (group[0]?.columns ?? []).map((_, index) => `field_${index + 1}`);
  const types = [
    ...["file_id", "line"].map((name) => `${name}: 'integer'`),
    ...values.map((name) => `${name}: 'varchar'`),
  ];
  const from = readStagedText(
    scans.map((scan) => scan.path),
    {
      ...first,
      longestRecord: Math.max(...scans.map((scan) => scan.longestRecord)),
      columns: `{${types.join(", ")}}`,
    },
  );
  return { values, fileId: "file_id", line: "line", from };
}

/** As in text, where the header is line 1, the first row stands on line 2. */
function parquetSource(scan: ParquetScan, fileId: number): Source {
  return {
    values: scan.texts,
    fileId: String(fileId),
    line: "(file_row_number + 2)::integer",
    from: readStagedParquet(scan.path),
  };
}

function selectNothing(columns: readonly string[]): string {
  const values = columns.map((column) => `null::varchar as ${quoteName(column)}, `).join("");
  return `select ${values}null::integer as file_id, null::integer as line where false`;
}
