import type { OrderedModel } from "../warehouse/order.ts";

/**
 * What may differ between the rows that a table holds tonight and those of last night: nothing, rows of the touched
 * leases alone, or any row.
 */
export type Change = "none" | "touched" | "all";

/** How a model comes by tonight's rows: last night's stay, those of the touched leases are computed anew, or all are. */
export type Way = "keep" | "touched" | "whole";

/** The table of the as-of date. Where a model says by which dates it cuts what it reads, these tell what its change means. */
const NIGHT = "strategy.night";

/**
 * Decides how a model that says what it said last night is rebuilt, from what may differ in what it reads.
 *
 * Last night's rows stay where nothing that the model reads differs. Where the model is per lease, a table whose rows lead
 * to leases may differ for the touched ones; one that it reads whole may not. All else is computed whole.
 */
export function wayOf(model: OrderedModel, changeOf: (table: string) => Change): Way {
  const isCrossed = model.crosses.length > 0;
  const changed = model.reads.filter(
    (table) => !(isCrossed && table === NIGHT) && changeOf(table) !== "none",
  );
  if (changed.length === 0) return "keep";
  const { readings } = model;
  const isLocal = (table: string) =>
    changeOf(table) === "touched" &&
    readings?.filter((reading) => reading.table === table).every(({ by }) => leadsToLeases(table, by)) ===
      true;
  return changed.every(isLocal) ? "touched" : "whole";
}

/** Whether the touched leases hold those of the rows of a table that differ, when it is read by that key. */
function leadsToLeases(table: string, by: string): boolean {
  return by === "lease_id" || (by !== "whole" && table.startsWith("contract."));
}
