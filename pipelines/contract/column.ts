import { z } from "zod";
import type { Bounds, Reading } from "./grammar.ts";
import * as grammar from "./grammar.ts";

/** What a column is, for the documentation and for the SQL. The zod schema of the column carries it. */
export type ColumnFacts = ColumnKind & {
  /** What the column means, for people. */
  readonly description: string;
  /** Whether the cell may be null. */
  readonly optional: boolean;
};

export type ColumnKind =
  | { readonly kind: "date" | "month" | "flag" }
  | { readonly kind: "id" | "text"; readonly longest: number }
  | ({ readonly kind: "decimal"; readonly digits: number; readonly scale: number } & Bounds)
  | ({ readonly kind: "integer" } & Bounds)
  | { readonly kind: "one_of"; readonly words: readonly string[] };

/** The zod schema of a column: a delivered cell (text or null) in, a typed value out. */
export type Column<Value = unknown> = z.ZodType<Value, string | null>;

const registry = z.registry<ColumnFacts>();

/** The facts that a column was declared with. Throws when the schema is no column of this file. */
export function factsOf(column: Column): ColumnFacts {
  const facts = registry.get(column);
  if (facts === undefined) throw new Error("this zod schema is not a contract column");
  return facts;
}

function declare<Value, Empty extends null>(
  facts: ColumnFacts,
  read: (cell: string) => Reading<Value>,
): Column<Value | Empty> {
  const column = z
    .string()
    .nullable()
    .transform((cell, context): Value | Empty => {
      if (cell === null && facts.optional) return null as Empty;
      const reading: Reading<Value> = cell === null ? { reason: "missing" } : read(cell);
      if ("value" in reading) return reading.value;
      context.issues.push({ code: "custom", message: reading.reason, input: cell });
      return z.NEVER;
    });
  return column.register(registry, facts);
}

/** A required column, and under `optional` the same column that may be null. */
interface Declaration<Arguments extends unknown[], Value> {
  (...options: Arguments): Column<Value>;
  optional(...options: Arguments): Column<Value | null>;
}

function declaration<Arguments extends unknown[], Value>(
  kindOf: (...options: Arguments) => [ColumnKind, description: string, (cell: string) => Reading<Value>],
): Declaration<Arguments, Value> {
  const make = (optional: boolean, options: Arguments): [ColumnFacts, (cell: string) => Reading<Value>] => {
    const [kind, description, read] = kindOf(...options);
    return [{ ...kind, description, optional }, read];
  };
  return Object.assign((...options: Arguments) => declare<Value, never>(...make(false, options)), {
    optional: (...options: Arguments) => declare<Value, null>(...make(true, options)),
  });
}

/** An identifier that other rows may name: 1–64 characters, none a control character, no space at the ends. */
export const id = declaration((description: string) => textOf("id", grammar.LONGEST_TEXT, description));

/** A short text, in the same grammar as an identifier. */
export const text = declaration((description: string) => textOf("text", grammar.LONGEST_TEXT, description));

/** A text of at most `longest` characters, in the same grammar: one line, nothing invisible. */
export const longText = declaration((longest: number, description: string) =>
  textOf("text", longest, description),
);

function textOf(
  kind: "id" | "text",
  longest: number,
  description: string,
): [ColumnKind, description: string, (cell: string) => Reading<string>] {
  return [{ kind, longest }, description, (cell) => grammar.readText(cell, longest)];
}

/** A day, yyyy-mm-dd, from 1900-01-01 to 2199-12-31. In TypeScript the same text, in DuckDB a DATE. */
export const date = declaration((description: string) => [{ kind: "date" }, description, grammar.readDate]);

/** A month, yyyy-mm. In TypeScript its first day as yyyy-mm-dd, in DuckDB a DATE. */
export const month = declaration((description: string) => [
  { kind: "month" },
  description,
  grammar.readMonth,
]);

/** A decimal number of at most `digits` digits, `scale` of them after the point; bounds are included. */
export const decimal = declaration(
  (options: { digits: number; scale: number } & Bounds, description: string) => [
    { kind: "decimal", ...options },
    description,
    (cell) => grammar.readDecimal(cell, options.digits, options.scale, options),
  ],
);

/** Euros: a decimal number of at most 12 digits, 2 of them after the point. Sums are for DuckDB, not for TypeScript. */
export const money = declaration((description: string) => [
  { kind: "decimal", digits: 12, scale: 2 },
  description,
  (cell) => grammar.readDecimal(cell, 12, 2, {}),
]);

/** A whole number between two bounds, both included. */
export const integer = declaration((bounds: Required<Bounds>, description: string) => [
  { kind: "integer", ...bounds },
  description,
  (cell) => grammar.readInteger(cell, bounds),
]);

/** true or false. */
export const flag = declaration((description: string) => [{ kind: "flag" }, description, grammar.readFlag]);

/** One of the listed words, in the order in which an ENUM sorts them. */
export function oneOf<const Word extends string>(words: readonly Word[], description: string): Column<Word> {
  return declare<Word, never>({ kind: "one_of", words, description, optional: false }, (cell) =>
    grammar.readOneOf(cell, words),
  );
}

/** One of the listed words, or null. */
oneOf.optional = <const Word extends string>(
  words: readonly Word[],
  description: string,
): Column<Word | null> =>
  declare<Word, null>({ kind: "one_of", words, description, optional: true }, (cell) =>
    grammar.readOneOf(cell, words),
  );

/** The values that a column takes, in words, as in "a whole number from 1 to 20". */
export function expected(facts: ColumnFacts): string {
  switch (facts.kind) {
    case "id":
    case "text":
      return `1 to ${facts.longest} characters`;
    case "date":
      return `a day yyyy-mm-dd from ${grammar.FIRST_DAY} to ${grammar.LAST_DAY}`;
    case "month":
      return `a month yyyy-mm from ${grammar.FIRST_DAY.slice(0, 7)} to ${grammar.LAST_DAY.slice(0, 7)}`;
    case "flag":
      return "true or false";
    case "one_of":
      return facts.words.join(", ");
    case "integer":
      return `a whole number${inBounds(facts)}`;
    case "decimal":
      return `a number of at most ${facts.digits - facts.scale} digits and ${facts.scale} decimals${inBounds(facts)}`;
  }
}

function inBounds({ minimum, maximum }: Bounds): string {
  return `${minimum === undefined ? "" : ` from ${minimum}`}${maximum === undefined ? "" : ` to ${maximum}`}`;
}
