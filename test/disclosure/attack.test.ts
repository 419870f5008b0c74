import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simulate } from "../../data-samples/simulator/simulate.ts";
import { queryNight, runTinyNight } from "../tiny-landlord.ts";
import { attack, type Found, type PublishedFigure } from "./attack.ts";

const MINIMUM = 10;
const FIRST_MONTH = "2026-05-01";

/** What stands behind a figure, as the warehouse knows it and no reader does. */
interface Truth {
  readonly cases: number | null;
  readonly baseCases: number | null;
  readonly withheld: boolean;
  readonly shown: Pick<PublishedFigure, "numerator" | "denominator" | "volume">;
}

const landlord = mkdtempSync(join(tmpdir(), "vigie-attack-"));
let published: PublishedFigure[];
let truth: Map<string, Truth>;

beforeAll(async () => {
  await simulate({ dwellings: 1500, months: 18, seed: 41, out: landlord, format: "parquet" });
  await runTinyNight(landlord);
  const rows = await queryNight(
    landlord,
    `select figure.indicator_id, figure.level, figure.slice_id, slice.sector, figure.month::varchar,
       figure.numerator::double, figure.denominator::double, figure.volume::double,
       measure.cases, measure.base_cases, figure.suppressed,
       measure.numerator::double, measure.denominator::double, measure.volume::double
     from kpi.indicator_month as figure
     inner join kpi.measure as measure
       on figure.indicator_id = measure.indicator_id and figure.level = measure.level
       and figure.slice_id = measure.slice_id and figure.month = measure.month
     inner join (select distinct level, slice_id, sector from kpi.slice) as slice
       on figure.level = slice.level and figure.slice_id = slice.slice_id
     where figure.month >= '${FIRST_MONTH}'
     order by 1, 2, 3, 5`,
  );
  published = rows.map(([indicator, level, slice, sector, month, numerator, denominator, volume]) => ({
    indicator: String(indicator),
    level: String(level),
    slice: String(slice),
    sector: sector === null ? null : String(sector),
    month: String(month),
    numerator: toNumber(numerator),
    denominator: toNumber(denominator),
    volume: toNumber(volume),
  }));
  truth = new Map(
    rows.map((row) => [
      `${row[0]} ${row[1]} ${row[2]} ${row[4]}`,
      {
        cases: toNumber(row[8]),
        baseCases: toNumber(row[9]),
        withheld: row[10] === true,
        shown: { numerator: toNumber(row[11]), denominator: toNumber(row[12]), volume: toNumber(row[13]) },
      },
    ]),
  );
});
afterAll(() => rmSync(landlord, { recursive: true, force: true }));

describe("a reader of everything that is published", () => {
  test("sees no figure that stands on one to ten households", () => {
    const standing = [...truth].filter(([, { cases, baseCases }]) => isFew(cases) || isFew(baseCases));
    expect(standing.length).toBeGreaterThan(1000);
    expect(standing.filter(([, { withheld }]) => !withheld)).toEqual([]);
  });

  test("notices how figures hang together, and works out none of those withheld", () => {
    expect(attack(published).noticed.length).toBeGreaterThan(20);
    expect(secretsIn(published)).toEqual([]);
  });

  test("would work many out if nothing were withheld but what stands on few households", () => {
    const careless = published.map((figure) => {
      const behind = truth.get(placeOf(figure));
      const isHidden = isFew(behind?.cases) || isFew(behind?.baseCases);
      return isHidden || behind === undefined ? figure : { ...figure, ...behind.shown };
    });
    expect(secretsIn(careless).length).toBeGreaterThan(100);
  });
});

/** What a reader works out of what may not be known: numerators withheld, and other numbers of one to ten households. */
function secretsIn(figures: readonly PublishedFigure[]): Found[] {
  return attack(figures).found.filter((found) => {
    const behind = truth.get(placeOf(found));
    return found.part === "numerator" ? behind?.cases != null : isFew(behind?.baseCases);
  });
}

function isFew(households: number | null | undefined): boolean {
  return households != null && households >= 1 && households <= MINIMUM;
}

function placeOf(figure: Pick<PublishedFigure, "indicator" | "level" | "slice" | "month">): string {
  return `${figure.indicator} ${figure.level} ${figure.slice} ${figure.month}`;
}

function toNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
