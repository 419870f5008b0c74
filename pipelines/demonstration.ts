import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { simulate } from "../data-samples/simulator/simulate.ts";
import { DEMONSTRATION } from "./project.ts";
import { type Output, startSteps } from "./steps.ts";
import { UserError } from "./user-error.ts";

/**
 * Dwellings of the demonstration landlord where nobody asks for another number: few enough for minutes, enough for pages
 * that are not mostly secret.
 */
export const USUAL_DWELLINGS = 6_000;

/** From so many dwellings on the group has all its agencies and five years of ledger. */
const LARGE_DWELLINGS = 12_000;

/**
 * The folder of the demonstration landlord of so many dwellings, made where it does not exist yet. Each size has a folder
 * of its own; one that exists is never made again, whoever made it.
 *
 * @param asked  how many dwellings; undefined where nobody asked, for the usual ones
 * @param usual  the folder of the usual one; the others stand beside it
 * @throws UserError when the folder holds a landlord of another size than was asked for.
 */
export async function openDemonstration(
  asked: number | undefined,
  output: Output,
  usual = DEMONSTRATION,
): Promise<string> {
  const dwellings = asked ?? USUAL_DWELLINGS;
  const folder = dwellings === USUAL_DWELLINGS ? usual : `${usual}-${dwellings}`;
  if (!existsSync(folder)) await make(folder, dwellings, output);
  else await tellOtherSize(folder, dwellings, asked !== undefined, output);
  return folder;
}

async function make(folder: string, dwellings: number, output: Output): Promise<void> {
  const isLarge = dwellings >= LARGE_DWELLINGS;
  const months = isLarge ? 60 : 48;
  const group = isLarge ? "large" : "small";
  const size = `${dwellings.toLocaleString("en")} dwellings, ${months} months`;
  const steps = startSteps(output, 1, ["landlord", "its first night"]);
  try {
    steps.part("landlord", `making the demonstration landlord: ${size}`);
    await steps.run(`simulate ${size}`, async (progress) => {
      const onProgress = (done: number, total: number) => progress(done, total, "dwelling");
      const { entries } = await simulate({ dwellings, months, group, seed: 1, out: folder, onProgress });
      return { rows: entries };
    });
  } finally {
    steps.close();
  }
}

/** What the simulator wrote of the world it made. */
const madeSchema = z.object({ dwellings: z.number() });

async function tellOtherSize(
  folder: string,
  dwellings: number,
  wasAsked: boolean,
  output: Output,
): Promise<void> {
  const made = await readFile(join(folder, "truth", "effects.json"), "utf8").catch(() => undefined);
  if (made === undefined) return;
  const kept = madeSchema.parse(JSON.parse(made)).dwellings;
  if (kept === dwellings) return;
  const other = `${relative(process.cwd(), folder)} holds a demonstration landlord of ${kept.toLocaleString("en")} dwellings`;
  const remedy = `Remove that folder to have one of ${dwellings.toLocaleString("en")} made.`;
  if (wasAsked) throw new UserError(`${other}, not of ${dwellings.toLocaleString("en")}.`, remedy);
  output.write(`${other}; it is used as it is. ${remedy}`);
}
