import { expect, test } from "vitest";
import { runSpecCase } from "./run-spec.ts";
import { parseSpec, type SpecCase } from "./spec-file.ts";
import { SpecWarehouse } from "./spec-warehouse.ts";

const AGENCIES = `| id | name   | sector |
| -- | ------ | ------ |
| A1 | Lille  | Nord   |
`;

/** An agency that could collect 800 € of its receivables; of those the overdue ones are left. */
const collected = (overdue: string, receivable: string) => `## A month

Given \`contract.agency\`

${AGENCIES}
Given \`arrears.agency_receivable\`

| agency_id | month      | is_partial | opening | billed | receivable | overdue | not_yet_due | leases | in_debt |
| --------- | ---------- | ---------- | ------- | ------ | ---------- | ------- | ----------- | ------ | ------- |
| A1        | 2024-05-01 | false      | 800     | 500    | ${receivable} | ${overdue} | 500         | 9      | 1       |

Then \`kpi.cei\` where \`level = 'agency'\`

| slice_id | numerator | denominator |
| -------- | --------- | ----------- |
| A1       | 600       | 800         |
`;

function caseOf(markdown: string): SpecCase {
  const [spec] = parseSpec(markdown, "a test");
  if (spec === undefined) throw new Error("no case");
  return spec;
}

async function foundBy(markdown: string): Promise<unknown> {
  return (await runSpecCase(caseOf(markdown))).map(({ found }) => found);
}

const billing = (amount: string, yaml = "") => `## A term
${yaml}
Given \`contract.agency\`

${AGENCIES}
Given \`contract.dwelling\`

| id | agency_id | use         |
| -- | --------- | ----------- |
| D1 | A1        | residential |

Given \`contract.household\`

| id |
| -- |
| H1 |

Given \`contract.lease\`

| id | household_id | dwelling_id | start_on   |
| -- | ------------ | ----------- | ---------- |
| L1 | H1           | D1          | 2024-01-01 |

Given \`contract.entry\`

| id | lease_id | booked_on  | due_on     | kind | component | amount    |
| -- | -------- | ---------- | ---------- | ---- | --------- | --------- |
| E1 | L1       | 2024-11-30 | 2024-12-05 | rent | principal | ${amount} |

Then \`arrears.lease_month\` where \`month = '2024-12-01'\`

| lease_id | due_balance |
| -------- | ----------- |
| L1       | 500         |
`;

test("cases share a database and not their rows: what one gives, the next does not find", async () => {
  expect(await foundBy(collected("200", "700"))).toEqual([[["A1", "600", "800"]]]);
  expect(await foundBy(collected("300", "800"))).toEqual([[["A1", "500", "800"]]]);
  expect(await foundBy(collected("200", "700"))).toEqual([[["A1", "600", "800"]]]);
});

test("a table built for one case is built anew from the rows of another, with all that stands between", async () => {
  expect(await foundBy(billing("500.00"))).toEqual([[["L1", "500"]]]);
  expect(await foundBy(billing("620.00"))).toEqual([[["L1", "620"]]]);
  expect(await foundBy(billing("500.00"))).toEqual([[["L1", "500"]]]);
});

test("the as-of date and the strategy are each case's own", async () => {
  const early = billing("500.00", "\nAs of 2024-12-03\n");
  expect(await foundBy(early)).toEqual([[["L1", "0"]]]);
  expect(await foundBy(billing("500.00"))).toEqual([[["L1", "500"]]]);
  const minimum = (yaml: string) => `## A setting
${yaml}
Then \`strategy.setting\`

| late_euros | disclosure_minimum |
| ---------- | ------------------ |
| 1          | 1                  |
`;
  const usual = await foundBy(minimum(""));
  expect(await foundBy(minimum("\n```yaml\ndisclosure: { minimum: 77 }\n```\n"))).toEqual([
    [[expect.any(String), "77"]],
  ]);
  expect(await foundBy(minimum(""))).toEqual(usual);
});

test("rows added to a table that is never empty are gone with their case", async () => {
  const reasons = (given: string) => `## Reasons
${given}
Then \`load.reason\` where \`reason = 'invented'\`

| reason   | label_fr |
| -------- | -------- |
| invented | inventé  |
`;
  const invented = `
Given \`load.reason\`

| reason   | label_fr |
| -------- | -------- |
| invented | inventé  |
`;
  expect(await foundBy(reasons(invented))).toEqual([[["invented", "inventé"]]]);
  expect(await foundBy(reasons(""))).toEqual([[]]);
  expect(await foundBy(reasons(invented))).toEqual([[["invented", "inventé"]]]);
});

test("a case whose rows break a check, or that the database refuses, fails alone", async () => {
  const unequal = collected("200", "800");
  await expect(runSpecCase(caseOf(unequal))).rejects.toThrow("arrears.agency_receivable: check");
  await expect(runSpecCase(caseOf(collected("much", "much")))).rejects.toThrow("much");
  expect(await foundBy(collected("200", "700"))).toEqual([[["A1", "600", "800"]]]);
});

test("a table that nothing makes is refused by its name", async () => {
  const mistyped = collected("200", "700").replace("`contract.agency`", "`contract.agencies`");
  await expect(runSpecCase(caseOf(mistyped))).rejects.toThrow("contract.agencies");
});

test("a program that fills a table finds those that its model names, and no other case's", async () => {
  const warehouse = await SpecWarehouse.open();
  const standing = async (spec: string) => {
    const connection = await warehouse.arrange(caseOf(spec));
    const models = ["arrears", "kpi"].map((schema) => `'${schema}'`).join(", ");
    const found = await connection.runAndReadAll(
      `select schema_name || '.' || table_name from duckdb_tables() where schema_name in (${models}) order by all`,
    );
    return found.getRowsJS().map(([name]) => name);
  };
  const noFlow = `## No flow

Given \`kpi.flow\`

| flow_id | level | slice_id | month |
| ------- | ----- | -------- | ----- |

Then \`kpi.control_limit\`

| flow_id |
| ------- |
`;
  expect(await standing(collected("200", "700"))).toContain("arrears.agency_receivable");
  expect(await standing(noFlow)).toEqual(["kpi.control_limit", "kpi.flow", "kpi.indicator"]);
});
