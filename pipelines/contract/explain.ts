import { expected } from "./column.ts";
import { REASONS, type ReasonCode } from "./reasons.ts";
import { conditionInWords } from "./row-rule.ts";
import { type ContractTable, columnOf } from "./table.ts";

/** A row of `load.rejected_row`, as far as the sentence needs it. */
export interface Refusal {
  readonly column: string;
  readonly value: string | null;
  readonly reason: ReasonCode;
  /** Where the row that holds the key stands, such as "nord/entries.csv line 12"; only for a key conflict. */
  readonly first?: string;
}

const LONGEST_SHOWN = 80;

/** The English sentence, without a full stop, that tells why a row of the table was refused. */
export function explain(table: ContractTable, refusal: Refusal): string {
  const words: Readonly<Record<string, string>> = {
    table: table.name,
    column: refusal.column,
    value: shown(refusal.value),
    expected: expectation(table, refusal),
    first: refusal.first ?? "an earlier row",
  };
  return REASONS[refusal.reason].sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name] ?? "");
}

function shown(value: string | null): string {
  if (value === null) return "empty";
  return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
}

function expectation(table: ContractTable, { column, reason }: Refusal): string {
  switch (reason) {
    case "key_conflict":
      return "";
    case "required_when":
      return table.rules
        .flatMap((rule) =>
          rule.reason === reason && rule.column === column ? [conditionInWords(rule.when)] : [],
        )
        .join(" and ");
    case "before_start":
      return table.rules
        .flatMap((rule) => (rule.reason === reason && rule.column === column ? [rule.start] : []))
        .join(" and ");
    case "unknown_reference":
      return table.references
        .filter((reference) => reference.column === column)
        .flatMap(({ targets }) => targets.map((target) => `${target.table.name}.${target.column}`))
        .join(" or ");
    default:
      return expected(columnOf(table, column));
  }
}
