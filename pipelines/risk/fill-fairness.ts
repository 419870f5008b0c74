import { DOUBLE, INTEGER, VARCHAR } from "@duckdb/node-api";
import { type RecallGap, recallGaps } from "../../models/household-risk/fairness.ts";
import { insertColumns } from "../effects/insert-columns.ts";
import { arrowTable } from "../warehouse/arrow.ts";
import type { Program } from "../warehouse/program.ts";

/** What fairness is told for: the column of each attribute's groups, and within what its households are compared. */
const ATTRIBUTES = [
  { attribute: "age_band", groups: "age_band", within: "agency_id" },
  { attribute: "sex", groups: "sex", within: "agency_id" },
  { attribute: "household_size", groups: "household_size", within: "agency_id" },
  { attribute: "agency", groups: "agency_id", within: "capacity" },
] as const;

/**
 * Fills `audit.recall_gap`: hands the households that fell to the comparison of groups, the lists of all past months together.
 */
export const fillRecallGap: Program = async ({ connection, strategy }) => {
  const told: { readonly attribute: string; readonly key: string; readonly gap: RecallGap }[] = [];
  for (const { attribute, groups, within } of ATTRIBUTES) {
    const table = await arrowTable(
      connection,
      `select
         (dense_rank() over (order by household_id))::integer as household,
         ${groups} as key,
         (dense_rank() over (order by ${within}))::integer as stratum,
         listed::integer as caught
       from audit.fairness_case
       where outcome and ${groups} is not null
       order by as_of, lease_id`,
    );
    const values = (name: string): ArrayLike<number> => table.getChild(name)?.data[0]?.values ?? [];
    const keys = [...(table.getChild("key")?.data[0]?.dictionary ?? [])].map(String);
    const fallen = {
      rows: table.numRows,
      household: values("household"),
      group: values("key"),
      stratum: values("stratum"),
      caught: values("caught"),
    };
    const gaps = recallGaps(fallen, keys.length, strategy.risk.fairness_margin);
    const ordered = gaps.map((gap) => ({ attribute, key: keys[gap.group] ?? "", gap }));
    told.push(...ordered.sort((one, other) => (one.key < other.key ? -1 : 1)));
  }
  const of =
    <Value>(value: (one: (typeof told)[number]) => Value) =>
    (row: number): Value | null => {
      const one = told[row];
      return one === undefined ? null : value(one);
    };
  await insertColumns(connection, "audit", "recall_gap", told.length, [
    { type: VARCHAR, at: of((one) => one.attribute) },
    { type: VARCHAR, at: of((one) => one.key) },
    { type: INTEGER, at: of((one) => one.gap.households) },
    { type: DOUBLE, at: of((one) => one.gap.recall) },
    { type: DOUBLE, at: of((one) => one.gap.gap) },
    { type: DOUBLE, at: of((one) => one.gap.low) },
    { type: DOUBLE, at: of((one) => one.gap.high) },
    { type: VARCHAR, at: of((one) => one.gap.verdict) },
  ]);
};
