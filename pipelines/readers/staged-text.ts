import { quoteText } from "../warehouse/connection.ts";

/** How files of staged text are to be read. */
interface StagedDialect {
  readonly separator: string;
  /** Empty when quotes have no meaning. */
  readonly quote: string;
  /** Bytes of the longest line. */
  readonly longestRecord: number;
  /** Names and DuckDB types of the columns, in order. */
  readonly columns: readonly (readonly [name: string, type: string])[];
}

/** DuckDB's default; longer records need larger buffers. */
const DEFAULT_LONGEST_LINE = 2_000_000;

/** What one file was staged into. */
interface StagedParts {
  readonly fileId: number;
  readonly paths: readonly string[];
}

/**
 * The call of `read_csv` (`from`) that reads staged text of one dialect back exactly, nothing guessed, and the expression
 * that tells the file of each of its rows: the text itself tells no file, so that it may be kept for another night. Files are read side by side
 * but each by one thread: with `parallel`, DuckDB cuts a file where it supposes that a line begins, and now and then loses
 * a row there. It takes a path literally, whatever its characters, when the file exists.
 */
export function readStagedText(
  files: readonly StagedParts[],
  { separator, quote, longestRecord, columns }: StagedDialect,
): { readonly from: string; readonly fileId: string } {
  const paths = files.flatMap((file) => file.paths);
  const fileIds = files.flatMap((file) => file.paths.map(() => file.fileId));
  const options = [
    `[${paths.map(quoteText).join(", ")}]`,
    "auto_detect = false",
    "header = false",
    `delim = ${quoteText(separator)}`,
    `quote = ${quoteText(quote)}`,
    `escape = ${quoteText(quote)}`,
    "new_line = '\\n'",
    "comment = ''",
    "nullstr = ''",
    "encoding = 'utf-8'",
    "compression = 'none'",
    "hive_partitioning = false",
    "parallel = false",
    `columns = {${columns.map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`).join(", ")}}`,
  ];
  if (longestRecord > DEFAULT_LONGEST_LINE) {
    options.push(`max_line_size = ${longestRecord + 1}`, `buffer_size = ${2 * longestRecord}`);
  }
  return {
    from: `read_csv(${options.join(", ")})`,
    // DuckDB numbers the files that it is given from 0, and lists from 1.
    fileId: `[${fileIds.join(", ")}][file_index::bigint + 1]`,
  };
}
