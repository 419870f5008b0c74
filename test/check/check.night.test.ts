import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { checkNight } from "../../pipelines/check/check.ts";
import { tellComparison } from "../../pipelines/check/tell.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { simulatedNight } from "../shared-landlord.ts";
import { makeTinyLandlord, queryNight } from "../tiny-landlord.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const scratch = await mkdtemp(join(tmpdir(), "vigie-check-"));
let workspace = "";

beforeAll(async () => {
  workspace = await simulatedNight();
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** A folder with the same night, changed by `sql`. */
async function tampered(name: string, sql: string): Promise<string> {
  const folder = join(scratch, name);
  const night = join(folder, "nights", "000001");
  await mkdir(night, { recursive: true });
  await cp(join(workspace, "vigie.yaml"), join(folder, "vigie.yaml"));
  await cp(join(workspace, "current", "warehouse.duckdb"), join(night, "warehouse.duckdb"));
  await symlink(join("nights", "000001"), join(folder, "current"));
  const database = await openDatabase(join(night, "warehouse.duckdb"));
  await database.connection.run(sql);
  database.close();
  return folder;
}

describe("a simulated landlord's night, counted again", () => {
  test("tells every figure of every indicator as the night does", async () => {
    const { differences, untold, equal } = await checkNight(workspace);
    expect(differences).toEqual([]);
    expect(untold).toEqual([]);
    const [[figures, indicators] = []] = await queryNight(
      workspace,
      "select count(*)::integer, count(distinct indicator_id)::integer from kpi.measure",
    );
    expect(equal.size).toBe(indicators);
    expect([...equal.values()].reduce((sum, count) => sum + count, 0)).toBe(figures);
  });

  test("names a figure that was changed, one that went and one that nobody counted", async () => {
    const folder = await tampered(
      "changed",
      `update kpi.measure set numerator = numerator + 1
         where indicator_id = 'share_1_term' and level = 'company' and month = '2026-05-01';
       delete from kpi.measure
         where indicator_id = 'collection_m3.legal_default' and level = 'company' and month = '2026-06-01';
       insert into kpi.measure
         select * replace (date '1999-01-01' as month) from kpi.measure
         where indicator_id = 'chased_though_paid.harm' and level = 'company' and month = '2026-05-01';`,
    );
    const comparison = await checkNight(folder);
    const places = comparison.differences.map(({ place }) => place).sort();
    expect(places).toEqual([
      "chased_though_paid.harm | company/company | 1999-01-01",
      "collection_m3.legal_default | company/company | 2026-06-01",
      "share_1_term | company/company | 2026-05-01",
    ]);
    const gone = comparison.differences.find(({ place }) => place.startsWith("collection_m3"));
    expect(gone?.night).toBeNull();
    const lines = tellComparison(comparison);
    expect(lines.at(0)).toBe("As of 2026-11-15: every figure counted again from the entries.");
    expect(lines.find((line) => line.startsWith("  share_1_term"))).toMatch(/, 1 DIFFERENT$/);
    expect(lines.find((line) => line.includes("✗ collection_m3"))).toContain("night nothing, counted again ");
    expect(lines.at(-1)).toMatch(/^\d+ figures equal, 3 different, 0 indicators not counted again$/);
  });

  test("names an entry that the figures no longer stand on", async () => {
    const folder = await tampered(
      "rewritten",
      `update contract.entry set amount = amount - 100
       where id = (
         select min(entry.id) from contract.entry inner join contract.lease on entry.lease_id = lease.id
         inner join contract.dwelling on lease.dwelling_id = dwelling.id
         where kind = 'payment' and use = 'residential' and end_on is null
           and booked_on between date '2025-09-01' and date '2025-12-31'
       )`,
    );
    const { differences } = await checkNight(folder);
    const indicators = new Set(differences.map(({ place }) => place.slice(0, place.indexOf(" | "))));
    expect(indicators).toContain("principal_first_share.legal_default");
    expect(indicators).toContain("reconciliation_gap");
  });

  test("names an indicator that nothing counts again", async () => {
    const folder = await tampered(
      "unknown",
      "update kpi.measure set indicator_id = 'new_idea' where indicator_id = 'freshness'",
    );
    const comparison = await checkNight(folder);
    expect(comparison.untold).toEqual(["new_idea"]);
    expect(tellComparison(comparison)).toContain("  ? new_idea: nothing counts it again");
  });
});

test("without a night there is nothing to count again", async () => {
  const folder = await makeTinyLandlord();
  await expect(checkNight(folder)).rejects.toThrow(UserError);
  await expect(checkNight(folder)).rejects.toThrow(/no night has been published yet/);
});
