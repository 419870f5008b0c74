import { parseArgs } from "node:util";
import { runNight } from "../../pipelines/nightly.ts";
import { measureFloor } from "./floor.ts";
import { KEPT_OPTIONS, keptLandlord, keptOf } from "./kept-landlord.ts";
import { machine } from "./machine.ts";

const { values } = parseArgs({
  options: { ...KEPT_OPTIONS, format: { type: "string", default: "exports" } },
});
const kept = keptOf(values, values.format);
const { format, dwellings, months } = kept;
const workspace = await keptLandlord(kept);

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
