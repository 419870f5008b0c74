import type { OrderedModel } from "../warehouse/order.ts";

/**
 * What may differ between the rows that a table holds tonight and those of last night: nothing, rows of the touched
 * leases alone, or any row.
 */
export type Change = "none" | "touched" | "all";

/** How a model comes by tonight's rows: last night's stay, those of the touched leases are computed anew, or all are. */
export type Way = "keep" | "touched" | "whole";

/** The table of the as-of date. */
const NIGHT = "strategy.night";

/** What may differ tonight. */
export interface Changes {
  /** In a table that a model reads. */
  of(table: string): Change;
  /**
   * In what a model cuts at the as-of date by dates that it names (`crosses:`), for that date alone: rows of the leases that
   * have such a date between both nights, which are among the touched ones.
   */
  readonly crossed: Change;
}

/**
 * Decides how a model that says what it said last night is rebuilt, from what may differ in what it reads.
 *
 * Last night's rows stay where nothing that the model reads differs. Where the model is per lease, a table whose rows lead
 * to leases may differ for the touched ones; one that it reads whole may not. All else is computed whole.
 */
export function wayOf(model: OrderedModel, changes: Changes): Way {
  const isCut = (table: string) => table === NIGHT && model.crosses.length > 0;
  const changeOf = (table: string) => (isCut(table) ? changes.crossed : changes.of(table));
  const changed = model.reads.filter((table) => changeOf(table) !== "none");
  if (changed.length === 0) return "keep";
  const { readings } = model;
  if (readings === undefined) return "whole";
  const isByLease = (table: string) =>
    isCut(table) || readings.every((one) => one.table !== table || leadsToLeases(table, one.by));
  return changed.every((table) => changeOf(table) === "touched" && isByLease(table)) ? "touched" : "whole";
}

/** Whether the touched leases hold those of the rows of a table that differ, when it is read by that key. */
function leadsToLeases(table: string, by: string): boolean {
  return by === "lease_id" || (by !== "whole" && table.startsWith("contract."));
}
