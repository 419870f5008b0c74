import type { DuckDBConnection } from "@duckdb/node-api";
import { CONTRACT } from "../contract/contract.ts";
import { type ContractTable, columnsOf, type Rights } from "../contract/table.ts";
import { quoteText } from "./connection.ts";
import { type Model, ModelError } from "./model.ts";

/** The contract tables that not every schema may read, by the name that SQL gives them. */
const RESTRICTED: ReadonlyMap<string, Rights> = new Map(
  CONTRACT.flatMap(({ name, rights }) => (rights === undefined ? [] : [[`contract.${name}`, rights]])),
);

/**
 * The restricted tables whose rows a model may carry onward: those that it reads, and those that what it reads carries.
 * The rule looks at tables, not at columns: whatever is made of a restricted table is as restricted as the table itself.
 * Only a model that says under `releases:` that no household can be told apart in its rows ends that, where the table
 * allows it.
 *
 * `carriedBy` gives what the models before carry.
 * @throws ModelError when the schema of the model may not read one of them, or it releases what it may not.
 */
export function carriedTables(
  model: Model,
  reads: readonly string[],
  carriedBy: ReadonlyMap<string, readonly string[]>,
): string[] {
  const carried = new Set<string>();
  for (const table of reads) {
    for (const origin of RESTRICTED.has(table) ? [table] : (carriedBy.get(table) ?? [])) {
      const schemas: readonly string[] = RESTRICTED.get(origin)?.schemas ?? [];
      if (!schemas.includes(model.schema)) {
        const onward = table === origin ? "" : `, which carries ${origin}`;
        throw new ModelError(
          model.file,
          `reads ${table}${onward}: only the schema ${schemas.join(" or ")} may`,
        );
      }
      carried.add(origin);
    }
  }
  for (const { table } of model.releases) {
    if (!carried.has(table)) throw new ModelError(model.file, `releases ${table}, which it does not carry`);
    if (RESTRICTED.get(table)?.releasable !== true)
      throw new ModelError(model.file, `releases ${table}, of which nothing may be released`);
    const identifying = model.columns.find(({ name }) => IDENTIFYING.has(name));
    if (identifying !== undefined)
      throw new ModelError(
        model.file,
        `releases ${table} and has a column ${identifying.name}: its rows tell households apart`,
      );
    carried.delete(table);
  }
  return [...carried].sort();
}

/** The columns of the contract that name one household, lease, entry …: all identifiers but those of agencies. */
const IDENTIFYING: ReadonlySet<string> = new Set(
  CONTRACT.filter(({ name }) => !isOfAgencies(name)).flatMap(identifyingColumns),
);

/** The columns of a contract table that name one household, lease, entry …: its identifiers but those of agencies. */
export function identifyingColumns(table: ContractTable): string[] {
  return columnsOf(table).flatMap(([name, { kind }]) => {
    const targets = table.references.find(({ column }) => column === name)?.targets ?? [];
    return kind === "id" && !targets.some((target) => isOfAgencies(target.table.name)) ? [name] : [];
  });
}

/** Whether a contract table is one of agencies: what it names is no household. */
export function isOfAgencies(table: string): boolean {
  return table === "agency" || table === "agency_mapping";
}

/** Keeps in `load.restricted_table` the tables that not everyone may read, with the schemas that may. */
export async function keepRestrictedTables(
  connection: DuckDBConnection,
  models: readonly { readonly id: string; readonly carries: readonly string[] }[],
): Promise<void> {
  await connection.run(
    "create table load.restricted_table (table_name varchar primary key, readable_by varchar not null)",
  );
  const readers = (tables: readonly string[]) => [
    ...new Set(tables.flatMap((table) => RESTRICTED.get(table)?.schemas ?? [])),
  ];
  const rows = [
    ...[...RESTRICTED.keys()].map((table) => [table, readers([table])] as const),
    ...models.flatMap(({ id, carries }) => (carries.length === 0 ? [] : [[id, readers(carries)] as const])),
  ].map(([table, schemas]) => `(${quoteText(table)}, ${quoteText(schemas.join(", "))})`);
  if (rows.length > 0) await connection.run(`insert into load.restricted_table values ${rows.join(", ")}`);
}
