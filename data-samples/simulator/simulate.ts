import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../pipelines/user-error.ts";
import { isoDate } from "./calendar.ts";
import { Delivery } from "./delivery.ts";
import { GroupExport } from "./exports/group.ts";
import { OrmoisExport } from "./exports/ormois.ts";
import { writeParquet } from "./exports/parquet.ts";
import type { WholeStock } from "./exports/parquet-dwellings.ts";
import { SauvelleExport } from "./exports/sauvelle.ts";
import { VaudrangeExport } from "./exports/vaudrange.ts";
import {
  GROUPS,
  type Group,
  type GroupName,
  LIMITS,
  PARAMETER_SETS,
  type ParameterSet,
  SCENARIOS,
  type Scenario,
} from "./parameters.ts";
import { livedDwellings } from "./stock.ts";
import { TruthFolder, type World } from "./truth.ts";
import { windowOf } from "./window.ts";

/** What is delivered: the exports of the three former landlords and the group, or the contract's tables as Parquet. */
export const FORMATS = ["exports", "parquet"] as const;

export type Format = (typeof FORMATS)[number];

/** The strategy and the mapping of each format. */
const LANDLORD_FOLDERS: Readonly<Record<Format, string>> = {
  exports: fileURLToPath(new URL("../demo", import.meta.url)),
  parquet: fileURLToPath(new URL("../parquet", import.meta.url)),
};
const DWELLINGS_BETWEEN_WAITS = 4;
const DWELLINGS_BETWEEN_NEWS = 100;

export interface SimulateOptions {
  /** 1 to 1,000,000. */
  readonly dwellings: number;
  /** 1 to 120, ending with `lastMonth`. */
  readonly months: number;
  /** A whole number; the same seed gives the same bytes. */
  readonly seed: number;
  /** `exports` when absent. */
  readonly format?: Format;
  /** Whose figures: `aubrelle` when absent. */
  readonly parameters?: ParameterSet;
  /** `plain` when absent. */
  readonly scenario?: Scenario;
  /** How many agencies the group has: `large` when absent. */
  readonly group?: GroupName;
  /** Whether to write what only the simulator knows of balances and effects (exports only); true when absent. */
  readonly truth?: boolean;
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
  /** The delivery date, `yyyy-mm-dd`. */
  readonly asOf: string;
}

/**
 * Makes the folder of a simulated landlord: `inbox/` with the files of its three former landlords and of the group (or
 * with the contract's tables as Parquet), and the strategy and mapping that read them. The folder appears whole or not
 * at all. Memory does not grow with the number of dwellings.
 *
 * @throws UserError when an option is out of range or the folder is not empty.
 */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { dwellings, months, seed, lastMonth, format = "exports" } = options;
  const { parameters = "aubrelle", scenario = "plain", group = "large" } = options;
  if (!Number.isInteger(dwellings) || dwellings < 1 || dwellings > LIMITS.maximumDwellings) {
    throw new UserError(
      `${dwellings} dwellings cannot be simulated.`,
      `Ask for a whole number from 1 to ${LIMITS.maximumDwellings}.`,
    );
  }
  if (!Number.isSafeInteger(seed)) throw new UserError(`${seed} is no seed.`, "Give a whole number.");
  if (!FORMATS.includes(format)) throw unknownWord("format", format, FORMATS);
  if (!Object.hasOwn(PARAMETER_SETS, parameters)) {
    throw unknownWord("set of parameters", parameters, Object.keys(PARAMETER_SETS));
  }
  if (!SCENARIOS.includes(scenario)) throw unknownWord("scenario", scenario, SCENARIOS);
  if (!Object.hasOwn(GROUPS, group)) throw unknownWord("group", group, Object.keys(GROUPS));
  const window = windowOf(months, lastMonth);
  const figures = PARAMETER_SETS[parameters];
  const stock = { dwellings, seed, window, parameters: figures, scenario, group: GROUPS[group] };
  const out = resolve(options.out);
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new UserError(`${options.out} is not empty.`, "Choose another folder, or remove it first.");
  }

  const making = `${out}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  try {
    cpSync(LANDLORD_FOLDERS[format], making, { recursive: true });
    const onProgress = (done: number) => options.onProgress?.(done, dwellings);
    const told = options.truth === false ? null : { dwellings, seed, parameters, scenario };
    const counts =
      format === "parquet"
        ? await writeParquet(making, stock, onProgress)
        : await writeExports(making, stock, told, onProgress);
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

function unknownWord(what: string, word: string, known: readonly string[]): UserError {
  return new UserError(`"${word}" is no ${what}.`, `Choose one of ${known.join(", ")}.`);
}

async function writeExports(
  folder: string,
  stock: WholeStock & { readonly group: Group },
  told: World | null,
  onProgress: (done: number) => void,
): Promise<Omit<Simulated, "asOf">> {
  const { window, dwellings } = stock;
  const delivery = new Delivery(join(folder, "inbox"));
  const truth = new Delivery(join(folder, "truth"));
  const deliveries = [delivery, truth];
  const drafts = (name: string): Delivery => {
    const place = new Delivery(join(folder, "drafts", name));
    deliveries.push(place);
    return place;
  };
  try {
    const group = new GroupExport(delivery, drafts("groupe"), window, stock.group);
    const landlords = {
      ormois: new OrmoisExport(delivery, window),
      vaudrange: new VaudrangeExport(delivery, drafts("vaudrange"), window),
      sauvelle: new SauvelleExport(delivery, drafts("sauvelle"), truth, window, stock.seed),
    };
    const knowledge = told && new TruthFolder(truth, window);
    let entries = 0;
    let leases = 0;
    for (const lived of livedDwellings({ ...stock, from: 1, to: dwellings })) {
      const dwelling = lived.record;
      knowledge?.add(lived);
      landlords[dwelling.landlord].write(dwelling);
      group.write(dwelling);
      leases += dwelling.leases.length;
      for (const lease of dwelling.leases) entries += lease.entries.length;
      if (dwelling.number % DWELLINGS_BETWEEN_WAITS === 0) {
        for (const place of deliveries) await place.waitUntilDrained();
      }
      if (dwelling.number % DWELLINGS_BETWEEN_NEWS === 0) onProgress(dwelling.number);
    }
    onProgress(dwellings);
    for (const written of [group, ...Object.values(landlords)]) await written.finish();
    if (told) knowledge?.finish(told);
    await delivery.close();
    await truth.close();
    return { entries, leases };
  } catch (error) {
    for (const place of deliveries) place.abandon();
    throw error;
  }
}
