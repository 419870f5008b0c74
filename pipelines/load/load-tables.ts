import type { DuckDBConnection } from "@duckdb/node-api";
import { prepareContract } from "../contract/compile.ts";
import { REASONS } from "../contract/reasons.ts";
import { MALFORMED_REASONS } from "../readers/malformed.ts";
import { quoteText } from "../warehouse/connection.ts";

/** A row that no mapping used: nothing is lost in silence. */
const NOT_MAPPED = {
  not_mapped: { label_fr: "ligne qu'aucune correspondance n'utilise" },
};

/**
 * Creates the empty tables of the schemas `contract` (types only) and `load` that a night fills. In `load.file`, `copy_of`
 * is the file delivered before with the same bytes, `replaced_by` one of the full delivery that replaced the file.
 */
export async function createLoadTables(connection: DuckDBConnection): Promise<void> {
  for (const statement of prepareContract()) await connection.run(statement);
  await connection.run(`
    create table load.file (
      file_id integer primary key, feed varchar not null, file varchar not null, bytes bigint not null,
      sha256 varchar not null, encoding varchar, delivered_on date, copy_of integer, replaced_by integer,
      rows_read bigint not null, rows_accepted bigint not null default 0, rows_rejected bigint not null default 0,
      rows_superseded bigint not null default 0, rows_duplicate bigint not null default 0
    )`);
  await connection.run("create table load.reason (reason varchar primary key, label_fr varchar not null)");
  const reasons = Object.entries({ ...MALFORMED_REASONS, ...NOT_MAPPED, ...REASONS });
  const rows = reasons.map(([reason, { label_fr }]) => `(${quoteText(reason)}, ${quoteText(label_fr)})`);
  await connection.run(`insert into load.reason values ${rows.join(", ")}`);
  await connection.run(`
    create table load.reconciliation (
      kind varchar, subject varchar, on_date date, expected decimal(14, 2), found decimal(14, 2), gap decimal(14, 2),
      status varchar
    )`);
}
