import { globSync } from "tinyglobby";
import { expect, test } from "vitest";

test("every model that computes has its spec beside it", () => {
  const computing = globSync([
    "sql/{bank,ledger,allocation,arrears,conduct,kpi,alert,effect,prevention,risk}/*.sql",
  ]);
  const specs = globSync("sql/*/*.spec.md");
  const lacking = computing.filter((file) => !specs.includes(file.replace(/\.sql$/, ".spec.md")));
  expect(lacking).toEqual([]);
});
