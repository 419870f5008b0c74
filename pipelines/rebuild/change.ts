import type { OrderedModel } from "../warehouse/order.ts";

/**
 * What may differ between the rows that a table holds tonight and those of last night: nothing, rows of the touched
 * leases alone, or any row.
 */
export type Change = "none" | "touched" | "all";

/** How a model comes by tonight's rows: last night's stay, those of the touched leases are computed anew, or all are. */
export type Way = "keep" | "touched" | "whole";

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
export function wayOf(model: OrderedModel, { changeOf, isSame }: Situation): Way {
  if (!isSame) return "whole";
  const changes = model.readings.map((reading) => ({ ...reading, change: changeOf(reading.table) }));
  const differing = changes.filter(({ change }) => change !== "none");
  if (differing.length === 0) return "keep";
  const isLocal =
    model.per !== undefined && differing.every(({ by, change }) => by !== "whole" && change === "touched");
  return isLocal ? "touched" : "whole";
}

/** What may differ in a model's own rows once it was rebuilt that way. */
export function changeAfter(way: Way): Change {
  return way === "keep" ? "none" : way === "touched" ? "touched" : "all";
}
