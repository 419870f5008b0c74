import { execFileSync } from "node:child_process";
import { constants, existsSync } from "node:fs";
import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseDocument } from "yaml";
import { z } from "zod";
import { type NightOptions, runNight } from "../../pipelines/nightly.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";
import { cutIntoParts, lastDays, lay, layLandlord } from "../rebuild/delivered-in-parts.ts";
import { measureFloor } from "./floor.ts";
import { KEPT_OPTIONS, keptLandlord, keptOf } from "./kept-landlord.ts";
import { machine } from "./machine.ts";

// A night without sites, against the least that any night must do. Processor seconds are those of the whole process during the
// night, loading the program left out.
//   --no-training    a rule serves in place of a model: asks for more onsets than any landlord has (risk.least_onsets)
//   --memory 2GB     the most memory that DuckDB may hold
//   --next           the next night too: the last day of the ledger comes as a delivery of its own, in the contract's shape; tells
//                    what the night built upon the one before takes of the same night computed whole
//   --against 17000  the same night at this size too, each in a process of its own: one line that tells how many times as many
//                    processor seconds an entry takes at --dwellings as here

const benched = z.object({
  dwellings: z.number(),
  entries: z.number(),
  seconds: z.number(),
  processor_seconds: z.number(),
  processor_us_per_entry: z.number(),
});

const { values } = parseArgs({
  options: {
    ...KEPT_OPTIONS,
    format: { type: "string", default: "exports" },
    "no-training": { type: "boolean", default: false },
    against: { type: "string" },
    memory: { type: "string" },
    next: { type: "boolean", default: false },
  },
});
/** The largest number that the strategy's table holds. */
const MOST_ONSETS = 2 ** 31 - 1;
const { format } = keptOf(values, values.format);

if (values.next) console.log(JSON.stringify(await benchNext(Number(values.dwellings))));
else if (values.against === undefined)
  console.log(JSON.stringify(await benchNight(Number(values.dwellings))));
else console.log(JSON.stringify(compareSizes([values.dwellings, values.against])));

async function benchNight(dwellings: number) {
  const workspace = await landlordOf(dwellings);
  const floor = await measureFloor(workspace);
  // A first night: one that is built upon an earlier one reads and computes less, and one that checks it more.
  await rm(join(workspace, "current"), { force: true });
  await rm(openWorkspace(workspace).readings, { recursive: true, force: true });
  const { night, processor } = await timedNight({ workspace, asOf: undefined });
  const entries = night.steps.find(({ step }) => step === "check entry")?.rows ?? 0;
  const seconds = night.steps.reduce((sum, step) => sum + step.seconds, 0);
  // The night refuses the entries of the lease that is missing from a list; the floor refuses nothing.
  if (floor.entries < entries || floor.entries > entries * 1.001) {
    throw new Error(
      `the floor read ${floor.entries} entries and the night accepted ${entries}: no comparison`,
    );
  }
  return {
    format,
    dwellings,
    months: Number(values.months),
    training: !values["no-training"],
    entries,
    seconds: round(seconds),
    processor_seconds: round(processor),
    processor_us_per_entry: round((processor / entries) * 1e6),
    floor_seconds: round(floor.seconds),
    ratio_to_floor: round(seconds / floor.seconds),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    steps: Object.fromEntries(night.steps.map((step) => [step.step, step.seconds])),
    processor_steps: Object.fromEntries(night.steps.map((step) => [step.step, step.processorSeconds])),
    machine: machine(),
  };
}

/** A night without sites, and the processor seconds that it took. */
async function timedNight(options: Pick<NightOptions, "workspace" | "asOf">) {
  const silent = { isTerminal: false, write: () => undefined };
  const spent = process.cpuUsage();
  const { memory } = values;
  const night = await runNight({ ...options, memory, output: silent, sites: [], render: false });
  const { user, system } = process.cpuUsage(spent);
  return { night, processor: (user + system) / 1e6 };
}

/** The night after the last day of the ledger, upon that before it and whole. */
async function benchNext(dwellings: number) {
  const source = await landlordOf(dwellings);
  const folder = `${source}-next`;
  const days = await lastDays(source);
  const workspace = join(folder, "landlord");
  await rm(folder, { recursive: true, force: true });
  await cutIntoParts(join(source, "inbox"), join(folder, "parts"), { days, seed: 1, lateShare: 0 });
  await layLandlord(source, workspace);
  await lay(join(folder, "parts"), 0, join(workspace, "inbox"));
  const [first, second] = days;
  await timedNight({ workspace, asOf: first });
  await lay(join(folder, "parts"), 1, join(workspace, "inbox"));
  const beside = join(folder, "whole");
  await cp(workspace, beside, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  const next = await timedNight({ workspace, asOf: second });
  await rm(join(beside, "current"));
  const whole = await timedNight({ workspace: beside, asOf: second });
  const rowsOf = (name: string) => next.night.steps.find(({ step }) => step === name)?.rows ?? 0;
  const answer = {
    dwellings,
    months: Number(values.months),
    days,
    touched_leases: rowsOf("find the touched leases"),
    leases: rowsOf("check lease"),
    next_processor_seconds: round(next.processor),
    whole_processor_seconds: round(whole.processor),
    share_of_whole: round(next.processor / whole.processor),
    steps: Object.fromEntries(next.night.steps.map((step) => [step.step, step.processorSeconds])),
    machine: machine(),
  };
  await rm(folder, { recursive: true, force: true });
  return answer;
}

/** The landlord, kept from bench to bench; without training, a copy of it whose strategy asks for more than it has. */
async function landlordOf(dwellings: number): Promise<string> {
  const kept = await keptLandlord({ ...keptOf(values, values.format), dwellings });
  if (!values["no-training"]) return kept;
  const folder = `${kept}-no-training`;
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  for (const part of ["inbox", "sources", "vigie.yaml"])
    await cp(join(kept, part), join(partial, part), { recursive: true });
  const file = join(partial, "vigie.yaml");
  const strategy = parseDocument(await readFile(file, "utf8"));
  strategy.setIn(["risk", "least_onsets"], MOST_ONSETS);
  await writeFile(file, strategy.toString());
  await rename(partial, folder);
  return folder;
}

function compareSizes(sizes: readonly [string, string]) {
  const [small, large] = sizes.map((dwellings) => {
    const options = ["months", "seed", "format"] as const;
    const given = options.flatMap((name) => [`--${name}`, values[name]]);
    const training = values["no-training"] ? ["--no-training"] : [];
    const line = execFileSync(
      process.execPath,
      [...process.execArgv, fileURLToPath(import.meta.url), "--dwellings", dwellings, ...given, ...training],
      { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
    );
    return benched.parse(JSON.parse(line));
  });
  if (small === undefined || large === undefined) throw new Error("two sizes are compared");
  return {
    format,
    months: Number(values.months),
    training: !values["no-training"],
    sizes: [small, large],
    per_entry: round(small.processor_us_per_entry / large.processor_us_per_entry),
    machine: machine(),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
