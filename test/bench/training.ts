import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { runNight } from "../../pipelines/nightly.ts";
import { readMeanings, readPast } from "../../pipelines/risk/households.ts";
import { learnQuestions } from "../../pipelines/risk/lessons.ts";
import { NO_MEMORY, QUESTIONS } from "../../pipelines/risk/model-memory.ts";
import { askQuestions } from "../../pipelines/risk/questions.ts";
import { readStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { openDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";
import { KEPT_OPTIONS, keptLandlord, keptOf } from "./kept-landlord.ts";
import { machine } from "./machine.ts";

const { values } = parseArgs({ options: KEPT_OPTIONS });
const kept = keptOf(values, "parquet");
const workspace = openWorkspace(await keptLandlord(kept));
const warehouse = join(workspace.current, "warehouse.duckdb");
// One night is made per landlord and kept: the bench measures what it learns, not what it builds.
if (!existsSync(warehouse)) {
  const silent = { isTerminal: false, write: () => undefined };
  await runNight({ workspace: workspace.root, asOf: undefined, output: silent, sites: [] });
}
const strategy = await readStrategy(workspace.strategyFile);
const database = await openDatabase(warehouse, { readOnly: true });
const { connection } = database;
const [night] = await queryRows(
  connection,
  "select as_of::varchar as as_of from strategy.night",
  z.object({ as_of: z.string() }),
);
if (night === undefined) throw new Error(`${warehouse}: no night`);

const floor = await used(() => readEverything(connection));
// Without the landlord's folder nothing is remembered: everything is learnt as on a first night.
const tonight = { connection, strategy, asOf: night.as_of };
const questions = await askQuestions(tonight, NO_MEMORY, console.error);
const steps: Record<string, object> = {};
let [processor, seconds] = [0, 0];
await learnQuestions(connection, questions, {
  async run(step, work) {
    let models = 0;
    const cost = await used(() => work((_, of) => (models = of)));
    steps[step] = { rows: cost.result.rows, models, ...told(cost) };
    processor += cost.processor;
    seconds += cost.seconds;
    return cost.result;
  },
});
database.close();
console.log(
  JSON.stringify({
    bench: "training",
    ...kept,
    ...told({ processor, seconds }),
    floor_processor_seconds: rounded(floor.processor),
    ratio_to_floor: rounded(processor / floor.processor),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    steps,
    machine: machine(),
  }),
);

/** The least that any learner must do: read every row that there is to learn from. */
async function readEverything(from: DuckDBConnection): Promise<void> {
  const meanings = await readMeanings(from);
  for (const question of QUESTIONS) await readPast(from, question, meanings);
}

/** What some work took: seconds of all processors, and seconds that passed. */
async function used<T>(work: () => Promise<T>): Promise<{ result: T; processor: number; seconds: number }> {
  const [before, start] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, processor: (user + system) / 1e6, seconds: (performance.now() - start) / 1000 };
}

function told(of: { readonly processor: number; readonly seconds: number }): Record<string, number> {
  return { processor_seconds: rounded(of.processor), seconds: rounded(of.seconds) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
