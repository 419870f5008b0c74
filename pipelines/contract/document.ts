import { expected } from "./column.ts";
import { CONTRACT } from "./contract.ts";
import { inWords } from "./row-rule.ts";
import { type ContractTable, columnsOf } from "./table.ts";

/** The documentation of one table as a markdown section: what a row is, its columns, its key. */
export function documentTable(table: ContractTable): string {
  const rows = columnsOf(table).map(([name, facts]) => {
    const demands = [
      facts.optional ? "optional" : "required",
      ...table.rules.filter(({ column }) => column === name).map(inWords),
      ...table.references
        .filter(({ column }) => column === name)
        .map(
          ({ targets }) =>
            `refers to ${targets.map((target) => `${target.table.name}.${target.column}`).join(" or ")}`,
        ),
    ];
    return `| \`${name}\` | ${facts.description} | ${expected(facts)} | ${demands.join("; ")} |`;
  });
  return `## ${table.name}

${table.description}

| column | meaning | values | demands |
| --- | --- | --- | --- |
${rows.join("\n")}

Key: ${table.key.length === 0 ? "none, a row is told apart by its file and line" : table.key.map((name) => `\`${name}\``).join(", ")}.
${table.rights === undefined ? "" : `\nRead only by the SQL schema ${table.rights.schemas.map((name) => `\`${name}\``).join(", ")}.\n`}`;
}

/** The documentation of the whole contract as a markdown page. */
export function documentContract(tables: readonly ContractTable[] = CONTRACT): string {
  return `# Contract\n\n${tables.map(documentTable).join("\n")}`;
}
