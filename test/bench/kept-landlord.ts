import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { FORMATS, simulate } from "../../data-samples/simulator/simulate.ts";
import { PROJECT } from "../../pipelines/project.ts";

/** A simulated landlord as benches ask for it. */
export interface Kept {
  readonly dwellings: number;
  readonly months: number;
  readonly seed: number;
  readonly format: (typeof FORMATS)[number];
}

/** The options that name a landlord, as text. */
export const KEPT_OPTIONS = {
  dwellings: { type: "string", default: "17000" },
  months: { type: "string", default: "60" },
  seed: { type: "string", default: "1" },
} as const;

/** Reads the options back. */
export function keptOf(values: Readonly<Record<keyof typeof KEPT_OPTIONS, string>>, format: string): Kept {
  const known = FORMATS.find((one) => one === format);
  if (known === undefined) throw new Error(`--format is one of ${FORMATS.join(", ")}`);
  const { dwellings, months, seed } = values;
  return { dwellings: Number(dwellings), months: Number(months), seed: Number(seed), format: known };
}

/** The landlord's folder: made once per size and kept, since benches measure nights, not the simulator. */
export async function keptLandlord({ dwellings, months, seed, format }: Kept): Promise<string> {
  const workspace = join(PROJECT, ".vigie", "bench", `${dwellings}x${months}-${seed}-${format}`);
  if (!existsSync(workspace)) {
    await mkdir(join(workspace, ".."), { recursive: true });
    await rm(`${workspace}.partial`, { recursive: true, force: true });
    await simulate({ dwellings, months, seed, format, out: `${workspace}.partial` });
    await rename(`${workspace}.partial`, workspace);
  }
  return workspace;
}
