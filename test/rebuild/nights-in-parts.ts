import { constants } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { type SimulateOptions, simulate } from "../../data-samples/simulator/simulate.ts";
import { runNight } from "../../pipelines/nightly.ts";
import { compareWarehouses, type Difference } from "../../pipelines/rebuild/compare-nights.ts";
import { openDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { cutIntoParts, lay, type Parts } from "./delivered-in-parts.ts";

const silent = { isTerminal: false, write: () => undefined };

/** What is simulated, how it is delivered, and on which day each night stands. */
export interface NightsInParts extends Parts {
  readonly landlord: Pick<SimulateOptions, "dwellings" | "months" | "seed">;
  /** The as-of date of each night; the days of the deliveries by default. */
  readonly asOf?: readonly string[];
}

/** A night built upon the one before, held against the same night computed whole. */
export interface ComparedNight {
  readonly asOf: string;
  /** How many tables stayed, were computed for the touched leases, and for all. */
  readonly ways: Readonly<Record<string, number>>;
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/**
 * Runs a night after each delivery, each built upon the one before, and beside it the same night computed whole, from the
 * same inbox and the same memory. All is written below `folder`.
 */
export async function runNightsInParts(
  folder: string,
  nights: NightsInParts,
): Promise<readonly ComparedNight[]> {
  const source = join(folder, "source");
  const parts = join(folder, "parts");
  const workspace = join(folder, "landlord");
  const beside = join(folder, "whole");
  await simulate({ ...nights.landlord, format: "parquet", out: source });
  await cutIntoParts(join(source, "inbox"), parts, nights);
  await mkdir(join(workspace, "inbox"), { recursive: true });
  await cp(join(source, "sources"), join(workspace, "sources"), { recursive: true });
  await rm(join(workspace, "sources", "control_balance.sql"));
  await writeFile(join(workspace, "vigie.yaml"), await strategyOf(source));
  const { days, asOf = days } = nights;
  const compared: ComparedNight[] = [];
  for (const [night, day] of asOf.entries()) {
    await lay(parts, night, join(workspace, "inbox"));
    await rm(beside, { recursive: true, force: true });
    await cp(workspace, beside, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
    const options = { asOf: day, output: silent, sites: [], render: false };
    await runNight({ ...options, workspace });
    if (night === 0) continue;
    await runNight({ ...options, workspace: beside, whole: true });
    const warehouse = join(workspace, "current", "warehouse.duckdb");
    compared.push({
      asOf: day,
      ways: await waysOf(warehouse),
      ...(await compareWarehouses(warehouse, join(beside, "current", "warehouse.duckdb"))),
    });
  }
  return compared;
}

/** The strategy without the balances to reconcile with, which are those of the last day, and without a model to learn. */
async function strategyOf(source: string): Promise<string> {
  const strategy = parseDocument(await readFile(join(source, "vigie.yaml"), "utf8"));
  strategy.deleteIn(["feeds", "control_balance"]);
  strategy.setIn(["risk", "least_onsets"], 2 ** 31 - 1);
  return strategy.toString();
}

async function waysOf(warehouse: string): Promise<Record<string, number>> {
  const database = await openDatabase(warehouse, { readOnly: true });
  try {
    const rows = await queryRows(
      database.connection,
      "select way, count(*)::integer as tables from run.rebuilt group by way",
      z.object({ way: z.string(), tables: z.number() }),
    );
    return Object.fromEntries(rows.map(({ way, tables }) => [way, tables]));
  } finally {
    database.close();
  }
}
