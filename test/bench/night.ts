import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FORMATS, simulate } from "../../data-samples/simulator/simulate.ts";
import { runNight } from "../../pipelines/nightly.ts";
import { PROJECT } from "../../pipelines/project.ts";
import { measureFloor } from "./floor.ts";
import { machine } from "./machine.ts";

const { values } = parseArgs({
  options: {
    dwellings: { type: "string", default: "17000" },
    months: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    format: { type: "string", default: "exports" },
  },
});
const dwellings = Number(values.dwellings);
const months = Number(values.months);
const seed = Number(values.seed);
const format = FORMATS.find((known) => known === values.format);
if (format === undefined) throw new Error(`--format is one of ${FORMATS.join(", ")}`);

// The landlord is made once per size and kept: the bench measures nights, not the simulator.
const workspace = join(PROJECT, ".vigie", "bench", `${dwellings}x${months}-${seed}-${format}`);
if (!existsSync(workspace)) {
  await mkdir(join(workspace, ".."), { recursive: true });
  await rm(`${workspace}.partial`, { recursive: true, force: true });
  await simulate({ dwellings, months, seed, format, out: `${workspace}.partial` });
  await rename(`${workspace}.partial`, workspace);
}

const floor = await measureFloor(workspace);
const silent = { isTerminal: false, write: () => undefined };
const night = await runNight({ workspace, asOf: undefined, output: silent, sites: [] });
const entries = night.steps.find(({ step }) => step === "check entry")?.rows ?? 0;
const seconds = night.steps.reduce((sum, step) => sum + step.seconds, 0);
// The night refuses the entries of the lease that is missing from a list; the floor refuses nothing.
if (floor.entries < entries || floor.entries > entries * 1.001) {
  throw new Error(`the floor read ${floor.entries} entries and the night accepted ${entries}: no comparison`);
}
console.log(
  JSON.stringify({
    format,
    dwellings,
    months,
    entries,
    seconds: round(seconds),
    floor_seconds: round(floor.seconds),
    ratio_to_floor: round(seconds / floor.seconds),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    steps: Object.fromEntries(night.steps.map((step) => [step.step, step.seconds])),
    machine: machine(),
  }),
);

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
