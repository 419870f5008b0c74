import { DOUBLE, INTEGER, VARCHAR } from "@duckdb/node-api";
import { z } from "zod";
import { type RiskDifference, riskDifference } from "../../models/effects/risk-difference.ts";
import { arrowTable } from "../warehouse/arrow.ts";
import { queryRows, quoteText } from "../warehouse/connection.ts";
import type { Program } from "../warehouse/program.ts";
import { insertColumns } from "./insert-columns.ts";

/** Fills `effect.difference`: hands matched households, and those drawn at random, to the estimator. */
export const fillDifference: Program = async ({ connection }) => {
  const found: { readonly comparison: string; readonly outcome: string; readonly told: RiskDifference }[] =
    [];
  const comparisons = await queryRows(
    connection,
    "select comparison_id, treatment, approach, than from effect.comparison order by approach <> 'all', position",
    z.object({ comparison_id: z.string(), treatment: z.string(), approach: z.string(), than: z.string() }),
  );
  for (const { comparison_id, treatment, approach, than } of comparisons) {
    const whole = comparisons.find((one) => one.treatment === treatment && one.approach === "all");
    await tell(
      comparison_id,
      approach === "all" || than !== "none" ? null : (whole?.comparison_id ?? null),
      `select
        matched.treated::integer as treated,
        matched.weight,
        coalesce(matched.later, false)::integer as later,
        dense_rank() over (order by matched.household_id)::integer as household,
        outcome.cured::double as cured,
        outcome.relapsed::double as relapsed,
        matched.expected_cured,
        matched.expected_relapsed
      from effect.matched
      inner join effect.outcome on matched.lease_id = outcome.lease_id and matched.on_date = outcome.on_date
      where matched.comparison_id = ${quoteText(comparison_id)} and matched.weight > 0
      order by matched.month, matched.lease_id, matched.treated`,
    );
  }
  await tell(
    "hold_back",
    null,
    `select
      (not hold_back.held_back)::integer as treated,
      case
          when hold_back.held_back
              then count(*) filter (where not hold_back.held_back) over () / count(*) filter (where hold_back.held_back) over ()
          else 1
      end as weight,
      0 as later,
      dense_rank() over (order by hold_back.household_id)::integer as household,
      outcome.cured::double as cured,
      outcome.relapsed::double as relapsed,
      0::double as expected_cured,
      0::double as expected_relapsed
    from effect.hold_back
    inner join effect.outcome on hold_back.lease_id = outcome.lease_id and hold_back.period = outcome.on_date
    where hold_back.owed and not hold_back.exempt
    order by hold_back.period, hold_back.lease_id`,
  );

  const column = (value: (told: RiskDifference) => number) => (row: number) => {
    const one = found[row];
    return one === undefined ? null : value(one.told);
  };
  await insertColumns(connection, "effect", "difference", found.length, [
    { type: VARCHAR, at: (row) => found[row]?.comparison ?? null },
    { type: VARCHAR, at: (row) => found[row]?.outcome ?? null },
    { type: INTEGER, at: column((told) => told.treated) },
    { type: INTEGER, at: column((told) => told.households) },
    { type: DOUBLE, at: column((told) => told.shareTreated) },
    { type: DOUBLE, at: column((told) => told.shareControl) },
    { type: DOUBLE, at: column((told) => told.difference) },
    { type: DOUBLE, at: column((told) => told.standardError) },
    { type: DOUBLE, at: column((told) => told.low) },
    { type: DOUBLE, at: column((told) => told.high) },
  ]);

  /** `dilutedBy` is the comparison whose effect the controls treated later have had; its own where null. */
  async function tell(comparison: string, dilutedBy: string | null, sql: string): Promise<void> {
    const table = await arrowTable(connection, sql);
    const values = (name: string): ArrayLike<number> => table.getChild(name)?.data[0]?.values ?? [];
    const treated = values("treated");
    const less = (one: ArrayLike<number>, other: ArrayLike<number>): Float64Array =>
      Float64Array.from(one, (value, row) => value - (other[row] ?? 0));
    const cured = [values("cured"), values("expected_cured")] as const;
    const relapsed = [values("relapsed"), values("expected_relapsed")] as const;
    const outcomes = {
      cured_60_days: cured,
      relapsed_6_months: relapsed,
      lastingly_cured: [less(cured[0], relapsed[0]), less(cured[1], relapsed[1])] as const,
    };
    for (const [name, [outcome, expected]] of Object.entries(outcomes)) {
      const effectOfLater = found.find((one) => one.comparison === dilutedBy && one.outcome === name)?.told
        .difference;
      const told = riskDifference({
        rows: table.numRows,
        treated,
        weight: values("weight"),
        household: values("household"),
        outcome,
        expected,
        later: values("later"),
        ...(effectOfLater === undefined ? {} : { effectOfLater }),
      });
      if (told !== null) found.push({ comparison, outcome: name, told });
    }
  }
};
