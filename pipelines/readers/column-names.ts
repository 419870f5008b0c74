/** Names that the views give to columns of their own. */
const RESERVED = ["file_id", "line"];

/** No export has so many; DuckDB would take minutes over a hostile header's. */
const MOST_COLUMNS = 4096;

/** What is wrong with the names of a file's columns, if anything; the message completes "the header …". */
export function columnNameFault(
  columns: readonly string[],
): { readonly message: string; readonly remedy: string } | undefined {
  const remedy = "Have the file exported with a different name for each column.";
  if (columns.length > MOST_COLUMNS) {
    const message = `names ${columns.length} columns, and more than ${MOST_COLUMNS} are not read`;
    return { message, remedy: "Have the columns exported that the mapping needs." };
  }
  const seen = new Set<string>();
  for (const [index, column] of columns.entries()) {
    if (column === "")
      return { message: `names no column at place ${index + 1}: ${columns.join(", ")}`, remedy };
    if (column.includes("\0"))
      return { message: "holds a NUL byte", remedy: "Have the file exported as text." };
    const key = column.toLowerCase();
    if (seen.has(key)) return { message: `names the column "${column}" twice`, remedy };
    if (RESERVED.includes(key))
      return { message: `names a column "${column}", which is a name of vigie's own`, remedy };
    seen.add(key);
  }
  return undefined;
}
