import { constants, existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { Strategy } from "../strategy/strategy.ts";
import { verifyModel } from "../warehouse/build.ts";
import { type OpenDatabase, type OpenOptions, openDatabase } from "../warehouse/connection.ts";
import type { Model } from "../warehouse/model.ts";
import type { OrderedModel } from "../warehouse/order.ts";
import type { NightFolder } from "../workspace.ts";
import { dropLoaded, LAST_NIGHT } from "./compare.ts";
import { type Fingerprint, fingerprintOf, keepFingerprint, readFingerprint } from "./fingerprint.ts";
import { type NightBuilding, rebuildNight } from "./rebuild.ts";
import { keepWays } from "./ways.ts";

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
  readonly strategy: Strategy;
}

/**
 * Opens the warehouse of a night: a copy of last night's, where the same programs made it and it still stands. Every so often
 * (`nights.whole_every`), and where asked for, everything is computed instead, and compared with the rows that would have
 * stayed.
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
  const before = last === undefined ? undefined : await fingerprintIn(last.warehouse);
  if (last === undefined || before === undefined || before.program !== tonight.program) {
    const database = await openDatabase(night.warehouse, opening);
    const wholeBecause = last === undefined ? FIRST_NIGHT : CHANGED;
    return {
      ...database,
      wholeBecause,
      startBuilding: async (ordered) => buildAll(database, tonight, ordered),
    };
  }
  const isDue = before.nights + 1 >= strategy.nights.whole_every;
  const isCheck = isWhole || isDue;
  if (!isCheck) await copyFile(last.warehouse, night.warehouse, constants.COPYFILE_FICLONE);
  const database = await openDatabase(night.warehouse, {
    ...opening,
    attached: { [LAST_NIGHT]: last.warehouse },
  });
  const { connection } = database;
  if (!isCheck) await dropLoaded(connection);
  return {
    ...database,
    wholeBecause: isWhole
      ? "asked for"
      : isDue
        ? `due every ${strategy.nights.whole_every} nights`
        : undefined,
    async startBuilding(ordered, remembering) {
      const building = await rebuildNight(connection, {
        models: ordered,
        remembering,
        tonight,
        before,
        isCheck,
      });
      return {
        ...building,
        async finish() {
          const told = await building.finish();
          await keepFingerprint(connection, { ...tonight, nights: isCheck ? 0 : before.nights + 1 });
          return told;
        },
      };
    },
  };
}

/** Why a night computes everything that has none before it. */
export const FIRST_NIGHT = "the first night";

const CHANGED = "vigie has changed since last night, or last night's warehouse is gone";

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
function buildAll(
  { connection }: OpenDatabase,
  tonight: Fingerprint,
  models: readonly OrderedModel[],
): NightBuilding {
  const rowsOf = new Map<string, number>();
  return {
    compareLoaded: async () => ({ rows: 0 }),
    settleTouched: async () => ({ rows: 0 }),
    bringUp: async () => undefined,
    async computed(model, rows) {
      rowsOf.set(model.id, rows);
    },
    verify: (model) => verifyModel(connection, model),
    async finish() {
      await keepFingerprint(connection, tonight);
      const tables = models.filter(({ kind }) => kind !== "view");
      await keepWays(
        connection,
        tables.map(({ id }) => ({ table: id, way: "whole", rows: rowsOf.get(id) ?? 0, wasStale: false })),
      );
      return { kept: 0, touched: 0, whole: tables.length, stale: [] };
    },
  };
}
