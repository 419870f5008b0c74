import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildModels } from "../../pipelines/warehouse/build.ts";
import { type EmptyLandlord, openEmptyLandlord, orderedModels } from "../sql/empty-landlord.ts";

const models = await orderedModels();
const joining = models.filter(({ query }) => joinsIn(query) > 0);

let database: EmptyLandlord;

beforeAll(async () => {
  database = await openEmptyLandlord("", "2026-06-30");
  await buildModels(database, models, database.programs);
});
afterAll(() => database.close());

describe("an as-of join sorts both sides, never loops over one for every row of the other, however few rows are expected", () => {
  test.each(joining.map(({ id, query }) => [id, query] as const))("%s", async (_, query) => {
    const [row] = (await database.connection.runAndReadAll(`explain (format json) ${query}`)).getRows();
    const operators = operatorsIn(JSON.parse(String(row?.[1])));
    expect(operators.filter((name) => name === "ASOF_JOIN").length).toBeGreaterThanOrEqual(joinsIn(query));
  });

  test("and there are such joins", () => expect(joining.length).toBeGreaterThan(10));
});

function joinsIn(query: string): number {
  return query.match(/^\s*asof .*join/gm)?.length ?? 0;
}

/** The names of the operators of a plan, as DuckDB writes it in JSON. */
function operatorsIn(plan: unknown): string[] {
  if (Array.isArray(plan)) return plan.flatMap(operatorsIn);
  if (typeof plan !== "object" || plan === null) return [];
  const name = "name" in plan && typeof plan.name === "string" ? [plan.name.trim()] : [];
  return [...name, ...("children" in plan ? operatorsIn(plan.children) : [])];
}
