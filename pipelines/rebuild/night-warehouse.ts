import { constants, existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { buildModel, verifyModel } from "../warehouse/build.ts";
import { type OpenDatabase, type OpenOptions, openDatabase } from "../warehouse/connection.ts";
import type { OrderedModel } from "../warehouse/order.ts";
import type { NightFolder } from "../workspace.ts";
import { dropLoaded } from "./compare.ts";
import { type Fingerprint, readFingerprint } from "./fingerprint.ts";
import { LAST_NIGHT } from "./part.ts";
import { type Rebuilding, startRebuilding } from "./rebuild.ts";

/** The warehouse that a night fills: an empty one, or a copy of last night's in which what changed is computed again. */
export interface NightWarehouse extends OpenDatabase {
  /** Why all of it is computed; undefined where last night's rows may stay. */
  readonly wholeBecause: string | undefined;
  /** Begins to build the models, which are all of the night in their order. */
  start(models: readonly OrderedModel[], remembering: ReadonlySet<string>): Promise<Rebuilding>;
}

/**
 * Opens the warehouse of a night. Last night's rows may stay only where it was made by the same programs and its warehouse
 * still stands.
 *
 * @param last the last good night, if there is one.
 * @param isWhole whether all of it is to be computed whatever last night made.
 */
export async function openNightWarehouse(
  night: NightFolder,
  last: NightFolder | undefined,
  options: OpenOptions & { readonly isWhole: boolean; readonly fingerprint: Fingerprint },
): Promise<NightWarehouse> {
  const { isWhole, fingerprint, ...opening } = options;
  const before =
    last === undefined || isWhole || !existsSync(last.warehouse)
      ? undefined
      : await fingerprintIn(last.warehouse);
  const wholeBecause = isWhole
    ? "asked for"
    : last === undefined
      ? "the first night"
      : before === undefined
        ? "last night's warehouse cannot be built upon"
        : before.program !== fingerprint.program
          ? "vigie has changed since last night"
          : undefined;
  if (last === undefined || before === undefined || wholeBecause !== undefined) {
    const database = await openDatabase(night.warehouse, opening);
    return { ...database, wholeBecause, start: async () => buildWhole(database.connection) };
  }
  await copyFile(last.warehouse, night.warehouse, constants.COPYFILE_FICLONE);
  const database = await openDatabase(night.warehouse, {
    ...opening,
    attached: { [LAST_NIGHT]: last.warehouse },
  });
  await dropLoaded(database.connection);
  return {
    ...database,
    wholeBecause,
    start: (models, remembering) =>
      startRebuilding(database.connection, {
        models,
        tonight: fingerprint,
        before,
        remembering,
        folder: night.staging,
      }),
  };
}

async function fingerprintIn(warehouse: string): Promise<Fingerprint | undefined> {
  const database = await openDatabase(":memory:", { attached: { [LAST_NIGHT]: warehouse } });
  try {
    return await readFingerprint(database.connection, LAST_NIGHT);
  } finally {
    database.close();
  }
}

/** Computes all models, as in a first night. */
function buildWhole(connection: DuckDBConnection): Rebuilding {
  return {
    compareLoaded: async () => ({ rows: 0 }),
    settleTouched: async () => ({ rows: 0 }),
    build: async (model, fill) => ({ way: "whole", rows: await buildModel(connection, model, fill) }),
    verify: (model) => verifyModel(connection, model),
    close: async () => undefined,
  };
}
