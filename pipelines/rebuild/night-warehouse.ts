import { constants, existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { verifyModel } from "../warehouse/build.ts";
import { type OpenDatabase, type OpenOptions, openDatabase } from "../warehouse/connection.ts";
import type { Model } from "../warehouse/model.ts";
import type { OrderedModel } from "../warehouse/order.ts";
import type { NightFolder } from "../workspace.ts";
import { dropLoaded, LAST_NIGHT } from "./compare.ts";
import { type Fingerprint, fingerprintOf, keepFingerprint, readFingerprint } from "./fingerprint.ts";
import { type NightBuilding, rebuildNight } from "./rebuild.ts";

/** The warehouse that a night fills: an empty one, or a copy of last night's in which what changed is computed again. */
export interface NightWarehouse extends OpenDatabase {
  /** Why all of it is computed; undefined where rows of last night may stay. */
  readonly wholeBecause: string | undefined;
  /** Begins to build the models: all of the night, in their order. `remembering` are those whose programs know more than they read. */
  startBuilding(models: readonly OrderedModel[], remembering: ReadonlySet<string>): Promise<NightBuilding>;
}

/** What tells how much of last night's warehouse may stay. */
export interface RebuildOptions extends OpenOptions {
  /** Whether all of it is to be computed, whatever last night made. */
  readonly isWhole: boolean;
  /** The landlord's strategy. */
  readonly strategy: unknown;
}

/**
 * Opens the warehouse of a night. Rows of last night may stay only where the same programs made them and its warehouse still
 * stands.
 *
 * @param last the last good night, if there is one.
 */
export async function openNightWarehouse(
  night: NightFolder,
  last: NightFolder | undefined,
  models: readonly Model[],
  { isWhole, strategy, ...opening }: RebuildOptions,
): Promise<NightWarehouse> {
  const tonight = await fingerprintOf(models, strategy);
  const before = last === undefined || isWhole ? undefined : await fingerprintIn(last.warehouse);
  const wholeBecause = reasonForAll({ isWhole, isFirst: last === undefined, tonight, before });
  if (last === undefined || before === undefined || wholeBecause !== undefined) {
    const database = await openDatabase(night.warehouse, opening);
    const startBuilding = async () => buildAll(database, tonight);
    return { ...database, wholeBecause, startBuilding };
  }
  await copyFile(last.warehouse, night.warehouse, constants.COPYFILE_FICLONE);
  const database = await openDatabase(night.warehouse, {
    ...opening,
    attached: { [LAST_NIGHT]: last.warehouse },
  });
  const { connection } = database;
  await dropLoaded(connection);
  return {
    ...database,
    wholeBecause,
    async startBuilding(ordered, remembering) {
      const building = await rebuildNight(connection, ordered, remembering, { tonight, before });
      const finish = async () => {
        await building.finish();
        await keepFingerprint(connection, tonight);
      };
      return { ...building, finish };
    },
  };
}

interface Found {
  readonly isWhole: boolean;
  readonly isFirst: boolean;
  readonly tonight: Fingerprint;
  readonly before: Fingerprint | undefined;
}

function reasonForAll({ isWhole, isFirst, tonight, before }: Found): string | undefined {
  if (isWhole) return "asked for";
  if (isFirst) return "the first night";
  if (before === undefined) return "last night's warehouse is gone, or of an earlier version";
  return before.program === tonight.program ? undefined : "vigie has changed since last night";
}

async function fingerprintIn(warehouse: string): Promise<Fingerprint | undefined> {
  if (!existsSync(warehouse)) return undefined;
  const database = await openDatabase(":memory:", { attached: { [LAST_NIGHT]: warehouse } });
  try {
    return await readFingerprint(database.connection, LAST_NIGHT);
  } finally {
    database.close();
  }
}

/** Computes all models, as in a first night. */
function buildAll({ connection }: OpenDatabase, tonight: Fingerprint): NightBuilding {
  return {
    compareLoaded: async () => ({ rows: 0 }),
    settleTouched: async () => ({ rows: 0 }),
    bringUp: async () => undefined,
    computed: async () => undefined,
    verify: (model) => verifyModel(connection, model),
    finish: () => keepFingerprint(connection, tonight),
  };
}
