import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { buildModel, type FailedCheck, type FillTable, verifyModel } from "../warehouse/build.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { OrderedModel } from "../warehouse/order.ts";
import { type Change, type Reading, type ReadingModel, type Way, wayOf } from "./change.ts";
import { columnsOfAll, differs, loadedAmong, sqlName, standingRelations } from "./compare.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { LAST_NIGHT, openPart } from "./part.ts";
import { compareByLease, compareContract, differingLeases, touchCrossing } from "./touched-leases.ts";

/** A table rebuilt whole with no more rows than this is compared with last night's: what reads it may then stay. */
const COMPARED_ROWS = 300_000;

/** With more than this share of the leases touched, all are computed: both cost the same, and one is simpler. */
const LARGEST_SHARE = 0.5;

/** How one model was rebuilt. */
export interface Rebuilt {
  readonly way: Way;
  /** The rows computed: none where last night's stay. */
  readonly rows: number;
}

/** Builds the models of a night in the warehouse of the last one, of which only what changed is computed again. */
export interface Rebuilding {
  /** Compares everything loaded with last night's; to be called once it all stands. */
  compareLoaded(): Promise<{ readonly rows: number }>;
  /** Says that what tells the touched leases is built: models that are per lease are computed for these from here on. */
  settleTouched(): Promise<{ readonly rows: number }>;
  /** Rebuilds one model; the models that it reads were rebuilt before. */
  build(model: OrderedModel, fill: FillTable): Promise<Rebuilt>;
  /** Verifies the rows that were computed. */
  verify(model: OrderedModel): Promise<FailedCheck[]>;
  close(): Promise<void>;
}

/** What a rebuilding is made from. */
export interface RebuildingOptions {
  /** All models of the night, in their order. */
  readonly models: readonly OrderedModel[];
  /** What tonight's and last night's tables are made by. */
  readonly tonight: Fingerprint;
  readonly before: Fingerprint;
  /** Tables whose programs know more than what they read: what earlier nights learnt. */
  readonly remembering: ReadonlySet<string>;
  /** A folder that the connection may write to. */
  readonly folder: string;
}

const countRow = z.object({ n: z.number() });

/** Begins to rebuild in a copy of last night's warehouse, which is attached as `last_night` too. */
export async function startRebuilding(
  connection: DuckDBConnection,
  options: RebuildingOptions,
): Promise<Rebuilding> {
  const { tonight, before, remembering } = options;
  const known = new Map(options.models.map((model) => [model.id, model]));
  const readingOf = (table: string): Reading => ({
    table,
    by: isOfLease(table, known)
      ? "lease_id"
      : /^contract\.(household|dwelling|plan_instalment|allocation|rejection)/.test(table)
        ? "other"
        : "whole",
  });
  const models: ReadingModel[] = options.models.map((model) => ({
    ...model,
    readings: model.reads.map(readingOf),
  }));
  const byId = new Map(models.map((model) => [model.id, model]));
  const part = await openPart(connection, options.folder, models);
  const columnsBefore = await columnsOfAll(connection, LAST_NIGHT);
  const standing = await standingRelations(connection, part.warehouse);
  const changes = new Map<string, Change>();
  const ways = new Map<string, Way>();
  let isSettled = false;
  let isPartial = true;

  const changeOf = (table: string): Change => {
    const change = changes.get(table);
    if (change === undefined) throw new Error(`${table} is read before it was compared or rebuilt`);
    return change === "touched" && !isPartial ? "all" : change;
  };
  const count = async (query: string) => (await queryRows(connection, query, countRow))[0]?.n ?? 0;

  /** Builds a model as a first night does, and finds what differs from last night's rows. */
  const buildWhole = async (model: OrderedModel, fill: FillTable): Promise<number> => {
    const kind = standing.get(model.id);
    if (kind !== undefined) await connection.run(`drop ${kind} ${sqlName(model)}`);
    const rows = await buildModel(connection, model, fill);
    changes.set(
      model.id,
      kind === "table" && model.kind !== "view" ? await changeOfWhole(model, rows) : "all",
    );
    return rows;
  };
  const changeOfWhole = async (model: OrderedModel, rows: number): Promise<Change> => {
    const columns = model.columns.map(({ name }) => name);
    if (columnsBefore.get(model.id)?.join() !== columns.join()) return "all";
    const hasLease = columns.includes("lease_id");
    // Before the touched leases are settled every lease that differs must be found, whatever that costs.
    if (hasLease && !isSettled) return compareByLease(connection, part, sqlName(model), columns);
    if (rows > COMPARED_ROWS) return "all";
    if (!(await differs(connection, part.warehouse, sqlName(model), columns))) return "none";
    return hasLease && (await part.holds(differingLeases(part, sqlName(model), columns))) ? "touched" : "all";
  };

  return {
    async compareLoaded() {
      for (const [table, change] of await compareContract(connection, part)) changes.set(table, change);
      const columns = await columnsOfAll(connection, part.warehouse);
      for (const table of loadedAmong(columns.keys())) {
        const id = `${table.schema}.${table.name}`;
        const [tonight = [], before = []] = [columns.get(id), columnsBefore.get(id)];
        const isAsBefore =
          tonight.join() === before.join() &&
          !(await differs(connection, part.warehouse, sqlName(table), tonight));
        changes.set(id, isAsBefore ? "none" : "all");
      }
      return { rows: [...changes.values()].filter((change) => change !== "none").length };
    },
    async settleTouched() {
      isSettled = true;
      for (const { table, on } of models.flatMap(({ crosses }) => crosses))
        await touchCrossing(part, table, on);
      const touched = await part.count();
      isPartial =
        touched <= LARGEST_SHARE * (await count("select count(*)::integer as n from contract.lease"));
      return { rows: touched };
    },
    async build({ id }, fill) {
      const model = byId.get(id);
      if (model === undefined) throw new Error(`${id} is no model of tonight`);
      const isSame =
        tonight.models.get(model.id) === before.models.get(model.id) &&
        !remembering.has(model.id) &&
        (model.kind !== "computed" || tonight.strategy === before.strategy);
      const found = wayOf(model, { changeOf, isSame });
      const way = found === "touched" && !isSettled ? "whole" : found;
      ways.set(model.id, way);
      if (model.kind === "view") {
        if (isSame) changes.set(model.id, CHANGE_AFTER[found]);
        else await buildWhole(model, fill);
        return { way: isSame ? "keep" : "whole", rows: 0 };
      }
      if (way === "keep") {
        changes.set(model.id, "none");
        return { way, rows: 0 };
      }
      if (way === "touched") {
        changes.set(model.id, "touched");
        return { way, rows: await part.build(model) };
      }
      return { way, rows: await buildWhole(model, fill) };
    },
    async verify(model) {
      const way = ways.get(model.id) ?? "whole";
      if (way === "keep") return [];
      if (way === "whole" || model.kind === "view") return verifyModel(connection, model);
      const read = byId.get(model.id);
      return read === undefined ? [] : part.verify(read);
    },
    close: () => part.close(),
  };
}

function isOfLease(table: string, known: ReadonlyMap<string, OrderedModel>): boolean {
  const model = known.get(table);
  if (model !== undefined) return model.per === "lease_id" || table === "bank.entry";
  return [
    "entry",
    "lease",
    "action",
    "plan",
    "lease_hold",
    "lease_terms",
    "disposition",
    "control_balance",
  ].some((name) => table === `contract.${name}`);
}

/** What may differ in a view, from the way in which a table of its text would be rebuilt. */
const CHANGE_AFTER: Readonly<Record<Way, Change>> = { keep: "none", touched: "touched", whole: "all" };
