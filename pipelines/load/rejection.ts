import { contractTable } from "../contract/contract.ts";
import { explain } from "../contract/explain.ts";
import { isReasonCode } from "../contract/reasons.ts";
import { isMalformedReason, MALFORMED_REASONS } from "../readers/malformed.ts";

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

/** One rejection in one line for the command line: file, line, table, and what is wrong with which value. */
export function tellRejection(rejection: Rejection): string {
  const { file, line, table_name } = rejection;
  const table = table_name === null ? "" : `${table_name}: `;
  return `inbox/${file}:${line}: ${table}${sentence(rejection)}`;
}

function sentence({ table_name, column_name, value, reason, first_file, first_line }: Rejection): string {
  const table = table_name === null ? undefined : contractTable(table_name);
  if (table !== undefined && column_name !== null && isReasonCode(reason)) {
    const first = first_file === null ? {} : { first: `inbox/${first_file}:${first_line}` };
    return explain(table, { column: column_name, value, reason, ...first });
  }
  if (isMalformedReason(reason)) {
    return MALFORMED_REASONS[reason].sentence.replace("{value}", value ?? "");
  }
  return "no mapping in sources/ uses this row";
}
