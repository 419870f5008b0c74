import { describe, expect, it } from "vitest";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { documentContract, documentTable } from "../../pipelines/contract/document.ts";
import { householdAudit } from "../../pipelines/contract/household-audit.ts";
import { lease } from "../../pipelines/contract/lease.ts";
import { setAside } from "../../pipelines/contract/set-aside.ts";

describe("the documentation of the contract", () => {
  it("tells of each column its meaning, its values and what is demanded of it", () => {
    expect(documentTable(lease)).toBe(`## lease

One account of one household on one dwelling; present until its end, departed after it.

| column | meaning | values | demands |
| --- | --- | --- | --- |
| \`id\` | code of the lease, which is the tenant account | 1 to 64 characters | required |
| \`household_id\` | household that holds it | 1 to 64 characters | required; refers to household.id |
| \`dwelling_id\` | dwelling that it is on | 1 to 64 characters | required; refers to dwelling.id |
| \`start_on\` | first day of the lease | a day yyyy-mm-dd from 1900-01-01 to 2199-12-31 | required |
| \`end_on\` | last day of the lease; null while it runs | a day yyyy-mm-dd from 1900-01-01 to 2199-12-31 | optional; not before start_on |
| \`notice_clause_days\` | days that the lease's own clause gives after a notice to pay | a whole number from 0 to 365 | optional |

Key: \`id\`.
`);
  });

  it("tells who may read a table, and where rows have no key", () => {
    expect(documentTable(householdAudit)).toContain("Read only by the SQL schema `audit`.");
    expect(documentTable(setAside)).toContain("Key: none, a row is told apart by its file and line.");
  });

  it("has a section for every table, those referred to first", () => {
    const sections = [...documentContract().matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(CONTRACT.map(({ name }) => name));
    for (const [position, { references }] of CONTRACT.entries())
      for (const { targets } of references)
        for (const { table } of targets) expect(CONTRACT.indexOf(table)).toBeLessThan(position);
  });
});
