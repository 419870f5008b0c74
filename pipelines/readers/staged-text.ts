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

/**
 * The call of `read_csv` that reads staged text of one dialect back exactly, nothing guessed. Files are read side by side
 * but each by one thread: with `parallel`, DuckDB cuts a file where it supposes that a line begins, and now and then loses
 * a row there. It takes a path literally, whatever its characters, when the file exists.
 */
export function readStagedText(paths: readonly string[], dialect: StagedDialect): string {
  const { separator, quote, longestRecord, columns } = dialect;
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
  return `read_csv(${options.join(", ")})`;
}
