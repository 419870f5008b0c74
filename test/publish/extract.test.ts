import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeExtract } from "../../pipelines/publish/extract.ts";
import { type Audience, sitesOf } from "../../pipelines/publish/sites.ts";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { type OpenDatabase, openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
import { parseModel } from "../../pipelines/warehouse/model.ts";

const { scopes } = parseStrategy(
  `
landlord: { name: Habitat test }
feeds: {}
scopes:
  nord: { name: Nord, agencies: [A1, A2] }
  sud: { name: Sud, sectors: [Sud] }
`,
  "test",
);
const SCOPES = ["nord", "sud"];

let folder = "";
let database: OpenDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigie-extract-"));
  database = await openDatabase(":memory:", { readableFolders: [folder] });
  await database.connection.run(`
    create schema ledger; create schema social_teams; create schema directors;
    create table ledger.lease as select * from (values
      ('BAIL-0001', 'MENAGE-01', 'LOGEMENT-1', 'A1'), ('BAIL-0002', 'MENAGE-02', 'LOGEMENT-2', 'A2'),
      ('BAIL-0003', 'MENAGE-03', 'LOGEMENT-3', 'A3'), ('B4', 'M4', 'L4', 'A3')
    ) as lease (lease_id, household_id, dwelling_id, agency_id);
    create table social_teams.agency as select * from (values ('nord', 'A1'), ('nord', 'A2'), ('sud', 'A3')) as agency (scope_id, agency_id);
    create table social_teams.household as
      select agency.scope_id, lease.lease_id, 'appeler' as words
      from social_teams.agency as agency inner join ledger.lease as lease on agency.agency_id = lease.agency_id;
    create table social_teams.card as select 1 as position, 'Une personne décide.' as text_fr;
    create table directors.total as select 4 as households, 'Ensemble' as label;`);
});
afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true, force: true });
});

const model = (id: string, grain: string, ...columns: string[]) =>
  parseModel(
    [
      "-- What it is.",
      `-- grain: ${grain}`,
      "-- columns:",
      ...columns.map((name) => `--   ${name}  what it is`),
    ]
      .concat("select 1")
      .join("\n"),
    `sql/${id.replace(".", "/")}.sql`,
  );
const HOUSEHOLD = model("social_teams.household", "scope_id, lease_id", "scope_id", "lease_id", "words");
const CARD = model("social_teams.card", "position", "position", "text_fr");
const TOTAL = model("directors.total", "label", "households", "label");

const write = async (audience: Audience, scope?: string) => {
  const site = sitesOf([audience], scopes).find((candidate) => candidate.scope === scope);
  if (site === undefined) throw new Error(`no site of ${audience} for ${scope}`);
  return writeExtract(database.connection, [HOUSEHOLD, CARD, TOTAL], site, folder);
};
const read = async (file: string) => {
  const reader = await database.connection.runAndReadAll(
    `select * from read_parquet(${quoteText(join(folder, file))}) order by all`,
  );
  return reader.getRowsJson();
};

describe("the extract of a site", () => {
  test("has a folder of its own for each scope, and one for an audience that has none", () => {
    expect(sitesOf(["managers", "social-teams"], scopes).map(({ name }) => name)).toEqual([
      "managers",
      "social-teams-nord",
      "social-teams-sud",
    ]);
  });

  test("holds the households of its scope only, and whole what tells of no scope", async () => {
    for (const scope of SCOPES) await write("social-teams", scope);
    const leases = async (scope: string) =>
      (await read(`social-teams-${scope}/household.parquet`)).map(([, lease]) => lease);
    expect(await leases("nord")).toEqual(["BAIL-0001", "BAIL-0002"]);
    expect(await leases("sud")).toEqual(["B4", "BAIL-0003"]);
    expect(await read("social-teams-sud/card.parquet")).toEqual(await read("social-teams-nord/card.parquet"));
  });

  test("is refused when a text names a household of another scope, even inside a table of its own scope", async () => {
    await database.connection.run(
      "update social_teams.household set words = 'MENAGE-03' where lease_id = 'BAIL-0001'",
    );
    await expect(write("social-teams", "nord")).rejects.toThrow(
      "social_teams.household.words names a lease, a household or a dwelling that the site social-teams-nord may not tell of, in 1 rows",
    );
    await expect(write("social-teams", "sud")).resolves.toMatchObject({ rows: 3 });
  });

  test("is refused when a lease stands under a scope that is not its own, however short its code", async () => {
    await database.connection.run(
      "update social_teams.household set scope_id = 'nord' where lease_id = 'B4'",
    );
    await expect(write("social-teams", "nord")).rejects.toThrow(
      "social_teams.household.lease_id names a lease",
    );
  });

  test("is refused when an audience that reads of no household would read of one", async () => {
    await expect(write("directors")).resolves.toMatchObject({ rows: 1 });
    await database.connection.run("update directors.total set label = 'LOGEMENT-2'");
    await expect(write("directors")).rejects.toThrow("directors.total.label names a lease");
  });
});
