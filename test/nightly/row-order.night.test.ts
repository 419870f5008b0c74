import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { programsWith } from "../../pipelines/programs.ts";
import { answerAlone } from "../../pipelines/risk/answers.ts";
import { NO_MEMORY } from "../../pipelines/risk/model-memory.ts";
import { readStrategy } from "../../pipelines/strategy/read-strategy.ts";
import type { Strategy } from "../../pipelines/strategy/strategy.ts";
import {
  type OpenDatabase,
  openDatabase,
  queryRows,
  quoteName,
} from "../../pipelines/warehouse/connection.ts";
import type { OfferedProgram } from "../../pipelines/warehouse/program.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";
import { copyOf, simulatedNight } from "../shared-landlord.ts";

const nameRow = z.object({ name: z.string() });
const textRow = z.object({ text: z.string() });

/** Programs that have something to tell of every landlord; of the others, the shared one may have nothing. */
const TELLING = [
  "effect.difference",
  "effect.matched",
  "kpi.control_limit",
  "kpi.disclosure",
  "kpi.standardised",
  "risk.calibration",
  "risk.evaluation",
  "risk.past_score",
  "risk.segment_agreement",
  "risk.segment_history",
  "risk.segment_prototype",
];

// A night that keeps a program's table where nothing that it reads has changed holds those rows in whatever order they were written.
describe("what a program tells depends on the rows of its tables, and not on where they stand in the file", () => {
  let folder = "";
  let database: OpenDatabase;
  let strategy: Strategy;
  let asOf = "";
  const told = new Map<string, string[]>();
  beforeAll(async () => {
    folder = await copyOf(await simulatedNight());
    // Rules answer, so that nothing is trained twice: a training is held to its rows' order by its own tests.
    const own = await readStrategy(openWorkspace(folder).strategyFile);
    strategy = { ...own, risk: { ...own.risk, least_onsets: Number.MAX_SAFE_INTEGER } };
    database = await openDatabase(join(folder, "current", "warehouse.duckdb"));
    const [night] = await queryRows(
      database.connection,
      "select as_of::varchar as text from strategy.night",
      textRow,
    );
    asOf = night?.text ?? "";
    await fillAll(database.connection);
    for (const table of offered().flatMap(({ fills }) => fills))
      told.set(table, await rowsOf(database.connection, table));
  });
  afterAll(async () => {
    database.close();
    await rm(join(folder, ".."), { recursive: true });
  });

  test("the shared landlord has something for them to tell", () => {
    for (const table of TELLING) expect(told.get(table)?.length, table).toBeGreaterThan(0);
  });

  test("with every table's rows in another order", async () => {
    const { connection } = database;
    const before = await rowsOf(connection, "arrears.lease_month");
    await shuffle(connection);
    const after = await rowsOf(connection, "arrears.lease_month");
    expect(after).not.toEqual(before);
    expect(after.toSorted()).toEqual(before.toSorted());
    await fillAll(connection);
    for (const [table, rows] of told) expect(await rowsOf(connection, table), table).toEqual(rows);
  });

  /** Fills every computed table anew. */
  async function fillAll(connection: DuckDBConnection): Promise<void> {
    for (const { fills, program } of offered()) {
      for (const table of fills) await connection.run(`delete from ${table}`);
      await program({ connection, strategy, asOf }, new Set(fills));
    }
  }

  function offered(): readonly OfferedProgram[] {
    const { connection } = database;
    return programsWith(() => answerAlone({ connection, strategy, asOf }, NO_MEMORY, () => undefined));
  }
});

/** The rows as they stand, each as one text: a double with all the digits that tell it from any other. */
async function rowsOf(connection: DuckDBConnection, table: string): Promise<string[]> {
  const rows = await queryRows(
    connection,
    `select told::varchar as text from ${table} as told order by rowid`,
    textRow,
  );
  return rows.map(({ text }) => text);
}

/** Writes the rows of every table that programs could read in an order by chance. */
async function shuffle(connection: DuckDBConnection): Promise<void> {
  const tables = await queryRows(
    connection,
    `select schema_name || '.' || table_name as name from duckdb_tables()
     where not temporary and schema_name not in ('load', 'run') order by name`,
    nameRow,
  );
  for (const { name } of tables) {
    const table = name.split(".").map(quoteName).join(".");
    await connection.run(`create temp table shuffled as select * from ${table} order by hash(rowid)`);
    await connection.run(`delete from ${table}`);
    await connection.run(`insert into ${table} select * from shuffled`);
    await connection.run("drop table shuffled");
  }
}
