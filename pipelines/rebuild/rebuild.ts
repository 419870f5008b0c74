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
  /** Ends the building. */
  finish(): Promise<void>;
}

/** What last night's and tonight's rows are made by. */
export interface Fingerprints {
  readonly tonight: Fingerprint;
  readonly before: Fingerprint;
}

const countRow = z.object({ n: z.number() });
const nameRow = z.object({ name: z.string() });

/**
 * Rebuilds in a copy of last night's warehouse, which is attached as `last_night` too. `models` are all of the night, in
 * their order; `remembering` are the computed tables whose programs know more than what they read.
 */
export async function rebuildNight(
  connection: DuckDBConnection,
  models: readonly OrderedModel[],
  remembering: ReadonlySet<string>,
  { tonight, before }: Fingerprints,
): Promise<NightBuilding> {
  const [current] = await queryRows(connection, "select current_database() as name", nameRow);
  const warehouse = current?.name ?? "";
  const relationsBefore = await relationsOf(connection, LAST_NIGHT);
  const touched = await noLeaseTouched(connection);
  const changes = new Map<string, Change>();
  const ways = new Map<string, Way>();
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
      part = await openPart(connection, touched, models);
      return { rows };
    },

    async bringUp(model) {
      const isSame =
        tonight.models.get(model.id) === before.models.get(model.id) &&
        !remembering.has(model.id) &&
        (model.kind !== "computed" || tonight.strategy === before.strategy);
      const way = isSame ? wayOf(model, changeOf) : "whole";
      if (model.kind === "view") {
        ways.set(model.id, way);
        changes.set(model.id, CHANGE_AFTER[way]);
        return isSame ? 0 : undefined;
      }
      const isWhole = way === "whole" || (way === "touched" && part === undefined);
      ways.set(model.id, isWhole ? "whole" : way);
      if (isWhole) return undefined;
      changes.set(model.id, CHANGE_AFTER[way]);
      return way === "touched" && part !== undefined ? part.build(model) : 0;
    },

    async computed(model, rows) {
      changes.set(model.id, await changeOfWhole(model, rows));
    },

    async verify(model): Promise<FailedCheck[]> {
      const way = ways.get(model.id) ?? "whole";
      if (way === "keep") return [];
      if (way === "whole" || model.kind === "view" || part === undefined)
        return verifyModel(connection, model);
      return part.verify(model);
    },

    async finish() {
      await part?.close();
    },
  };
}

/** What may differ in a model that was rebuilt that way. */
const CHANGE_AFTER: Readonly<Record<Way, Change>> = { keep: "none", touched: "touched", whole: "all" };
