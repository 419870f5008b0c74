import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Day, isoDate } from "../../data-samples/simulator/calendar.ts";
import { Delivery } from "../../data-samples/simulator/delivery.ts";
import { type AgeBand, ageBandsOf } from "../../data-samples/simulator/exports/age-bands.ts";
import { groupCode } from "../../data-samples/simulator/exports/codes.ts";
import { GroupActions } from "../../data-samples/simulator/exports/group-actions.ts";
import { GroupCases } from "../../data-samples/simulator/exports/group-cases.ts";
import type {
  ActionRecord,
  DwellingRecord,
  HoldRecord,
} from "../../data-samples/simulator/landlord-records.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import { readBack } from "../readers/read-back.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-group-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const window = windowOf(12, "2026-11");

describe("holds, delivered at the end of October and in mid-November", () => {
  const hold: HoldRecord = {
    kind: "disputed_debt",
    from: day("2026-09-03"),
    to: null,
    knownOn: day("2026-09-07"),
    debtCovered: 123_456,
    source: "tenant",
  };
  const before = "S-40000101;Dette contestée;03/09/2026;;07/09/2026;1 234,56;Locataire";

  test.each<[string, Partial<HoldRecord>, first: string[], second: string[]]>([
    ["one that lasts stands in the first", {}, [before], []],
    [
      "one that ended in November is open in the first, ended in the second",
      { to: day("2026-11-09") },
      [before],
      [before.replace(";;", ";09/11/2026;")],
    ],
    [
      "one whose end lies ahead has it from the start",
      { to: day("2027-03-01") },
      [before.replace(";;", ";01/03/2027;")],
      [],
    ],
    [
      "a promise tells its day when it is made",
      { kind: "promise_to_pay", to: day("2026-11-09") },
      [before.replace("Dette contestée", "Promesse de paiement").replace(";;", ";09/11/2026;")],
      [],
    ],
    [
      "one that was learnt in November stands in the second",
      { knownOn: day("2026-11-02") },
      [],
      [before.replace("07/09/2026", "02/11/2026")],
    ],
  ])("%s", async (_, change, first, second) => {
    const delivery = new Delivery(mkdtempSync(join(scratch, "holds-")));
    const cases = new GroupCases(delivery, window);
    cases.write(leaseWith({ holds: [{ ...hold, ...change }] }));
    await delivery.close();
    expect(rowsIn(delivery, "groupe/suspensions_20261031.csv")).toEqual(first);
    expect(rowsIn(delivery, "groupe/suspensions_20261115.csv")).toEqual(second);
  });
});

test("actions go into the workbook of the year of entry; the first export of the year lacks the last outcomes", async () => {
  const delivery = new Delivery(mkdtempSync(join(scratch, "actions-")));
  const actions = new GroupActions(delivery, new Delivery(delivery.path("drafts")), window);
  const days = ["2025-12-30", "2026-10-01", "2026-10-29", "2026-11-02"] as const;
  actions.write(leaseWith({ actions: days.map((on, index) => call(index + 1, on)) }));
  await actions.finish();
  const rowsOf = async (file: string) => {
    const content = readFileSync(delivery.path(`groupe/${file}`));
    const { columns, rows } = await readBack({ [file]: content }, { format: "xlsx", header_rows: 2 });
    const at = ["N°", "Action Saisie le", "Suivi Issue"].map((column) => columns.indexOf(column) + 2);
    return rows.map((row) => at.map((place) => row[place]));
  };
  expect(await rowsOf("suivi_actions_2025_20260115.xlsx")).toEqual([]);
  expect(await rowsOf("suivi_actions_2026_20261031.xlsx")).toEqual([
    ["S-40000101/1", "2026-01-02", "Refus"],
    ["S-40000101/2", "2026-10-04", "Refus"],
  ]);
  expect(await rowsOf("suivi_actions_2026_20261115.xlsx")).toEqual([
    ["S-40000101/1", "2026-01-02", "Refus"],
    ["S-40000101/2", "2026-10-04", "Refus"],
    ["S-40000101/3", "2026-11-01", "Refus"],
    ["S-40000101/4", "2026-11-05", "Refus"],
  ]);
});

test.each<[born: number, from: string, bands: [AgeBand, string][]]>([
  [
    1990,
    "2020-06-15",
    [
      ["25_34", "2020-06-15"],
      ["35_49", "2025-01-01"],
    ],
  ],
  [2003, "2026-02-01", [["under_25", "2026-02-01"]]],
  [
    1940,
    "1999-01-01",
    [
      ["50_64", "1999-01-01"],
      ["65_74", "2005-01-01"],
      ["75_plus", "2015-01-01"],
    ],
  ],
])("whoever was born in %i and moved in on %s", (born, from, bands) => {
  const held = ageBandsOf(born, day(from), day("2026-11-15"));
  expect(held.map(({ band, from: since }) => [band, isoDate(since)])).toEqual(bands);
});

test("codes carry the landlord's letter and number", () => {
  expect(groupCode("lease", "ormois", 101)).toBe("O-B00000101");
  expect(groupCode("household", "vaudrange", 101)).toBe("V-M00000101");
  expect(groupCode("dwelling", "sauvelle", 1_000_000)).toBe("S-SLOC1000000");
});

function call(rank: number, on: string): ActionRecord {
  return {
    rank,
    on: day(on),
    recordedOn: day(on) + 3,
    kind: "call",
    letterRank: null,
    channel: "phone",
    approach: null,
    team: "prevention",
    contact: "reached",
    outcome: "refusal",
  };
}

/** Lease 101 of Sauvelle with these records and no others. */
function leaseWith(
  records: Partial<Pick<DwellingRecord["leases"][number], "actions" | "holds">>,
): DwellingRecord {
  const [dwelling] = dwellingsOf({ from: 1, to: 1, seed: 1, window });
  const [lease] = dwelling?.leases ?? [];
  if (dwelling === undefined || lease === undefined) throw new Error("the first dwelling was never let");
  const alone = { ...lease, id: 101, actions: [], plans: [], holds: [], ...records };
  return { ...dwelling, landlord: "sauvelle", leases: [alone] };
}

function rowsIn(delivery: Delivery, file: string): string[] {
  return readFileSync(delivery.path(file), "utf8").replaceAll("\u202F", " ").trimEnd().split("\n").slice(1);
}

function day(iso: string): Day {
  return Date.parse(iso) / 86_400_000;
}
