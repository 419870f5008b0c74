import { describe, expect, it } from "vitest";
import { agency } from "../../pipelines/contract/agency.ts";
import { type Column, date, id, integer, longText, money, month } from "../../pipelines/contract/column.ts";
import { judge, judgeDelivery } from "../../pipelines/contract/judge.ts";
import { leaseTerms } from "../../pipelines/contract/lease-terms.ts";
import { setAside } from "../../pipelines/contract/set-aside.ts";

function read(column: Column, cell: string | null): unknown {
  const result = column.safeParse(cell);
  return result.success ? result.data : `! ${result.error.issues[0]?.message}`;
}

describe("the grammar of a cell", () => {
  it.each([
    ["2024-02-29", "2024-02-29"],
    ["2023-02-29", "! not_a_date"],
    ["31/02/2024", "! not_a_date"],
    ["2024-2-9", "! not_a_date"],
    [" 2024-02-09", "! not_a_date"],
    ["1899-12-31", "! out_of_range"],
    [null, "! missing"],
  ])("of a day: %j gives %j", (cell, value) => expect(read(date("a day"), cell)).toBe(value));

  it.each([
    ["2024-02", "2024-02-01"],
    ["2024-13", "! not_a_month"],
    ["02/2024", "! not_a_month"],
    ["2200-01", "! out_of_range"],
  ])("of a month: %j gives %j", (cell, value) => expect(read(month("a month"), cell)).toBe(value));

  it.each([
    ["1234.56", 1234.56],
    ["-0.5", -0.5],
    ["-0.00", 0],
    ["1.005", "! too_many_decimals"],
    ["1.234,56", "! not_a_decimal"],
    ["1e3", "! not_a_decimal"],
    ["+5", "! not_a_decimal"],
    ["10000000000.00", "! out_of_range"],
  ])("of euros: %j gives %j", (cell, value) => expect(read(money("euros"), cell)).toBe(value));

  it.each([
    ["20", 20],
    ["21", "! out_of_range"],
    ["7.0", "! not_an_integer"],
    ["007", "! not_an_integer"],
    ["٣", "! not_an_integer"],
  ])("of a count: %j gives %j", (cell, value) =>
    expect(read(integer({ minimum: 1, maximum: 20 }, "a count"), cell)).toBe(value),
  );

  it.each([
    ["N° 12/é", "N° 12/é"],
    ["🏠".repeat(64), "🏠".repeat(64)],
    ["x".repeat(65), "! too_long"],
    ["L1 ", "! not_text"],
    ["\u00a0L1", "! not_text"],
    ["L1\n", "! not_text"],
    ["", "! not_text"],
  ])("of an identifier: %j gives %j", (cell, value) => expect(read(id("a code"), cell)).toBe(value));

  it.each([
    [
      "12 rue de l’Église, 3e étage gauche, boîte 7, bâtiment « Les Hirondelles », 99999 Villeneuve",
      "(the same)",
    ],
    ["🏠".repeat(140), "(the same)"],
    ["x".repeat(141), "! too_long"],
    ["12 rue de l’Église\n99999 Villeneuve", "! not_text"],
  ])("of a text of at most 140 characters: %j gives %j", (cell, value) =>
    expect(read(longText(140, "an address"), cell)).toBe(value === "(the same)" ? cell : value),
  );

  it("lets an optional cell be null", () => expect(read(date.optional("a day"), null)).toBe(null));
});

describe("judging tables", () => {
  const nord = { id: "NORD", name: "Nord", sector: "Plaine" };

  it("sorts rows into accepted, rejected and exact duplicates", () => {
    expect(judge(agency, [nord, nord, { ...nord, name: "Nord-Est" }, { ...nord, id: null }])).toEqual({
      accepted: [{ row: 0, values: nord }],
      rejected: [
        { row: 2, column: "id", value: "NORD", reason: "key_conflict", first: 0 },
        { row: 3, column: "id", value: null, reason: "missing" },
      ],
      superseded: [],
      duplicates: [1],
    });
  });

  it("lets the later of two delta deliveries stand, wherever it stands among the files", () => {
    const rows = [
      { ...nord, name: "Nord-Est" },
      nord,
      { ...nord, name: "Nord-Est" },
      { ...nord, name: "Grand Nord" },
    ];
    const turns = [3, 1, 2, 3];
    const verdict = judge(agency, rows, new Map(), (row) => ({ feed: "agencies", turn: turns[row] ?? 0 }));
    expect(verdict.accepted.map(({ row }) => row)).toEqual([0]);
    expect(verdict.superseded).toEqual([{ row: 1, by: 0 }]);
    expect(verdict.duplicates).toEqual([2]);
    expect(verdict.rejected).toMatchObject([{ row: 3, reason: "key_conflict", first: 0 }]);
  });

  it("tells rows of a table without a key apart by their place alone", () => {
    const rows = [{ reason: "fournisseur" }, { reason: "fournisseur" }];
    expect(judge(setAside, rows).accepted).toHaveLength(2);
  });

  it("takes as known only what was accepted in the tables before", () => {
    const verdicts = judgeDelivery({
      agency: [nord],
      household: [{ id: "H1" }],
      dwelling: [
        { id: "D1", agency_id: "NORD", use: "residential" },
        { id: "D2", agency_id: "SUD", use: "residential" },
      ],
      lease: [
        { id: "L1", household_id: "H1", dwelling_id: "D1", start_on: "2024-01-01" },
        { id: "L2", household_id: "H2", dwelling_id: "D2", start_on: "2024-01-01" },
      ],
      lease_terms: [{ lease_id: "L2", valid_from: "2024-01-01", known_on: "2024-01-01" }],
    });
    expect(verdicts.get("lease")?.accepted.map(({ row }) => row)).toEqual([0]);
    expect(verdicts.get("lease")?.rejected).toEqual([
      { row: 1, column: "household_id", value: "H2", reason: "unknown_reference" },
      { row: 1, column: "dwelling_id", value: "D2", reason: "unknown_reference" },
    ]);
    expect(verdicts.get("lease_terms")?.rejected).toHaveLength(1);
  });

  it("gives the optional columns that a mapping leaves out as null", () => {
    const known = new Map([
      [
        "lease",
        { accepted: [{ row: 0, values: { id: "L1" } }], rejected: [], superseded: [], duplicates: [] },
      ],
    ]);
    const terms = { lease_id: "L1", valid_from: "2024-01-01", known_on: "2024-01-02" };
    expect(judge(leaseTerms, [terms], known).accepted[0]?.values).toEqual({
      ...terms,
      direct_debit: null,
      benefit_to_landlord: null,
    });
  });

  it("stops at a column that the table does not have: that is no fault of a row", () => {
    expect(() => judge(agency, [{ ...nord, colour: "blue" }])).toThrow("agency");
  });
});
