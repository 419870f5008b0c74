/** A condition on one column of a row; false where the column is null. */
export type Condition<Name extends string = string> =
  | { readonly column: Name; readonly above: number }
  | { readonly column: Name; readonly is: string };

/** A check between cells of one row, told as data so that zod and DuckDB both run it. */
export type RowRule<Name extends string = string> =
  | { readonly reason: "required_when"; readonly column: Name; readonly when: Condition<Name> }
  | { readonly reason: "before_start"; readonly column: Name; readonly start: Name };

/** The column may not be null in a row that meets the condition. */
export function requiredWhen<const Name extends string>(column: Name, when: Condition<Name>): RowRule<Name> {
  return { reason: "required_when", column, when };
}

/** The column, a date, may not be before the date `start`; a null on either side breaks nothing. */
export function notBefore<const Name extends string>(column: Name, start: Name): RowRule<Name> {
  return { reason: "before_start", column, start };
}

/** Whether a typed row breaks the rule. */
export function broken(rule: RowRule, row: Readonly<Record<string, unknown>>): boolean {
  const value = row[rule.column];
  switch (rule.reason) {
    case "required_when":
      return value === null && meets(rule.when, row);
    case "before_start": {
      const start = row[rule.start];
      return typeof value === "string" && typeof start === "string" && value < start;
    }
  }
}

function meets(condition: Condition, row: Readonly<Record<string, unknown>>): boolean {
  const value = row[condition.column];
  return "above" in condition ? typeof value === "number" && value > condition.above : value === condition.is;
}

/** The rule in words, as the end of the sentence "the column …". */
export function inWords(rule: RowRule): string {
  switch (rule.reason) {
    case "required_when":
      return `required when ${conditionInWords(rule.when)}`;
    case "before_start":
      return `not before ${rule.start}`;
  }
}

/** The condition in words. */
export function conditionInWords(condition: Condition): string {
  return "above" in condition
    ? `${condition.column} is above ${condition.above}`
    : `${condition.column} is ${condition.is}`;
}
