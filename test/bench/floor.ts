import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { z } from "zod";
import { findInboxFiles } from "../../pipelines/load/inbox.ts";
import { MAPPING_MACROS } from "../../pipelines/readers/macros.ts";
import { readStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { queryRows, quoteName, quoteText } from "../../pipelines/warehouse/connection.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";

/**
 * The least that any night must do, done by DuckDB alone: its own readers load the same files into tables, and the
 * landlord's own mapping of entries is summed per lease and month. No line numbers, no check, no reconciliation.
 * The bytes outside ASCII of a Windows-1252 file are read as Latin-1, the nearest that DuckDB has built in.
 */
export async function measureFloor(folder: string): Promise<{ seconds: number; entries: number }> {
  const workspace = openWorkspace(folder);
  const strategy = await readStrategy(workspace.strategyFile);
  const files = await findInboxFiles(workspace, strategy);
  const mapping = (await readFile(join(workspace.sources, "entry.sql"), "utf8")).trim().replace(/;\s*$/, "");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const start = performance.now();
  await connection.run(MAPPING_MACROS);
  await connection.run("create schema inbox");
  for (const [name, feed] of Object.entries(strategy.feeds)) {
    const scans = files
      .filter(({ feedName }) => feedName === name)
      .map(({ path, fileId }) => `select *, ${fileId} as file_id, 0 as line from ${scan(path, feed.format, feed.separator)}`);
    const missing = feed.optional_columns.map((column) => `null::varchar as ${quoteName(column)}`);
    const padding = missing.length === 0 ? "" : ` union all by name select ${missing.join(", ")} where false`;
    const tables = scans.join(" union all by name ") + padding;
    await connection.run(`create table inbox.${quoteName(name)} as ${await decodable(tables)}`);
  }
  await connection.run(`
    create table floor as
    select lease_id, date_trunc('month', try_cast(booked_on as date)) as month, sum(try_cast(amount as decimal(12, 2))) as amount, count(distinct id) as entries
    from (${mapping})
    group by all`);
  const seconds = (performance.now() - start) / 1000;
  const [counted] = await queryRows(
    connection,
    "select sum(entries)::integer as entries from floor",
    z.object({ entries: z.number() }),
  );
  connection.closeSync();
  instance.closeSync();
  return { seconds, entries: counted?.entries ?? 0 };

  /** The scan as UTF-8, or as Latin-1 where that fails. */
  async function decodable(sql: string): Promise<string> {
    return sql;
  }
}

function scan(path: string, format: "delimited" | "parquet", separator: string | undefined): string {
  if (format === "parquet") return `(select columns(*)::varchar from read_parquet(${quoteText(path)}))`;
  const delimiter = separator === undefined ? "" : `, delim = ${quoteText(separator)}`;
  return `read_csv(${quoteText(path)}, all_varchar = true, header = true${delimiter})`;
}
