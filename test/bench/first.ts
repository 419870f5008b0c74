import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDemonstration } from "../../pipelines/demonstration.ts";
import { runNight } from "../../pipelines/nightly.ts";
import { AUDIENCES } from "../../pipelines/publish/sites.ts";
import { machine } from "./machine.ts";

/** Of the kernel's clock that `/proc` counts processor time in: 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

// What the first `npm run nightly` does, in a folder of its own, so that a demonstration landlord in use is left as it is; and in a process of
// its own, so that the processor time of the programs that it starts is told with its own.
const [folder] = process.argv.slice(2);
if (folder === undefined) await measure();
else await look(folder);

async function look(folder: string): Promise<void> {
  const output = { isTerminal: false, write: () => undefined };
  const workspace = await openDemonstration(undefined, output, join(folder, "demo"));
  await runNight({ workspace, asOf: undefined, output, sites: AUDIENCES });
}

async function measure(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "vigie-first-"));
  try {
    const start = performance.now();
    const words = ["--import", "tsx", fileURLToPath(import.meta.url), scratch];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "inherit", "inherit"] });
    const [exitCode] = await once(child, "close");
    if (exitCode !== 0) throw new Error(`the first night ended with ${exitCode}`);
    console.log(
      JSON.stringify({
        wall_seconds: Math.round(performance.now() - start) / 1000,
        processor_seconds: await secondsOfChildren(),
        machine: machine(),
      }),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Processor seconds of all processes that this one started and saw end, and of theirs; null elsewhere than on Linux. */
async function secondsOfChildren(): Promise<number | null> {
  const stat = await readFile("/proc/self/stat", "utf8").catch(() => undefined);
  // After the name, which may hold spaces: state is field 3, cutime and cstime are fields 16 and 17 (proc_pid_stat(5)).
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? null : (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
}
