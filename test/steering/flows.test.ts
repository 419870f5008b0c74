import { expect, test } from "vitest";
import { z } from "zod";
import { objectivesSchema } from "../../pipelines/strategy/objectives.ts";
import { buildModels } from "../../pipelines/warehouse/build.ts";
import { queryRows } from "../../pipelines/warehouse/connection.ts";
import { splitByNeed } from "../../pipelines/warehouse/order.ts";
import { openEmptyLandlord, orderedModels } from "../sql/empty-landlord.ts";

/** The only flow that is no indicator. */
const FLOWS = ["fees_charged"];

test("every flow stands behind an indicator that exists, and its bad side is the bad side of that figure", async () => {
  const database = await openEmptyLandlord("", "2024-12-31");
  try {
    const { connection } = database;
    const { needed } = splitByNeed(await orderedModels(), ["kpi.flow_of"]);
    await buildModels(database, needed, database.programs);
    const indicators = await queryRows(
      connection,
      "select indicator_id, good_direction from kpi.indicator",
      z.object({ indicator_id: z.string(), good_direction: z.string() }),
    );
    const badSideOf = new Map(
      indicators.map(({ indicator_id, good_direction }) => [
        indicator_id,
        good_direction === "up" ? "below" : "above",
      ]),
    );
    const flows = await queryRows(
      connection,
      "select indicator_id, flow_id, bad_side from kpi.flow_of order by all",
      z.object({ indicator_id: z.string(), flow_id: z.string(), bad_side: z.string() }),
    );
    expect(flows.length).toBeGreaterThan(20);
    expect(flows.filter(({ indicator_id }) => !badSideOf.has(indicator_id))).toEqual([]);
    const asTold = flows.filter(({ flow_id }) => !FLOWS.includes(flow_id));
    expect(asTold.filter(({ flow_id, bad_side }) => badSideOf.get(flow_id) !== bad_side)).toEqual([]);
  } finally {
    database.close();
  }
});

test("the indicators that the strategy names by default exist", async () => {
  const indicators = (await orderedModels()).flatMap((model) => [...model.indicators.keys()]);
  const { without, never } = objectivesSchema.parse(undefined);
  const exists = (name: string) => indicators.some((id) => id === name || id.startsWith(`${name}.`));
  expect([...without, ...never].filter((name) => !exists(name))).toEqual([]);
});
