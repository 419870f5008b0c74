import { constants } from "node:fs";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { type SimulateOptions, simulate } from "../../data-samples/simulator/simulate.ts";
import { runNight } from "../../pipelines/nightly.ts";
import { openDatabase, queryRows, quoteText } from "../../pipelines/warehouse/connection.ts";
import { compareWarehouses, type Difference } from "./compare-nights.ts";
import { cutIntoParts, lay, layLandlord, type Parts } from "./delivered-in-parts.ts";

const silent = { isTerminal: false, write: () => undefined };

/** What happens to a landlord between two nights beside what is delivered. */
export type Event =
  | "nothing"
  /** The strategy asks for other days of grace. */
  | "other grace"
  /** The dwellings of the last agency go to the first: a merger. */
  | "merger"
  /** A delivery of entries is taken out of the inbox again. */
  | "entries taken back"
  /** Every second household is said to be in another situation. */
  | "other situations";

export const EVENTS: readonly Event[] = [
  "nothing",
  "other grace",
  "merger",
  "entries taken back",
  "other situations",
];

/** What is simulated, how it is delivered, and on which day each night stands. */
export interface NightsInParts extends Parts {
  readonly landlord: Pick<SimulateOptions, "dwellings" | "months" | "seed">;
  /** The as-of date of each night, the days of the deliveries by default; a night beyond these has no new delivery. */
  readonly asOf?: readonly string[];
  /** What happens before each night but the first; nothing by default. */
  readonly events?: readonly Event[];
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
  await layLandlord(source, workspace);
  await learnNothing(join(workspace, "vigie.yaml"));
  const { days, asOf = days } = nights;
  const compared: ComparedNight[] = [];
  for (const [night, day] of asOf.entries()) {
    if (night < days.length) await lay(parts, night, join(workspace, "inbox"));
    await happen(nights.events?.[night - 1] ?? "nothing", workspace);
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

/** Asks for more onsets than any landlord has: a rule serves, and no time is spent on learning. */
async function learnNothing(file: string): Promise<void> {
  const strategy = parseDocument(await readFile(file, "utf8"));
  strategy.setIn(["risk", "least_onsets"], 2 ** 31 - 1);
  await writeFile(file, strategy.toString());
}

/** Lets something happen to a landlord. */
async function happen(event: Event, workspace: string): Promise<void> {
  const inbox = join(workspace, "inbox");
  switch (event) {
    case "nothing":
      return;
    case "other grace": {
      const file = join(workspace, "vigie.yaml");
      const strategy = parseDocument(await readFile(file, "utf8"));
      strategy.setIn(["arrears", "grace_days"], 3);
      await writeFile(file, strategy.toString());
      return;
    }
    case "merger":
      return rewrite(
        inbox,
        "dwelling",
        (rows) => `select * replace (case when agency_id = (select max(agency_id) from ${rows})
        then (select min(agency_id) from ${rows}) else agency_id end as agency_id) from ${rows}`,
      );
    case "entries taken back": {
      const [oldest] = (await readdir(join(inbox, "entry"))).sort().slice(1);
      if (oldest !== undefined) await rm(join(inbox, "entry", oldest));
      return;
    }
    case "other situations":
      return rewrite(
        inbox,
        "household_situation",
        (rows) =>
          `select * replace (case when hash(household_id) % 2 = 0 then 9 else size end as size) from ${rows}`,
      );
  }
}

/** Writes every file of a table anew, with the rows that a query gives of it. */
async function rewrite(inbox: string, table: string, query: (rows: string) => string): Promise<void> {
  const folder = join(inbox, table);
  const database = await openDatabase(":memory:", { readableFolders: [folder] });
  try {
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      const rows = `read_parquet(${quoteText(file)})`;
      await database.connection.run(`create or replace table rewritten as ${query(rows)}`);
      await database.connection.run(`copy rewritten to ${quoteText(file)} (format parquet)`);
    }
  } finally {
    database.close();
  }
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
