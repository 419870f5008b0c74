import { expect, test } from "vitest";
import { type Change, wayOf } from "../../pipelines/rebuild/change.ts";
import { parseModel } from "../../pipelines/warehouse/model.ts";
import type { OrderedModel } from "../../pipelines/warehouse/order.ts";

/** A model that reads tables so: `table by key`; per lease where `isPerLease`. */
function modelReading(
  readings: readonly string[],
  isPerLease: boolean,
  crosses: readonly string[] = [],
): OrderedModel {
  const header = ["-- A model.", "-- grain: lease_id", "-- columns:", "--   lease_id  the lease"];
  const crossing = crosses.length === 0 ? [] : ["-- crosses:", ...crosses.map((one) => `--   ${one}`)];
  const model = parseModel(
    [...header, ...crossing, "select lease_id from ledger.lease"].join("\n"),
    "sql/ledger/model.sql",
  );
  const parsed = readings.map((reading) => {
    const [table = "", by = ""] = reading.split(" by ");
    return { table, by, column: by === "whole" ? undefined : by, through: undefined };
  });
  return {
    ...model,
    reads: [...new Set(parsed.map(({ table }) => table))],
    readings: isPerLease ? parsed : undefined,
    carries: [],
  };
}

const LEDGER = ["ledger.posting by lease_id", "strategy.setting by whole"];

test.each([
  ["nothing changed", LEDGER, true, {}, "keep"],
  ["nothing changed, and not per lease", LEDGER, false, {}, "keep"],
  ["leases' rows changed", LEDGER, true, { "ledger.posting": "touched" }, "touched"],
  ["leases' rows changed, and not per lease", LEDGER, false, { "ledger.posting": "touched" }, "whole"],
  ["any row of a table of leases may have changed", LEDGER, true, { "ledger.posting": "all" }, "whole"],
  ["a threshold changed", LEDGER, true, { "strategy.setting": "all" }, "whole"],
  [
    "a threshold changed, and leases' rows",
    LEDGER,
    true,
    { "strategy.setting": "all", "ledger.posting": "touched" },
    "whole",
  ],
  [
    "a household's rows changed, looked up by its lease",
    ["ledger.lease by lease_id", "contract.household_situation by household_id"],
    true,
    { "contract.household_situation": "touched" },
    "touched",
  ],
  [
    "a table of the house that is looked up by another key than the lease changed",
    ["ledger.lease by lease_id", "conduct.plan by plan_id"],
    true,
    { "conduct.plan": "touched" },
    "whole",
  ],
  [
    "a table read by the lease and whole at once changed",
    ["ledger.lease by lease_id", "ledger.lease by whole"],
    true,
    { "ledger.lease": "touched" },
    "whole",
  ],
] as const)("%s: %s", (_case, readings, isPerLease, changes: Readonly<Record<string, Change>>, way) => {
  expect(wayOf(modelReading(readings, isPerLease), (table) => changes[table] ?? "none")).toBe(way);
});

test("a new as-of date touches the leases that it crosses, where a model says by which dates; else it changes any row", () => {
  const reads = ["ledger.entry by lease_id", "strategy.night by whole"];
  const changeOf = (table: string): Change => (table === "strategy.night" ? "all" : "touched");
  expect(wayOf(modelReading(reads, true), changeOf)).toBe("whole");
  expect(wayOf(modelReading(reads, true, ["ledger.entry  booked_on"]), changeOf)).toBe("touched");
});
