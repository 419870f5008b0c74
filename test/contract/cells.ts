import fc from "fast-check";
import type { ColumnFacts } from "../../pipelines/contract/column.ts";

// Identifiers are few, so that keys repeat and references are often known.
const IDENTIFIERS = [
  ...["a'b", 'a"b', "a\\b", "é".repeat(64), "x".repeat(64), "日本", "🏠 2", "-", "null", "N°8", "N° 9"],
  ...Array.from({ length: 60 }, (_, number) => `N-${number}`),
];
const identifier = fc.constantFrom(...IDENTIFIERS);
/** An identifier of few, for a column that refers to another table. */
export const reference = fc.constantFrom(...IDENTIFIERS.slice(0, 20));

/** Texts as long as a column takes. */
const longest = (characters: number) =>
  fc.constantFrom("x".repeat(characters), "é".repeat(characters), `🏠${" a".repeat(characters / 2 - 1)}a`);

const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2199-12-31"), noInvalidDate: true })
  .map((moment) => moment.toISOString().slice(0, 10));
const usualDay = fc.constantFrom("2024-01-31", "2024-02-29", "2023-12-31", "1900-01-01", "2199-12-31");

const whole = (digits: number) => fc.nat(10 ** digits - 1).map(String);
const sign = fc.constantFrom("", "", "-");

/** A cell within the grammar of its column. */
export function sound(facts: ColumnFacts): fc.Arbitrary<string> {
  switch (facts.kind) {
    case "id":
    case "text":
      return facts.longest > 64 ? fc.oneof(identifier, longest(facts.longest)) : identifier;
    case "date":
      return fc.oneof(day, usualDay);
    case "month":
      return fc.oneof(day, usualDay).map((text) => text.slice(0, 7));
    case "flag":
      return fc.constantFrom("true", "false");
    case "one_of":
      return fc.constantFrom(...facts.words);
    case "integer":
      return fc
        .integer({ min: facts.minimum ?? -999_999_999, max: facts.maximum ?? 999_999_999 })
        .map(String);
    case "decimal":
      return fc.oneof(
        fc.constantFrom("0", "-0", "0.00", "-0.0", "12.5", "12.50", "0.01", "-0.01"),
        fc
          .tuple(sign, whole(Math.min(facts.digits - facts.scale, 9)), whole(facts.scale))
          .map(([minus, units, cents]) => `${facts.minimum === 0 ? "" : minus}${units}.${cents}`),
      );
  }
}

const NEAR_MISSES = [
  ...["", " ", "\n", "\u0000", "\u00a0", "null", "NULL", "é ", "\ufeffx", "x\u200b", "x\u0085y", "x\ty"],
  ...[
    "x".repeat(65),
    "é".repeat(65),
    "🏠".repeat(64),
    "🏠".repeat(65),
    "x".repeat(141),
    "'; drop table x; --",
    "a\u007fb",
  ],
  ...[
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "2100-02-29",
    "2024-1-5",
    "2024-01-5 ",
    " 2024-1-5",
    "2024-1-05 ",
  ],
  ...[
    "0000-01-01",
    "0000-02-30",
    "1899-12-31",
    "2200-01-01",
    "9999-99-99",
    "2024/01/05",
    "20240105",
    "2024-01-05\n",
  ],
  ...[
    "2024-01-05 10:00:00",
    "2024-01-05T00:00:00Z",
    "2024-01-01+00",
    "2024-1-1+00",
    "infinity",
    "epoch",
    "12024-01-01",
  ],
  ...[
    "2024-13",
    "2024-00",
    "2024-1",
    " 2024-1",
    "02024-1",
    "2024-1 ",
    "2024-01-01",
    "2024/01",
    "1899-12",
    "2200-01",
  ],
  ...["-024-01", "20240-1", "2024--1", "2024-01\n", "0024-01", "２０２４-01", "+202-01", "2024-１"],
  ...[
    "1.005",
    "1.00",
    "1e3",
    "1E2",
    " 12 ",
    "12 ",
    "+5",
    "007",
    "00",
    "-",
    ".5",
    "5.",
    "-.5",
    "1_000",
    "1,5",
    "1.234,56",
  ],
  ...[
    "9999999999.99",
    "10000000000",
    "-9999999999.99",
    "99999999999999999999",
    "9999.99",
    "10000.00",
    "NaN",
    "Infinity",
  ],
  ...[
    "999999999",
    "1000000000",
    "-999999999",
    "-0",
    "0",
    "0x10",
    "1٣",
    "١٢",
    "1.0",
    "20",
    "21",
    "-1",
    "366",
    "1700",
    "1699",
  ],
  ...["True", "TRUE", "t", "1", "yes", "true ", "Rent", "RENT", "rent ", "rent\n", "t1", "T7"],
];

/** A cell that some kind of column takes and others do not, or only nearly. */
export const strange = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NEAR_MISSES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 70 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 70 }) },
);

const CHARACTERS = [..." \t\n\u0000\u00a0\u2028'\"\\-+.,_:eE09٣１é🏠/T"];

/** A sound cell with one character put in, put in another's place, or taken away. */
export function mutated(facts: ColumnFacts): fc.Arbitrary<string> {
  return fc
    .tuple(sound(facts), fc.nat(), fc.constantFrom("", ...CHARACTERS), fc.constantFrom(0, 1))
    .map(([cell, seed, character, taken]) => {
      const characters = [...cell];
      characters.splice(seed % (characters.length + 1), taken, character);
      return characters.join("");
    });
}

export type CellArbitrary = fc.Arbitrary<string | null>;

/** A cell within the grammar of its column, or null where the column is optional. */
export function soundOrNull(facts: ColumnFacts): CellArbitrary {
  return facts.optional ? fc.option(sound(facts), { freq: 3 }) : sound(facts);
}
