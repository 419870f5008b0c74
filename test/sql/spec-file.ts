import { marked, type Tokens } from "marked";

/** Rows of a table as a spec writes them: text cells, null where a cell is empty. */
export interface SpecTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The rows that a model must hold, all of them or those that a condition selects. */
export interface Expectation extends SpecTable {
  readonly where: string | undefined;
}

/** One case of a spec: rows in, rows out. */
export interface SpecCase {
  readonly title: string;
  readonly asOf: string;
  /** YAML added to an empty strategy. */
  readonly strategy: string;
  readonly given: readonly SpecTable[];
  readonly expected: readonly Expectation[];
}

/**
 * Reads a spec: a Markdown file beside its model. Each second-level heading opens a case; inside it « As of <date> »
 * sets the as-of date, a yaml block the strategy, « Given `schema.table` » the rows in, « Then `schema.table` » the rows
 * out (« where `condition` » selects some), each followed by a table. An empty cell is null. What stands before the first
 * case is given to all.
 */
export function parseSpec(markdown: string, file: string): SpecCase[] {
  const shared: Draft = { title: "", asOf: "2024-12-31", strategy: "", given: [], expected: [] };
  const cases: Draft[] = [];
  let current = shared;
  let pending: { kind: "given" | "then"; table: string; where: string | undefined } | undefined;
  for (const token of marked.lexer(markdown)) {
    if (token.type === "heading" && token.depth === 2) {
      current = { ...shared, title: token.text, given: [...shared.given], expected: [] };
      cases.push(current);
    } else if (token.type === "paragraph") {
      const asOf = /^As of (\d{4}-\d{2}-\d{2})/.exec(token.text)?.[1];
      if (asOf !== undefined) current.asOf = asOf;
      const opening = /^(Given|Then) `([a-z_.0-9]+)`(?: where `([^`]+)`)?/.exec(token.text);
      if (opening?.[2] !== undefined) {
        pending = { kind: opening[1] === "Given" ? "given" : "then", table: opening[2], where: opening[3] };
      }
    } else if (token.type === "code" && token.lang === "yaml") {
      current.strategy = token.text;
    } else if (token.type === "table") {
      if (pending === undefined) throw new Error(`${file}: a table follows neither « Given » nor « Then »`);
      const table = { table: pending.table, ...readTable(token as Tokens.Table) };
      if (pending.kind === "given")
        current.given = [...current.given.filter((t) => t.table !== table.table), table];
      else current.expected.push({ ...table, where: pending.where });
      pending = undefined;
    }
  }
  const silent = cases.find((draft) => draft.expected.length === 0);
  if (cases.length === 0 || silent !== undefined) {
    throw new Error(
      `${file}: ${silent === undefined ? "has no case" : `case "${silent.title}" expects nothing`}`,
    );
  }
  return cases;
}

interface Draft extends SpecCase {
  asOf: string;
  strategy: string;
  given: SpecTable[];
  expected: Expectation[];
}

function readTable(token: Tokens.Table): Pick<SpecTable, "columns" | "rows"> {
  const text = (cell: Tokens.TableCell) => cell.text.replaceAll("`", "").trim();
  return {
    columns: token.header.map(text),
    rows: token.rows.map((row) => row.map((cell) => text(cell) || null)),
  };
}
