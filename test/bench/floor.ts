import { isUtf8 } from "node:buffer";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import iconv from "iconv-lite";
import { z } from "zod";
import { settleDeliveries } from "../../pipelines/load/deliveries.ts";
import { findInboxFiles, type InboxFile } from "../../pipelines/load/inbox.ts";
import { stageInbox } from "../../pipelines/load/stage.ts";
import { createFeedView } from "../../pipelines/readers/feed-view.ts";
import { MAPPING_MACROS } from "../../pipelines/readers/macros.ts";
import { readStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { queryRows, quoteName, quoteText } from "../../pipelines/warehouse/connection.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";

/** The formats that DuckDB reads by itself. */
const NATIVE = ["delimited", "parquet"];

/**
 * The least that any night must do, done by DuckDB alone: its own readers load the files that count into tables, and the
 * landlord's own mapping of entries is summed per lease and month. No line numbers, no check, no reconciliation.
 * What DuckDB cannot read by itself it is given as text in UTF-8, made before the clock starts: Windows-1252, Excel, FEC and
 * bank files.
 */
export async function measureFloor(folder: string): Promise<{ seconds: number; entries: number }> {
  const workspace = openWorkspace(folder);
  const strategy = await readStrategy(workspace.strategyFile);
  const copies = await mkdtemp(join(tmpdir(), "vigie-floor-"));
  const { files: delivered } = await stageInbox(await findInboxFiles(workspace, strategy), copies);
  const { standing } = settleDeliveries(delivered, strategy.load);
  const files = delivered.filter((file) => {
    const { copyOf = null, replacedBy = null } = standing.get(file) ?? {};
    return copyOf === null && replacedBy === null;
  });
  const mapping = (await readFile(join(workspace.sources, "entry.sql"), "utf8")).trim().replace(/;\s*$/, "");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const scans = new Map<string, string>();
  await connection.run("create schema inbox");
  for (const file of files) {
    if (NATIVE.includes(file.feed.format)) scans.set(file.file, await scan(file, copies));
  }
  for (const [name, feed] of Object.entries(strategy.feeds)) {
    if (NATIVE.includes(feed.format)) continue;
    const staged = files.filter(({ feedName }) => feedName === name).map((file) => file.staged);
    await connection.run(createFeedView(textOf(name), staged, feed.optional_columns));
  }
  const start = performance.now();
  await connection.run(MAPPING_MACROS);
  for (const [name, feed] of Object.entries(strategy.feeds)) {
    if (!NATIVE.includes(feed.format)) {
      await connection.run(
        `create table inbox.${quoteName(name)} as select * from inbox.${quoteName(textOf(name))}`,
      );
      continue;
    }
    const selects = files
      .filter(({ feedName }) => feedName === name)
      .map(({ file, fileId }) => `select *, ${fileId} as file_id, 0 as line from ${scans.get(file)}`);
    const missing = feed.optional_columns.map((column) => `null::varchar as ${quoteName(column)}`);
    const padding = missing.length === 0 ? "" : ` union all by name select ${missing.join(", ")} where false`;
    const tables = selects.join(" union all by name ") + padding;
    await connection.run(`create table inbox.${quoteName(name)} as ${tables}`);
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
  await rm(copies, { recursive: true });
  return { seconds, entries: counted?.entries ?? 0 };
}

/** The name of the view of a feed that DuckDB is given as text. */
function textOf(feedName: string): string {
  return `${feedName}_text`;
}

/** How DuckDB's own reader reads one file, its encoding and the names of its columns told beforehand. */
async function scan({ path, feed, fileId }: InboxFile, copies: string): Promise<string> {
  if (feed.format === "parquet") return `(select columns(*)::varchar from read_parquet(${quoteText(path)}))`;
  const delivered = await readFile(path);
  const bytes = path.endsWith(".gz") ? gunzipSync(delivered) : delivered;
  const text = isUtf8(bytes) ? bytes.toString("utf8") : iconv.decode(bytes, "windows-1252");
  const header = text.slice(text.startsWith("\uFEFF") ? 1 : 0, text.search(/\r?\n/));
  const separator =
    feed.separator ?? [";", ",", "\t", "|"].find((candidate) => header.includes(candidate)) ?? ";";
  const names = header.split(separator).map((name) => quoteText(name.trim().replaceAll('"', "")));
  const options = [
    "all_varchar = true",
    "header = true",
    `delim = ${quoteText(separator)}`,
    `names = [${names.join(", ")}]`,
  ];
  const readable = isUtf8(bytes) ? path : join(copies, `${fileId}.utf-8`);
  if (readable !== path) await writeFile(readable, text);
  return `read_csv(${[quoteText(readable), ...options].join(", ")})`;
}
