import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { buildModels, verifyModel } from "../../pipelines/warehouse/build.ts";
import { queryRows } from "../../pipelines/warehouse/connection.ts";
import { buildWarehouse } from "../sql/build-warehouse.ts";
import { orderedModels } from "../sql/empty-landlord.ts";
import { entriesOf, rowsOf, SEED, story } from "../sql/random-ledger.ts";

/** Indicators whose change is explained by what households are like. */
const EXPLAINED = [
  ...[
    "arrears_rate",
    "onset_rate",
    "share_12_months",
    "share_1_term",
    "share_2_terms",
    "share_3_terms",
    "share_late",
  ],
];

test("what the leases of an agency add up to is the indicator itself, at every closing, for 200 random accounts", async () => {
  const stories = fc.sample(story, { numRuns: 200, seed: SEED });
  const database = await buildWarehouse(rowsOf(stories, entriesOf(stories)), "2024-08-15");
  const { connection } = database;
  try {
    const lease_figure = (await orderedModels()).find(({ id }) => id === "alert.lease_figure");
    if (lease_figure === undefined) throw new Error("no model is called alert.lease_figure");
    const indicators = EXPLAINED.map((id) => `('${id}')`).join(", ");
    await connection.run(`
      create table alert.alert as
      select indicator_id, 'open' as status, month as base_month, month
      from (values ${indicators}) as indicator (indicator_id), arrears.closing where not is_partial`);
    await buildModels(database, [lease_figure], []);
    expect(await verifyModel(connection, lease_figure)).toEqual([]);
    const [compared] = await queryRows(
      connection,
      `with summed as (
         select indicator_id, agency_id, month, sum(numerator) as numerator, sum(denominator) as denominator,
           count(*) filter (where is_case) as cases
         from alert.lease_figure group by all
       )
       select count(*)::integer as figures, count(distinct measure.indicator_id)::integer as indicators,
         count(*) filter (where summed.numerator is distinct from measure.numerator
           or summed.denominator is distinct from measure.denominator or summed.cases is distinct from measure.cases)::integer as apart
       from kpi.measure left join summed
         on measure.indicator_id = summed.indicator_id and measure.slice_id = summed.agency_id and measure.month = summed.month
       where level = 'agency' and not is_partial and measure.indicator_id in (select indicator_id from alert.alert)`,
      z.object({ figures: z.number(), indicators: z.number(), apart: z.number() }),
    );
    expect(compared).toMatchObject({ indicators: EXPLAINED.length, apart: 0 });
    expect(compared?.figures).toBeGreaterThan(400);
  } finally {
    database.close();
  }
});
