import fc from "fast-check";
import { describe, expect, test } from "vitest";

type Row = { value: number | null; suppressed: boolean };
type French = {
  inUnit: (unit: string, value: number) => string;
  shown: (row: Row | undefined, write: (value: number) => string) => string;
  movement: (unit: string, good: string, before: Row | undefined, after: Row) => unknown;
  difference: (unit: string, value: number) => string;
  day: (date: Date) => string;
  ofMonth: (date: Date) => string;
  toPath: (identifier: string) => string;
  fromPath: (path: string) => string;
};

const load = (path: string) => import(new URL(`../../reports/${path}`, import.meta.url).href);
const french: French = await load("components/french.js");

/** Every kind of space as one plain space: the tests below are about the rest. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const date = (text: string) => new Date(`${text}T00:00:00Z`);

describe("figures on our pages", () => {
  test.each([
    ["ratio", 0.0842, "8,4 %"],
    ["days", 1, "1 jour"],
    ["days", 12, "12 jours"],
    ["ratio", 0.00042, "0,04 %"],
    ["ratio", 0.9996, "99,96 %"],
    ["days", 4.5, "4,5 jours"],
    ["days", 143.27, "143 jours"],
    ["count", 1_234, "1 234"],
    ["number", 0.004_473, "0,00447"],
    ["number", 163.87, "163,9"],
    ["euros", 711, "711 €"],
    ["euros", 2_500, "2,5 k€"],
    ["euros", 309_000, "309 k€"],
    ["euros", 6_102_610, "6,1 M€"],
  ])("a value in %s: %d is written %s", (unit, value, expected) => {
    expect(plain(french.inUnit(unit, value))).toBe(expected);
  });

  test.each([
    [{ value: 0.5, suppressed: false }, "50,0 %"],
    [{ value: 0, suppressed: false }, "0,0 %"],
    [{ value: null, suppressed: true }, "secret statistique"],
    [{ value: null, suppressed: false }, "non calculable"],
    [undefined, "non calculable"],
  ])("a cell with %j reads « %s »", (row, expected) => {
    expect(plain(french.shown(row, (value) => french.inUnit("ratio", value)))).toBe(expected);
  });

  const row = (value: number | null, suppressed = false) => ({ value, suppressed });
  test.each([
    ["down", row(0.05), row(0.054), { text: "+0,4 point", better: false }],
    ["up", row(0.96), row(0.99), { text: "+3,0 points", better: true }],
    ["down", row(0.05), row(0.0501), { text: "stable", better: undefined }],
    ["down", row(null, true), row(0.05), undefined],
    ["down", undefined, row(0.05), undefined],
  ])("when %s is good, from %j to %j", (good, before, after, expected) => {
    expect(french.movement("ratio", good, before, after)).toEqual(expected);
  });

  test.each([
    ["ratio", 0.008, "+0,8 point"],
    ["ratio", -0.0213, "−2,1 points"],
    ["ratio", 0.0001, "0,0 point"],
    ["days", -12, "−12 jours"],
    ["euros", 2_500, "+2,5 k€"],
  ])("a difference in %s of %d reads %s", (unit, value, expected) => {
    expect(plain(french.difference(unit, value))).toBe(expected);
  });

  test("days and months read as people say them", () => {
    expect(french.day(date("2026-12-01"))).toBe("1er décembre 2026");
    expect(french.day(date("2026-11-18"))).toBe("18 novembre 2026");
    expect(french.ofMonth(date("2026-10-01"))).toBe("d’octobre 2026");
    expect(french.ofMonth(date("2026-11-01"))).toBe("de novembre 2026");
  });
});

describe("identifiers in addresses", () => {
  test("any identifier makes one plain piece of an address, and comes back from it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 64 }), (identifier) => {
        const path = french.toPath(identifier);
        expect(path).toMatch(/^[A-Za-z0-9_~.-]+$/);
        expect(french.fromPath(path)).toBe(identifier);
      }),
    );
  });

  test("different identifiers have different addresses", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(french.toPath(one) === french.toPath(other)).toBe(one === other);
      }),
    );
  });
});
