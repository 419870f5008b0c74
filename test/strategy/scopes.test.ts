import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkScopes } from "../../pipelines/strategy/check-scopes.ts";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { type OpenDatabase, openDatabase } from "../../pipelines/warehouse/connection.ts";

const scopesOf = (yaml: string) =>
  parseStrategy(`landlord: { name: Habitat test }\nfeeds: {}\n${yaml}`, "vigie.yaml").scopes;

let database: OpenDatabase;
beforeEach(async () => {
  database = await openDatabase(":memory:");
  await database.connection.run(
    "create schema contract; create table contract.agency as select * from (values ('A1', 'Nord'), ('A2', 'Nord'), ('A3', 'Sud')) as agency (id, sector)",
  );
});
afterEach(() => database.close());

const leftOut = (yaml: string) => checkScopes(database.connection, scopesOf(yaml));

describe("the scopes of a strategy", () => {
  test("are all agencies together where none is declared", async () => {
    expect(scopesOf("")).toEqual({ "toutes-les-agences": { name: "Toutes les agences", agencies: "all" } });
    expect(await leftOut("")).toEqual([]);
  });

  test("are made of sectors, of agencies, or of both; what none holds is told", async () => {
    expect(await leftOut("scopes: { nord: { name: Nord, sectors: [Nord] } }")).toEqual(["A3"]);
    expect(await leftOut("scopes: { un: { name: Un, agencies: [A1], sectors: [Sud] } }")).toEqual(["A2"]);
  });

  test.each([
    ["scopes: { nord: { name: Nord, agencies: [A9] } }", "scopes.nord.agencies: no agency has the id A9"],
    ["scopes: { est: { name: Est, sectors: [Est] } }", "scopes.est.sectors: no agency is of the sector Est"],
  ])("may not name what does not exist: %s", async (yaml, message) => {
    await expect(leftOut(yaml)).rejects.toThrow(message);
  });

  test.each([
    ["scopes: { Nord et Sud: { name: Tout, agencies: all } }", "lower case letters, digits and -"],
    ["scopes: { ../nord: { name: Nord, agencies: all } }", "lower case letters, digits and -"],
    ["scopes: { nord: { name: Nord } }", "names neither agencies nor sectors"],
    ["scopes: {}", "declares no scope"],
  ])("have an id that is fit for an address, and hold something: %s", (yaml, message) => {
    expect(() => scopesOf(yaml)).toThrow(message);
  });
});
