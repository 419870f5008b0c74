import type { OrderedModel } from "../warehouse/order.ts";

/** How a model reads a table: the rows of a lease by a key that leads to it, or whole. */
export interface Reading {
  readonly table: string;
  readonly by: string;
}

/** A model with how it reads each table. */
export interface ReadingModel extends OrderedModel {
  readonly readings: readonly Reading[];
}

/**
 * What may differ between the rows that a table holds tonight and those of last night: nothing, rows of the touched
 * leases alone, or any row.
 */
export type Change = "none" | "touched" | "all";

/** How a model comes by tonight's rows: last night's stay, those of the touched leases are computed anew, or all are. */
export type Way = "keep" | "touched" | "whole";

/** The table of the as-of date. What its change means is told by the dates that it crosses, where a model says which. */
const NIGHT = "strategy.night";

/** What decides how one model is rebuilt. */
export interface Situation {
  /** What may differ in a table that the model reads. */
  readonly changeOf: (table: string) => Change;
  /** Whether the model says tonight what it said last night. */
  readonly isSame: boolean;
}

/**
 * Decides how a model is rebuilt, from what may differ in what it reads.
 *
 * Last night's rows stay where nothing that the model reads differs. Where the model is per lease, a table read lease by
 * lease may differ for the touched leases; a table that it reads whole may not. All else is computed whole.
 */
export function wayOf(model: ReadingModel, { changeOf, isSame }: Situation): Way {
  if (!isSame) return "whole";
  const changes = model.readings
    .filter(({ table }) => !(table === NIGHT && model.crosses.length > 0))
    .map((reading) => ({ ...reading, change: changeOf(reading.table) }));
  const differing = changes.filter(({ change }) => change !== "none");
  if (differing.length === 0) return "keep";
  const isLocal =
    model.per !== undefined && differing.every(({ by, change }) => by !== "whole" && change === "touched");
  return isLocal ? "touched" : "whole";
}
