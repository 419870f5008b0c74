import { mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createFeedView } from "../../pipelines/readers/feed-view.ts";
import { stageFiles } from "../../pipelines/readers/stage.ts";
import { strategySchema } from "../../pipelines/strategy/strategy.ts";
import { openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";

/** What reading one file cost; a process of its own each, so that memory and processor time are its alone. */
export interface Reading {
  readonly rows: number;
  /** Of staging alone. */
  readonly staging_seconds: number;
  /** Of staging and of loading the view into a table. */
  readonly seconds: number;
  readonly processor_seconds: number;
  /** The most memory while staging. */
  readonly peak_mb: number;
}

const [format, path] = process.argv.slice(2);
if (format === undefined || path === undefined) throw new Error("give a format, or duckdb, and a file");
console.log(JSON.stringify(format === "duckdb" ? await withDuckDB(path) : await withVigie(format, path)));

async function withVigie(format: string, path: string): Promise<Reading> {
  const strategy = { landlord: { name: "Essai" }, feeds: { ledger: { files: "*", format } } };
  const feed = strategySchema.parse(strategy).feeds.ledger;
  if (feed === undefined) throw new Error("the strategy above has a feed");
  const staging = await mkdtemp(join(dirname(path), "staging-"));
  const before = process.cpuUsage();
  const start = performance.now();
  const file = { fileId: 1, feedName: "ledger", feed, file: basename(path), path };
  const staged = await stageFiles([file], staging);
  const stagedAt = performance.now();
  const peak = process.resourceUsage().maxRSS;
  const { connection, close } = await openDatabase(":memory:", { readableFolders: [staging] });
  await connection.run("create schema inbox");
  await connection.run(createFeedView("ledger", staged, []));
  await connection.run("create table ledger as select * from inbox.ledger");
  const result = reading(start, before, staged[0]?.rowsRead ?? 0);
  close();
  await rm(staging, { recursive: true });
  return {
    ...result,
    staging_seconds: (stagedAt - start) / 1000,
    peak_mb: Math.round(peak / 1024),
  };
}

/** DuckDB's own reader, told what delimits the file and no more. */
async function withDuckDB(path: string): Promise<Reading> {
  const before = process.cpuUsage();
  const start = performance.now();
  const { connection, close } = await openDatabase(":memory:", { readableFolders: [dirname(path)] });
  await connection.run(
    `create table ledger as select * from read_csv(${quoteText(path)}, header = true, delim = ';', all_varchar = true)`,
  );
  const counted = await connection.runAndReadAll("select count(*)::integer from ledger");
  const result = reading(start, before, Number(counted.getRows()[0]?.[0] ?? 0));
  close();
  return result;
}

function reading(start: number, before: NodeJS.CpuUsage, rows: number): Reading {
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  return {
    rows,
    seconds,
    staging_seconds: 0,
    processor_seconds: (user + system) / 1e6,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}
