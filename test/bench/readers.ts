import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { PROJECT } from "../../pipelines/project.ts";
import { writeDelimited, writeFec, writeParquet, writeWorkbook } from "./ledger-files.ts";
import { machine } from "./machine.ts";
import type { Reading } from "./read-file.ts";
import { writeBankFile } from "./statement-files.ts";

// Megabytes are those of the text that a file holds: of a workbook its XML, of Parquet the same rows as delimited text.
const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "100" },
    "camt-megabytes": { type: "string", default: "1024" },
  },
});
const bytes = Number(values.megabytes) * 1e6;
const run = promisify(execFile);

async function read(format: string, path: string): Promise<Reading> {
  const { stdout } = await run(
    process.execPath,
    ["--import", "tsx", "test/bench/read-file.ts", format, path],
    {
      cwd: PROJECT,
    },
  );
  return JSON.parse(stdout) as Reading;
}

async function measured(format: string, path: string, content: number) {
  const { rows, seconds, staging_seconds, processor_seconds, peak_mb } = await read(format, path);
  return {
    rows,
    mb: round(content / 1e6),
    file_mb: round((await stat(path)).size / 1e6),
    mb_per_second: round(content / 1e6 / seconds),
    rows_per_second: Math.round(rows / seconds),
    ...{ seconds: round(seconds), staging_seconds: round(staging_seconds) },
    ...{ processor_seconds: round(processor_seconds), peak_mb },
  };
}

const folder = await mkdtemp(join(tmpdir(), "vigie-bench-readers-"));
const at = (name: string) => join(folder, name);
const size = async (name: string) => (await stat(at(name))).size;
try {
  await writeDelimited(at("ledger.csv"), bytes);
  const text = await size("ledger.csv");
  const delimited = await measured("delimited", at("ledger.csv"), text);
  const own = await read("duckdb", at("ledger.csv"));
  if (own.rows !== delimited.rows) throw new Error(`DuckDB read ${own.rows} rows, vigie ${delimited.rows}`);
  await writeParquet(at("ledger.parquet"), folder, at("ledger.csv"));
  const parquet = await measured("parquet", at("ledger.parquet"), text);
  await rm(at("ledger.csv"));
  const sheet = await writeWorkbook(at("ledger.xlsx"), bytes);
  const xlsx = await measured("xlsx", at("ledger.xlsx"), sheet);
  await writeFec(at("fec.txt"), bytes);
  const fec = await measured("fec", at("fec.txt"), await size("fec.txt"));
  const bank: Record<string, Awaited<ReturnType<typeof measured>>> = {};
  for (const format of ["cfonb120", "camt", "pain002"] as const) {
    await writeBankFile(at(format), format, bytes);
    bank[format] = await measured(format, at(format), await size(format));
    await rm(at(format));
  }
  await writeBankFile(at("large-camt"), "camt", Number(values["camt-megabytes"]) * 2 ** 20);
  const large = await measured("camt", at("large-camt"), await size("large-camt"));
  console.log(
    JSON.stringify({
      megabytes: bytes / 1e6,
      formats: { delimited, parquet, xlsx, fec, ...bank },
      delimited_to_duckdb: {
        duckdb_seconds: round(own.seconds),
        ratio: round(delimited.seconds / own.seconds),
        processor_ratio: round(delimited.processor_seconds / own.processor_seconds),
      },
      large_camt: large,
      machine: machine(),
    }),
  );
} finally {
  await rm(folder, { recursive: true });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
