import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { glob } from "tinyglobby";
import { FORMATS, simulate } from "../../data-samples/simulator/simulate.ts";
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
const format = FORMATS.find((known) => known === values.format);
if (format === undefined) throw new Error(`--format is one of ${FORMATS.join(", ")}`);

const scratch = await mkdtemp(join(tmpdir(), "vigie-bench-simulate-"));
try {
  const out = join(scratch, "landlord");
  const start = performance.now();
  const { entries, leases } = await simulate({ dwellings, months, seed: Number(values.seed), format, out });
  const seconds = (performance.now() - start) / 1000;
  const files = await glob("inbox/**/*", { cwd: out, absolute: true });
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  console.log(
    JSON.stringify({
      format,
      dwellings,
      months,
      leases,
      entries,
      seconds: Math.round(seconds * 100) / 100,
      dwellings_per_second: Math.round(dwellings / seconds),
      files: files.length,
      mb: Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6),
      peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
      machine: machine(),
    }),
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}
