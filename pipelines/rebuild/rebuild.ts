import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CONTRACT } from "../contract/contract.ts";
import { type FailedCheck, type Rebuilding, verifyModel } from "../warehouse/build.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { OrderedModel } from "../warehouse/order.ts";
import { type Change, type Way, wayOf } from "./change.ts";
import { differs, isLoaded, LAST_NIGHT, relationsOf, sqlName } from "./compare.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { openPart, type Part } from "./part.ts";
import { compareContractTable, differingLeases, leasesCrossed, noLeaseTouched } from "./touched-leases.ts";
import { keepWays } from "./ways.ts";

/** A table computed whole with no more rows than this is compared with last night's: what reads it may then stay. */
const COMPARED_ROWS = 300_000;

/** With more than this share of the leases touched all are computed: both cost the same, and one is simpler. */
const LARGEST_SHARE = 0.5;

/** The building of a night's models, in an empty warehouse or in a copy of last night's. */
export interface NightBuilding extends Rebuilding {
  /** Compares everything loaded with last night's; to be called once it all stands. @returns the tables that differ. */
  compareLoaded(): Promise<{ readonly rows: number }>;
  /** Says that all stands that tells which leases are touched: from here on only these are computed where that can be. @returns how many. */
  settleTouched(): Promise<{ readonly rows: number }>;
  /** Ends the building, and keeps in `run.rebuilt` how each model came by its rows. */
  finish(): Promise<Told>;
}

/** How the models of a night came by their rows. */
export interface Told {
  readonly kept: number;
  readonly touched: number;
  readonly whole: number;
  /** Tables whose rows would have stayed, or stayed for most leases, and are found to be others: computed, they are right. */
  readonly stale: readonly string[];
}

/** What a building upon last night's rows is made from. */
export interface RebuildingOptions {
  /** All models of the night, in their order. */
  readonly models: readonly OrderedModel[];
  /** The computed tables whose programs know more than what they read. */
  readonly remembering: ReadonlySet<string>;
  /** What tonight's and last night's rows are made by. */
  readonly tonight: Fingerprint;
  readonly before: Fingerprint;
  /**
   * Whether all is computed in an empty warehouse and last night's rows are only compared: each table, or lease, of which
   * rows would have stayed must have these very rows.
   */
  readonly isCheck: boolean;
}

const countRow = z.object({ n: z.number() });
const nameRow = z.object({ name: z.string() });

/**
 * Builds upon last night's rows: in a copy of its warehouse or, where it is a check, beside it. That warehouse is attached as
 * `last_night`.
 */
export async function rebuildNight(
  connection: DuckDBConnection,
  { models, remembering, tonight, before, isCheck }: RebuildingOptions,
): Promise<NightBuilding> {
  const [current] = await queryRows(connection, "select current_database() as name", nameRow);
  const warehouse = current?.name ?? "";
  const relationsBefore = await relationsOf(connection, LAST_NIGHT);
  const touched = await noLeaseTouched(connection);
  const changes = new Map<string, Change>();
  const ways = new Map<string, Way>();
  const rowsOf = new Map<string, number>();
  const stale: string[] = [];
  const read = new Set(models.flatMap(({ reads }) => reads));
  let part: Part | undefined;

  const changeOf = (table: string): Change => {
    const change = changes.get(table);
    if (change === undefined) throw new Error(`${table} is read before it was compared or rebuilt`);
    return change;
  };
  /** What may differ in a table that was computed whole. */
  const changeOfWhole = async (model: OrderedModel, rows: number): Promise<Change> => {
    const columns = model.columns.map(({ name }) => name);
    const relation = relationsBefore.get(model.id);
    if (!read.has(model.id)) return "all";
    if (model.kind === "view" || relation?.kind !== "table" || relation.columns.join() !== columns.join())
      return "all";
    const hasLease = columns.includes("lease_id");
    // Until the touched leases are settled each one that differs must be found, whatever that costs.
    if (hasLease && part === undefined)
      return touched.add(differingLeases(warehouse, sqlName(model), columns));
    if (rows > COMPARED_ROWS) return "all";
    if (!(await differs(connection, warehouse, sqlName(model), columns))) return "none";
    return hasLease && (await touched.holds(differingLeases(warehouse, sqlName(model), columns)))
      ? "touched"
      : "all";
  };

  /** Whether last night's rows, where they would have stayed, are those that were computed. */
  const isAsPromised = async (model: OrderedModel, way: Way): Promise<boolean> => {
    const columns = model.columns.map(({ name }) => name);
    if (way === "keep") return !(await differs(connection, warehouse, sqlName(model), columns));
    return touched.holds(differingLeases(warehouse, sqlName(model), columns));
  };

  return {
    async compareLoaded() {
      const relations = await relationsOf(connection, warehouse);
      for (const table of CONTRACT)
        changes.set(
          `contract.${table.name}`,
          await compareContractTable(connection, warehouse, touched, table),
        );
      for (const [id, { columns }] of relations) {
        if (!isLoaded(id)) continue;
        const [schema = "", name = ""] = id.split(".");
        const isAsBefore =
          relationsBefore.get(id)?.columns.join() === columns.join() &&
          !(await differs(connection, warehouse, sqlName({ schema, name }), columns));
        changes.set(id, isAsBefore ? "none" : "all");
      }
      return { rows: [...changes.values()].filter((change) => change !== "none").length };
    },

    async settleTouched() {
      for (const { table, on } of models.flatMap(({ crosses }) => crosses))
        await touched.add(leasesCrossed(warehouse, table, on));
      const rows = await touched.count();
      const [leases] = await queryRows(
        connection,
        "select count(*)::integer as n from contract.lease",
        countRow,
      );
      if (rows > LARGEST_SHARE * (leases?.n ?? 0))
        for (const [table, change] of changes) if (change === "touched") changes.set(table, "all");
      part = isCheck ? NO_PART : await openPart(connection, touched, models);
      return { rows };
    },

    async bringUp(model) {
      const isSame =
        tonight.models.get(model.id) === before.models.get(model.id) &&
        !remembering.has(model.id) &&
        (model.kind !== "computed" || tonight.strategy === before.strategy);
      const found = isSame ? wayOf(model, changeOf) : "whole";
      const way = found === "touched" && part === undefined && model.kind !== "view" ? "whole" : found;
      ways.set(model.id, way);
      if (way !== "whole" || model.kind === "view") changes.set(model.id, CHANGE_AFTER[way]);
      if (isCheck || way === "whole" || part === undefined) return way === "keep" && !isCheck ? 0 : undefined;
      const rows = way === "keep" || model.kind === "view" ? 0 : await part.build(model);
      rowsOf.set(model.id, rows);
      return rows;
    },

    async computed(model, rows) {
      const way = ways.get(model.id) ?? "whole";
      rowsOf.set(model.id, rows);
      if (model.kind === "view") return;
      if (way === "whole") changes.set(model.id, await changeOfWhole(model, rows));
      else if (!(await isAsPromised(model, way))) stale.push(model.id);
    },

    async verify(model): Promise<FailedCheck[]> {
      const way = isCheck ? "whole" : (ways.get(model.id) ?? "whole");
      if (way === "keep") return [];
      if (way === "whole" || model.kind === "view" || part === undefined)
        return verifyModel(connection, model);
      return part.verify(model);
    },

    async finish() {
      await part?.close();
      const tables = models.filter(({ kind }) => kind !== "view");
      await keepWays(
        connection,
        tables.map(({ id }) => ({
          table: id,
          way: ways.get(id) ?? "whole",
          rows: rowsOf.get(id) ?? 0,
          wasStale: stale.includes(id),
        })),
      );
      const count = (way: Way) => tables.filter(({ id }) => ways.get(id) === way).length;
      return { kept: count("keep"), touched: count("touched"), whole: count("whole"), stale };
    },
  };
}

/** Where all is computed there are no tables of the touched leases. */
const NO_PART: Part = {
  build: () => Promise.reject(new Error("nothing is computed for the touched leases alone")),
  verify: async () => [],
  close: async () => undefined,
};

/** What may differ in a model that was rebuilt that way. */
const CHANGE_AFTER: Readonly<Record<Way, Change>> = { keep: "none", touched: "touched", whole: "all" };
