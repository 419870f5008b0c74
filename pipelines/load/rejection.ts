/** A rejected value, as `load.rejected_row` keeps it, with the names of the files. */
export interface Rejection {
  readonly file: string;
  readonly line: number;
  readonly table_name: string | null;
  readonly column_name: string | null;
  readonly value: string | null;
  readonly reason: string;
  readonly first_file: string | null;
  readonly first_line: number | null;
}

/** One rejection in one line: file, line, table, column, reason, value. */
export function tellRejection(rejection: Rejection): string {
  const { file, line, table_name, column_name, value, reason, first_file, first_line } = rejection;
  const column = [table_name, column_name].filter((name) => name !== null).join(".");
  const first = first_file === null ? "" : `, first given at inbox/${first_file}:${first_line}`;
  const shown = value === null ? "" : ` « ${value} »`;
  return `inbox/${file}:${line}: ${column === "" ? "" : `${column}: `}${reason}${shown}${first}`;
}
