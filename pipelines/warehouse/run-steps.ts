import type { DuckDBConnection } from "@duckdb/node-api";
import type { StepRecord } from "../steps.ts";
import { quoteText } from "./connection.ts";

/** Keeps the steps of a night and what they took in `run.step`. */
export async function keepSteps(
  connection: DuckDBConnection,
  runId: string,
  records: readonly StepRecord[],
): Promise<void> {
  await connection.run("create schema if not exists run");
  await connection.run(`
    create table run.step (
      run_id varchar, step varchar, started_at timestamptz, seconds double, rows bigint, peak_mb integer
    )`);
  const rows = records.map(
    ({ step, startedAt, seconds, rows: count, peakMb }) =>
      `(${quoteText(runId)}, ${quoteText(step)}, ${quoteText(startedAt)}, ${seconds}, ${count}, ${peakMb})`,
  );
  if (rows.length > 0) await connection.run(`insert into run.step values ${rows.join(", ")}`);
}
