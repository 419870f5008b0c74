import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../pipelines/user-error.ts";
import { isoDate } from "./calendar.ts";
import { Delivery } from "./delivery.ts";
import { writeGroupDirectory } from "./exports/group.ts";
import { OrmoisExport } from "./exports/ormois.ts";
import { SauvelleExport } from "./exports/sauvelle.ts";
import { VaudrangeExport } from "./exports/vaudrange.ts";
import { PARAMETERS } from "./parameters.ts";
import { dwellingsOf } from "./stock.ts";
import { type Window, windowOf } from "./window.ts";

const DEMONSTRATION = fileURLToPath(new URL("../demo", import.meta.url));
const DWELLINGS_BETWEEN_WAITS = 4;
const DWELLINGS_BETWEEN_NEWS = 100;

export interface SimulateOptions {
  /** 1 to 999,999. */
  readonly dwellings: number;
  /** 1 to 120, ending with `lastMonth`. */
  readonly months: number;
  /** A whole number; the same seed gives the same bytes. */
  readonly seed: number;
  /** The folder to make; it must not exist yet, or be empty. */
  readonly out: string;
  /** `yyyy-mm`; what is delivered stops in the middle of it. */
  readonly lastMonth?: string;
  /** Told now and then how many dwellings are written. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told once, in one line, what was made. */
  readonly log?: (line: string) => void;
}

export interface Simulated {
  /** Ledger entries, each counted once. */
  readonly entries: number;
  readonly leases: number;
  /** Rows that the files hold a second time. */
  readonly repeatedRows: number;
  /** The delivery date, `yyyy-mm-dd`. */
  readonly asOf: string;
}

/**
 * Makes the folder of a simulated landlord: `inbox/` with the files of its three former landlords, and the
 * demonstration's strategy and mapping. The folder appears whole or not at all. Memory does not grow with the
 * number of dwellings. Throws a UserError when an option is out of range or the folder is not empty.
 */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { dwellings, months, seed, lastMonth } = options;
  if (!Number.isInteger(dwellings) || dwellings < 1 || dwellings > PARAMETERS.maximumDwellings) {
    throw new UserError(
      `${dwellings} dwellings cannot be simulated.`,
      `Ask for a whole number from 1 to ${PARAMETERS.maximumDwellings}.`,
    );
  }
  if (!Number.isSafeInteger(seed)) throw new UserError(`${seed} is no seed.`, "Give a whole number.");
  const window = windowOf(months, lastMonth);
  const out = resolve(options.out);
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new UserError(`${options.out} is not empty.`, "Choose another folder, or remove it first.");
  }

  const making = `${out}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  try {
    cpSync(DEMONSTRATION, making, { recursive: true });
    const counts = await writeInbox(making, window, options);
    rmSync(join(making, "drafts"), { recursive: true, force: true });
    mkdirSync(dirname(out), { recursive: true });
    renameSync(making, out);
    const asOf = isoDate(window.asOf);
    options.log?.(`${dwellings} dwellings, ${counts.leases} leases, ${counts.entries} entries up to ${asOf}`);
    return { ...counts, asOf };
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

async function writeInbox(
  folder: string,
  window: Window,
  { dwellings, seed, onProgress }: SimulateOptions,
): Promise<Omit<Simulated, "asOf">> {
  const delivery = new Delivery(join(folder, "inbox"));
  const drafts = new Delivery(join(folder, "drafts"));
  try {
    writeGroupDirectory(delivery, window);
    const exports = {
      ormois: new OrmoisExport(delivery, window),
      vaudrange: new VaudrangeExport(delivery, window),
      sauvelle: new SauvelleExport(delivery, drafts, window),
    };
    let entries = 0;
    let leases = 0;
    for (const dwelling of dwellingsOf(dwellings, seed, window)) {
      exports[dwelling.landlord].write(dwelling);
      leases += dwelling.leases.length;
      for (const lease of dwelling.leases) entries += lease.entries.length;
      if (dwelling.number % DWELLINGS_BETWEEN_WAITS === 0) {
        await delivery.waitUntilDrained();
        await drafts.waitUntilDrained();
      }
      if (dwelling.number % DWELLINGS_BETWEEN_NEWS === 0) onProgress?.(dwelling.number, dwellings);
    }
    onProgress?.(dwellings, dwellings);
    let repeatedRows = 0;
    for (const landlord of Object.values(exports)) {
      await landlord.finish();
      repeatedRows += landlord.repeatedRows;
    }
    await delivery.close();
    return { entries, leases, repeatedRows };
  } catch (error) {
    delivery.abandon();
    drafts.abandon();
    throw error;
  }
}
