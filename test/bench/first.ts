import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDemonstration } from "../../pipelines/demonstration.ts";
import { runNight } from "../../pipelines/nightly.ts";
import { AUDIENCES } from "../../pipelines/publish/sites.ts";
import { secondsOfChildren } from "./children.ts";
import { machine } from "./machine.ts";

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
