import { quoteText } from "../warehouse/connection.ts";

/** How staged text is to be read; `columns` is DuckDB's struct of names and types. */
export interface StagedDialect {
  readonly separator: string;
  readonly quote: string;
  readonly hasLineBreaks: boolean;
  readonly longestRecord: number;
  readonly columns: string;
}

/** DuckDB's default; a longer record needs larger buffers. */
const DEFAULT_LONGEST_LINE = 2_000_000;

/** The call of `read_csv` that reads staged text back exactly, nothing guessed. */
export function readStagedText(paths: readonly string[], dialect: StagedDialect): string {
  const options = [
    `[${paths.map((path) => quoteText(literalGlob(path))).join(", ")}]`,
    "auto_detect = false",
    "header = false",
    `delim = ${quoteText(dialect.separator)}`,
    `quote = ${quoteText(dialect.quote)}`,
    `escape = ${quoteText(dialect.quote)}`,
    "new_line = '\\n'",
    "comment = ''",
    "nullstr = ''",
    "encoding = 'utf-8'",
    "compression = 'none'",
    "hive_partitioning = false",
    `parallel = ${!dialect.hasLineBreaks}`,
    `columns = ${dialect.columns}`,
  ];
  if (dialect.longestRecord > DEFAULT_LONGEST_LINE) {
    options.push(
      `max_line_size = ${dialect.longestRecord + 1}`,
      `buffer_size = ${2 * dialect.longestRecord}`,
    );
  }
  return `read_csv(${options.join(", ")})`;
}

/** A path as a pattern that matches it alone. */
export function literalGlob(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}
