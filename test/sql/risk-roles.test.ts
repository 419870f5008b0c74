import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { columnsOf } from "../../pipelines/contract/table.ts";
import { buildModels } from "../../pipelines/warehouse/build.ts";
import { queryRows } from "../../pipelines/warehouse/connection.ts";
import { findInfluences } from "../../pipelines/warehouse/lineage.ts";
import { splitByNeed } from "../../pipelines/warehouse/order.ts";
import { type EmptyLandlord, openEmptyLandlord, orderedModels } from "./empty-landlord.ts";

/** Tables whose every column is one attribute; of others, a column is one of its own where the strategy names it. */
const WHOLE_TABLES = [
  "entry",
  "plan",
  "action",
  "disposition",
  "lease_hold",
  "household_contact",
  "team_capacity",
];

const roleRow = z.object({ attribute: z.string(), role: z.string() });
const pairRow = z.object({ feature: z.string(), attribute: z.string(), allowed: z.boolean() });

describe("what a score is made of", () => {
  let landlord: EmptyLandlord;
  /** By feature: the attributes that decide on its value. */
  let decides: ReadonlyMap<string, ReadonlySet<string>>;
  let roles: ReadonlyMap<string, string>;
  let declared: readonly z.infer<typeof pairRow>[];

  beforeAll(async () => {
    landlord = await openEmptyLandlord("", "2026-11-15");
    const { connection } = landlord;
    const { needed } = splitByNeed(await orderedModels(), ["risk.feature", "risk.feature_attribute"]);
    await buildModels(landlord, needed, landlord.programs);
    const given = await queryRows(connection, "select attribute, role from strategy.attribute_role", roleRow);
    roles = new Map(given.map(({ attribute, role }) => [attribute, role]));
    declared = await queryRows(
      connection,
      "select feature, attribute, is_allowed as allowed from risk.feature_attribute",
      pairRow,
    );
    const origins = CONTRACT.flatMap((table) =>
      columnsOf(table)
        .map(([column]) => `contract.${table.name}.${column}`)
        .filter((column) => attributeOf(column) !== undefined),
    );
    const influences = await findInfluences(connection, needed, origins);
    decides = new Map(
      [...(influences.get("risk.feature") ?? [])].map(([feature, columns]) => [
        feature,
        new Set([...columns].flatMap((column) => attributeOf(column) ?? [])),
      ]),
    );

    function attributeOf(column: string): string | undefined {
      const [, table = "", name = ""] = column.split(".");
      if (roles.has(`${table}.${name}`)) return `${table}.${name}`;
      return WHOLE_TABLES.includes(table) && name !== "id" && name !== "lease_id" ? table : undefined;
    }
  });
  afterAll(() => landlord.close());

  test("no attribute that is only audited or only acted on decides on a feature, nor on who is asked about", () => {
    const reached = [...decides].flatMap(([feature, attributes]) =>
      [...attributes]
        .filter((attribute) => roles.get(attribute) !== "feature")
        .map((attribute) => `${attribute} → ${feature}`),
    );
    expect(reached).toEqual([]);
    // The proof follows something.
    expect(decides.get("rent_burden")).toContain("household_situation.reference_income");
    expect(decides.get("mandate_stopped")).toContain("lease_terms.direct_debit");
  });

  test("who is asked about depends on the ledger and the start of the lease alone", () => {
    expect([...(decides.get("*") ?? [])].sort()).toEqual(["entry", "lease.start_on"]);
  });

  test("each feature says all else that it is made of, and no more", () => {
    const made = [...decides].flatMap(([feature, attributes]) =>
      [...attributes].map((attribute) => `${feature}: ${attribute}`),
    );
    const said = declared.map(({ feature, attribute }) => `${feature}: ${attribute}`);
    const asked = new Set(["entry", "lease.start_on"]);
    const beyond = (pairs: readonly string[], known: readonly string[]) =>
      pairs.filter((pair) => !known.includes(pair) && !asked.has(pair.split(": ")[1] ?? ""));
    expect(beyond(made, said)).toEqual([]);
    expect(beyond(said, made)).toEqual(["season: calendar"]);
  });
});

describe("an attribute that the strategy takes from the model", () => {
  const meanings = async (yaml: string) => {
    const opened = await openEmptyLandlord(yaml, "2026-11-15");
    const { connection, close } = opened;
    const { needed } = splitByNeed(await orderedModels(), ["risk.feature_meaning"]);
    await buildModels(opened, needed, opened.programs);
    const rows = await queryRows(
      connection,
      "select feature from risk.feature_meaning order by position",
      z.object({ feature: z.string() }),
    );
    close();
    return rows.map(({ feature }) => feature);
  };

  test("takes every feature made of it along", async () => {
    const all = await meanings("");
    const without = await meanings("risk: { roles: { household_situation.size: audit } }");
    expect(all.filter((feature) => !without.includes(feature))).toEqual([
      "left_to_live",
      "household_size",
      "household_shrunk",
      "surface_per_person",
    ]);
  });

  test("and what no score may be made of cannot become a feature", async () => {
    await expect(meanings("risk: { roles: { household_audit.sex: feature } }")).rejects.toThrow(
      /household_audit\.sex.*no score may be made of household_audit\.sex: it is audit or operational/s,
    );
    await expect(meanings("risk: { roles: { household.nationality: feature } }")).rejects.toThrow(
      /household\.nationality/,
    );
  });
});
