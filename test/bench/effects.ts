import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { monthOf } from "../../data-samples/simulator/calendar.ts";
import { EffectStudy } from "../../data-samples/simulator/effects.ts";
import { PARAMETER_SETS, SCENARIOS } from "../../data-samples/simulator/parameters.ts";
import { simulate } from "../../data-samples/simulator/simulate.ts";
import { livedDwellings } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import { effectsSchema } from "../../pipelines/strategy/effects.ts";
import { buildModels } from "../../pipelines/warehouse/build.ts";
import { queryRows } from "../../pipelines/warehouse/connection.ts";
import { splitByNeed } from "../../pipelines/warehouse/order.ts";
import { openEmptyLandlord, orderedModels } from "../sql/empty-landlord.ts";
import { loadParquet } from "../sql/load-parquet.ts";
import { machine } from "./machine.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "101-102" },
    dwellings: { type: "string", default: "6000" },
    months: { type: "string", default: "60" },
    scenario: { type: "string", default: "plain" },
    parameters: { type: "string", default: "aubrelle" },
    out: { type: "string" },
  },
});
const dwellings = Number(values.dwellings);
const months = Number(values.months);
const scenario = SCENARIOS.find((known) => known === values.scenario);
if (scenario === undefined) throw new Error(`--scenario is one of ${SCENARIOS.join(", ")}`);
const effects = effectsSchema.parse({});
const parameters = values.parameters === "montbrun" ? "montbrun" : "aubrelle";

const judged = z.object({
  dwellings: z.number(),
  months: z.number(),
  scenario: z.string(),
  parameters: z.string(),
  seed: z.number(),
  comparison: z.string(),
  outcome: z.string(),
  treated: z.number(),
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  truth_n: z.number().nullable(),
  truth: z.number().nullable(),
});
type Judged = z.output<typeof judged>;

const world = { dwellings, months, scenario, parameters } as const;
const done = values.out !== undefined && existsSync(values.out) ? readJudged(values.out) : [];
const results: Judged[] = [];
const seconds: number[] = [];
for (const seed of seedsOf(values.seeds)) {
  const known = done.filter((row) => row.seed === seed);
  if (known.length > 0) {
    results.push(...known);
    continue;
  }
  const start = performance.now();
  const rows = await judge(seed);
  seconds.push((performance.now() - start) / 1000);
  results.push(...rows);
  if (values.out !== undefined) {
    appendFileSync(values.out, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
}
console.log(
  JSON.stringify({
    bench: "effects",
    ...world,
    seeds: new Set(results.map(({ seed }) => seed)).size,
    comparisons: summary(results),
    seconds_a_seed: Math.round(median(seconds) * 10) / 10,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    machine: machine(),
  }),
);

/** Lives one landlord, builds the models that effects need from its tables, and sets what they say beside the paired truth. */
async function judge(seed: number): Promise<Judged[]> {
  const scratch = await mkdtemp(join(tmpdir(), "vigie-bench-effects-"));
  try {
    const folder = join(scratch, "landlord");
    const { asOf } = await simulate({ ...world, seed, format: "parquet", out: folder });
    const landlord = await openEmptyLandlord("", asOf, { readableFolders: [folder] });
    const { connection, close } = landlord;
    try {
      await loadParquet(connection, folder);
      const { needed } = splitByNeed(await orderedModels(), ["effect.difference"]);
      await buildModels(landlord, needed, landlord.programs, async (model, build) => {
        await build();
        if (model.id === "effect.comparison") await keepJudged(connection);
        if (model.id === "effect.treatment") {
          await connection.run(
            "delete from effect.treatment where treatment not in ('interview', 'call', 'plan')",
          );
        }
      });
      const told = await queryRows(
        connection,
        `select comparison_id as comparison, outcome, treated, difference as estimate, low, high
        from effect.difference order by comparison_id, outcome`,
        judged.pick({
          comparison: true,
          outcome: true,
          treated: true,
          estimate: true,
          low: true,
          high: true,
        }),
      );
      const truth = truthOf(seed);
      return told.map((row) => ({
        ...world,
        seed,
        ...row,
        truth_n: truth.get(`${row.comparison} ${row.outcome}`)?.n ?? null,
        truth: truth.get(`${row.comparison} ${row.outcome}`)?.difference ?? null,
      }));
    } finally {
      close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Leaves only the comparisons whose truth the simulator tells: the others would be learnt for nothing. */
async function keepJudged(connection: DuckDBConnection): Promise<void> {
  await connection.run("alter view effect.comparison rename to every_comparison");
  await connection.run(
    "create view effect.comparison as from effect.every_comparison where action in ('interview', 'call', 'plan')",
  );
}

/**
 * The simulator's paired truth, by comparison and outcome: every action, not a sample of them, of the months that are
 * compared, those before which the ledger shows enough closings.
 */
function truthOf(seed: number): Map<string, { readonly n: number; readonly difference: number }> {
  const study = new EffectStudy();
  const window = windowOf(months);
  const everyone = { ...PARAMETER_SETS[parameters], truth: { examined: { interview: 1, call: 1, plan: 1 } } };
  const stock = { from: 1, to: dwellings, seed, window, parameters: everyone };
  const first = window.firstMonth + effects.history_months;
  for (const { record, tenancies } of livedDwellings(
    scenario === undefined ? stock : { ...stock, scenario },
  )) {
    study.add({
      record,
      tenancies: tenancies.map(({ plan, lease }) => ({
        plan,
        lease: { ...lease, actions: lease.actions.filter(({ on }) => monthOf(on) >= first) },
      })),
    });
  }
  const outcomes = {
    cured_in_60_days: "cured_60_days",
    relapsed_in_6_months: "relapsed_6_months",
    lastingly_cured: "lastingly_cured",
  };
  return new Map(
    study.effects().flatMap(({ action, approach, than, outcome, n, difference }) => {
      if (than !== "none" && approach === "all") return [];
      const words = [action, approach, than].filter((word) => word !== "all" && word !== "none");
      return [[`${words.join(".")} ${outcomes[outcome]}`, { n, difference }] as const];
    }),
  );
}

function summary(rows: readonly Judged[]): Record<string, unknown>[] {
  const keys = [...new Set(rows.map(({ comparison, outcome }) => `${comparison} ${outcome}`))].sort();
  return keys.map((key) => {
    const [comparison, outcome] = key.split(" ");
    const told = rows.filter((row) => row.comparison === comparison && row.outcome === outcome);
    const known = told.flatMap(({ truth, ...row }) => (truth === null ? [] : [{ ...row, truth }]));
    const mean = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
    const points = (share: number): number => Math.round(share * 10_000) / 100;
    return {
      comparison,
      outcome,
      seeds: told.length,
      treated: median(told.map(({ treated }) => treated)),
      half_width: points(median(told.map(({ low, high }) => (high - low) / 2))),
      flagged: told.filter(({ low, high }) => low > 0 || high < 0).length,
      estimate: points(mean(told.map(({ estimate }) => estimate))),
      ...(known.length === 0
        ? {}
        : {
            judged: known.length,
            covered: known.filter(({ low, high, truth }) => low <= truth && truth <= high).length,
            truth: points(mean(known.map(({ truth }) => truth))),
            bias: points(mean(known.map(({ estimate, truth }) => estimate - truth))),
            root_mean_square: points(
              Math.sqrt(mean(known.map(({ estimate, truth }) => (estimate - truth) ** 2))),
            ),
          }),
    };
  });
}

function readJudged(file: string): Judged[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => judged.parse(JSON.parse(line)))
    .filter(
      (row) =>
        row.dwellings === dwellings &&
        row.months === months &&
        row.scenario === scenario &&
        row.parameters === parameters,
    );
}

/** `4,7-9` is 4, 7, 8 and 9. */
function seedsOf(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split("-").map(Number);
    if (!Number.isInteger(from) || !Number.isInteger(to)) throw new Error(`--seeds ${text}: write 4,7-9`);
    return Array.from({ length: to - from + 1 }, (_, place) => from + place);
  });
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
