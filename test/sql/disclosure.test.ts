import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMonths, sum } from "./account-reference.ts";
import { SEED } from "./random-ledger.ts";
import { runSpecCase } from "./run-spec.ts";
import type { SpecTable } from "./spec-file.ts";

const BUCKETS = ["0_1", "1_3", "3_6", "6_12", "12_plus"];
const SECTORS: Readonly<Record<string, readonly string[]>> = {
  Nord: ["A1", "A2", "A3"],
  Ouest: ["B1", "B2"],
  Sud: ["C1"],
};
const AGENCIES = Object.values(SECTORS).flat();

/** Households by agency and bucket; many counts near the limit, some agencies tiny or empty. */
const table = fc.array(
  fc.oneof(
    fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 5 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 }),
    fc.array(fc.integer({ min: 11, max: 300 }), { minLength: 5, maxLength: 5 }),
  ),
  { minLength: AGENCIES.length, maxLength: AGENCIES.length },
);

/** One sum that a reader knows to hold: the parts make the whole. */
interface KnownSum {
  readonly whole: string;
  readonly parts: readonly string[];
}

describe("a reader who subtracts", () => {
  test("finds no withheld figure in 150 random months, by any chain of subtractions", {
    timeout: 60_000,
  }, async () => {
    const tables = fc.sample(table, { numRuns: 150, seed: SEED });
    const months = tables.map((_, n) => addMonths("2010-01-01", n));
    const slices = [
      ...AGENCIES.map((agency) => ["company", "company", agency, "Bailleur", null, "1"]),
      ...Object.entries(SECTORS).flatMap(([sector, agencies]) =>
        agencies.flatMap((agency) => [
          ["sector", sector, agency, sector, sector, "2"],
          ["agency", agency, agency, agency, sector, "3"],
        ]),
      ),
    ];
    const cells = tables.map(households);
    const measure: SpecTable = {
      table: "kpi.measure",
      columns: [
        "indicator_id",
        "level",
        "slice_id",
        "month",
        "is_partial",
        "cases",
        "base_cases",
        "share_group",
      ],
      rows: cells.flatMap((counts, n) =>
        [...counts.entries()]
          .filter(([cell]) => !cell.endsWith("total") && counts.get(totalOf(cell)) !== 0)
          .map(([cell, cases]) => {
            const [slice = "", bucket = ""] = cell.split(" ");
            const base = String(counts.get(totalOf(cell)));
            const id = `ageing.leases.${bucket}`;
            return [
              id,
              levelOf(slice),
              slice,
              months[n] ?? "",
              "false",
              String(cases),
              base,
              "present.leases",
            ];
          }),
      ),
    };
    const columns = ["level", "slice_id", "agency_id", "label", "sector", "position"];
    const [outcome] = await runSpecCase({
      title: "",
      asOf: "2024-12-31",
      strategy: "",
      given: [{ table: "kpi.slice", columns, rows: slices }, measure],
      expected: [
        {
          table: "kpi.disclosure",
          columns: ["month", "slice_id", "indicator_id"],
          rows: [],
          where: undefined,
        },
      ],
    });
    const withheld = new Set(outcome?.found.map((cell) => cell.join(" ").replace("ageing.leases.", "")));
    expect(withheld.size).toBeGreaterThan(500);

    for (const [n, month] of months.entries()) {
      const counts = cells[n] ?? new Map<string, number>();
      const isWithheld = (cell: string) => withheld.has(`${month} ${cell}`);
      const hidden = [...counts.keys()].filter((cell) => {
        if (!cell.endsWith("total")) return isWithheld(cell);
        const slice = cell.split(" ")[0];
        return counts.get(cell) !== 0 && BUCKETS.every((bucket) => isWithheld(`${slice} ${bucket}`));
      });
      const few = [...counts].filter(([, count]) => count >= 1 && count <= 10).map(([cell]) => cell);
      expect(
        few.filter((cell) => !hidden.includes(cell)),
        month,
      ).toEqual([]);
      const isSecret = (cell: string) => !cell.endsWith("total") || few.includes(cell);
      expect(found(new Set(hidden)).filter(isSecret), month).toEqual([]);
    }
  });
});

/** Counts by « slice bucket », each slice's total, and the sums upwards. */
function households(table: readonly (readonly number[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [n, agency] of AGENCIES.entries()) {
    for (const [i, bucket] of BUCKETS.entries()) counts.set(`${agency} ${bucket}`, table[n]?.[i] ?? 0);
  }
  for (const { whole, parts } of SUMS) counts.set(whole, sum(parts.map((part) => counts.get(part) ?? 0)));
  return counts;
}

/** Sums of agencies into sectors, of sectors into the company, of the buckets of each slice into its total. */
const SUMS: readonly KnownSum[] = [
  ...BUCKETS.flatMap((bucket) => upwards(bucket)),
  ...[...AGENCIES, ...Object.keys(SECTORS), "company"].map((slice) => ({
    whole: `${slice} total`,
    parts: BUCKETS.map((bucket) => `${slice} ${bucket}`),
  })),
];

function upwards(bucket: string): KnownSum[] {
  return [
    ...Object.entries(SECTORS).map(([sector, agencies]) => ({
      whole: `${sector} ${bucket}`,
      parts: agencies.map((agency) => `${agency} ${bucket}`),
    })),
    { whole: `company ${bucket}`, parts: Object.keys(SECTORS).map((sector) => `${sector} ${bucket}`) },
  ];
}

/** What can be worked out: as long as a sum holds one unknown alone, that one becomes known. */
function found(hidden: Set<string>): string[] {
  const worked: string[] = [];
  const sums = [...SUMS, ...upwards("total")];
  for (let again = true; again; ) {
    again = false;
    for (const { whole, parts } of sums) {
      const unknown = [whole, ...parts].filter((cell) => hidden.has(cell));
      const [only] = unknown;
      if (unknown.length !== 1 || only === undefined) continue;
      hidden.delete(only);
      worked.push(only);
      again = true;
    }
  }
  return worked;
}

function totalOf(cell: string): string {
  return `${cell.split(" ")[0]} total`;
}

function levelOf(slice: string): string {
  return slice === "company" ? "company" : slice in SECTORS ? "sector" : "agency";
}
