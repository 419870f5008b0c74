import { z } from "zod";
import { type Column, type ColumnFacts, factsOf } from "./column.ts";
import { broken, type RowRule } from "./row-rule.ts";

/** A typed row of a table with these columns. */
type RowOf<Columns extends Readonly<Record<string, Column>>> = {
  [Name in keyof Columns]: z.output<Columns[Name]>;
};

/** A table of the contract: the zod schema of its rows and the facts that hold between rows. */
export interface ContractTable<Name extends string = string, Row = unknown> {
  /** The name of the table in the schema `contract` and of its mapping, `sources/<name>.sql`. */
  readonly name: string;
  /** What one row is, for people. */
  readonly description: string;
  /** Delivered cells (text or null) in, a typed row out; an issue's message is a reason code. */
  readonly schema: z.ZodType<Row>;
  /** The columns by name, in their order; the schema of a row is made of them. */
  readonly columns: Readonly<Record<Name, Column>>;
  /**
   * The columns of which no two rows may have the same values; all of them required. Empty where a row is told apart by
   * its place, file and line, alone: no row then repeats another.
   */
  readonly key: readonly Name[];
  readonly references: readonly Reference[];
  readonly rules: readonly RowRule<Name>[];
  /** Who may read it; undefined where every schema may. */
  readonly rights: Rights | undefined;
}

/** Which SQL schemas may read a table, directly or through what they read. */
export interface Rights {
  readonly schemas: readonly [string, ...string[]];
  /** Whether a model may declare that only totals of it leave (`releases:` in its header). */
  readonly releasable: boolean;
}

/** A column of another table whose accepted values a reference may name. */
export interface Target {
  readonly table: ContractTable;
  readonly column: string;
}

/** A column whose values, where not null, must stand among the accepted values of one of its targets. */
export interface Reference {
  readonly column: string;
  readonly targets: readonly Target[];
}

/** Names a column of another table as the target of a reference. */
export function to<Name extends string>(table: ContractTable<Name>, column: NoInfer<Name>): Target {
  return { table, column };
}

/**
 * Declares a table. `references` gives, per referring column, one target or several of which one must know the value;
 * `rules` are the checks between cells of one row, run once every cell of the row has been read. `key: "place"` declares
 * a table whose rows are told apart by their file and line alone.
 */
export function defineTable<const Columns extends Readonly<Record<string, Column>>>(declaration: {
  name: string;
  description: string;
  columns: Columns;
  key: readonly (keyof Columns & string)[] | "place";
  references?: { readonly [Name in keyof Columns & string]?: readonly Target[] };
  rules?: readonly RowRule<keyof Columns & string>[];
  rights?: Rights;
}): ContractTable<keyof Columns & string, RowOf<Columns>> {
  const { references = {}, rules = [], key, rights, ...facts } = declaration;
  const schema = z.strictObject<Readonly<Record<string, Column>>>(declaration.columns).check((context) => {
    if (context.issues.length > 0) return;
    const row = context.value;
    for (const rule of rules.filter((candidate) => broken(candidate, row)))
      context.issues.push({ code: "custom", message: rule.reason, path: [rule.column], input: row });
  });
  return {
    ...facts,
    key: key === "place" ? [] : key,
    rights,
    schema: schema as unknown as z.ZodType<RowOf<Columns>>,
    references: Object.entries<readonly Target[] | undefined>(references).map(([column, targets = []]) => ({
      column,
      targets,
    })),
    rules,
  };
}

/** The columns of a table with the facts they were declared with, in their order. */
export function columnsOf(table: ContractTable): [name: string, facts: ColumnFacts][] {
  return Object.entries(table.columns).map(([name, column]) => [name, factsOf(column)]);
}

/** The facts of one column. Throws when the table has no such column. */
export function columnOf(table: ContractTable, name: string): ColumnFacts {
  const column = table.columns[name];
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  return factsOf(column);
}
