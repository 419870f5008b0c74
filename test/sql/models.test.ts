import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { runSpecCase } from "./run-spec.ts";
import { parseSpec } from "./spec-file.ts";

const files = globSync("sql/*/*.spec.md").sort();

describe.each(files)("%s", (file) => {
  test.each(parseSpec(readFileSync(file, "utf8"), file))("$title", async (spec) => {
    for (const outcome of await runSpecCase(spec)) {
      expect(outcome.found, outcome.table).toEqual(outcome.expected);
    }
  });
});

test("every model that computes has its spec beside it", () => {
  const computing = globSync([
    "sql/{bank,ledger,allocation,arrears,conduct,kpi,alert,effect,prevention,risk}/*.sql",
  ]);
  const lacking = computing.filter((file) => !files.includes(file.replace(/\.sql$/, ".spec.md")));
  expect(lacking).toEqual([]);
});
