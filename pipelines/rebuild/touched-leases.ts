import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CONTRACT } from "../contract/contract.ts";
import { type ContractTable, columnsOf } from "../contract/table.ts";
import { queryRows, quoteName } from "../warehouse/connection.ts";
import type { Change } from "./change.ts";
import { LAST_NIGHT, type Part } from "./part.ts";

/**
 * Compares the contract's rows with last night's, but for the place that they have in a file, and adds the leases that a
 * differing row belongs to to the touched ones: a household's rows to the leases of the household, a dwelling's likewise, a
 * part of a plan to the plan's lease.
 *
 * @returns what may differ, by table: `all` where rows differ that lead to no lease.
 */
export async function compareContract(
  connection: DuckDBConnection,
  part: Part,
): Promise<Map<string, Change>> {
  const changes = new Map<string, Change>();
  for (const table of CONTRACT)
    changes.set(`contract.${table.name}`, await compareTable(connection, part, table));
  return changes;
}

/**
 * Compares a table whose rows have a lease each with last night's, lease by lease, and adds the leases whose rows differ to
 * the touched ones.
 *
 * @param columns those that are compared.
 */
export async function compareByLease(
  connection: DuckDBConnection,
  part: Part,
  table: string,
  columns: readonly string[],
): Promise<Change> {
  return touch(connection, part, differingLeases(part, table, columns));
}

/** The query that gives, as `lease_id`, the leases whose rows of a table differ from last night's; null among them where rows without a lease do. */
export function differingLeases(part: Part, table: string, columns: readonly string[]): string {
  const digested = (database: string) =>
    `select lease_id, count(*) as rows, sum(hash(${columns.map(quoteName).join(", ")})::hugeint) as digest
     from ${database}.${table} group by lease_id`;
  return `select coalesce(tonight.lease_id, before.lease_id) as lease_id
    from (${digested(quoteName(part.warehouse))}) as tonight
    full join (${digested(LAST_NIGHT)}) as before on tonight.lease_id is not distinct from before.lease_id
    where tonight.rows is distinct from before.rows or tonight.digest is distinct from before.digest`;
}

/** Adds the leases of the rows whose day has come, or is to come again, between last night's as-of date and tonight's. */
export async function touchCrossing(part: Part, table: string, on: string): Promise<void> {
  const warehouse = quoteName(part.warehouse);
  const days = [warehouse, LAST_NIGHT]
    .map((database) => `(select as_of from ${database}.strategy.night)`)
    .join(", ");
  const rows = `select * from ${warehouse}.${table} where ${on} > least(${days}) and ${on} <= greatest(${days})`;
  const contract = CONTRACT.find(({ name }) => table === `contract.${name}`);
  const leases =
    contract === undefined ? [`select lease_id from (${rows})`] : leasesOf(contract, rows, warehouse);
  await part.touch(leases.join(" union "));
}

async function compareTable(connection: DuckDBConnection, part: Part, table: ContractTable): Promise<Change> {
  const columns = columnsOf(table).map(([name]) => name);
  const name = `contract.${quoteName(table.name)}`;
  if (
    table.references.some(
      (reference) => reference.column === "lease_id" && targetOf(reference)?.name === "lease",
    )
  )
    return compareByLease(connection, part, name, columns);
  const listed = columns.map(quoteName).join(", ");
  const rowsOf = (database: string) => `select ${listed} from ${database}.${name}`;
  const [tonight, before] = [rowsOf(quoteName(part.warehouse)), rowsOf(LAST_NIGHT)];
  await connection.run(
    `create or replace temp table differing_row as
     (${tonight} except all ${before}) union all (${before} except all ${tonight})`,
  );
  const [counted] = await queryRows(
    connection,
    "select count(*)::integer as rows from differing_row",
    countRow,
  );
  if (counted?.rows === 0) return "none";
  const leases = leasesOf(table, "select * from differing_row", quoteName(part.warehouse));
  if (leases.length === 0) return "all";
  await touch(connection, part, leases.join(" union "));
  return "touched";
}

const countRow = z.object({ rows: z.number() });

/** Adds leases to the touched ones. */
async function touch(connection: DuckDBConnection, part: Part, leases: string): Promise<Change> {
  const added = await connection.runAndReadAll(
    `create or replace temp table differing_lease as select distinct lease_id from (${leases})`,
  );
  if (Number(added.getRowsJson()[0]?.[0] ?? 0) === 0) return "none";
  await part.touch("select lease_id from differing_lease where lease_id is not null");
  const [loose] = await queryRows(
    connection,
    "select count(*)::integer as rows from differing_lease where lease_id is null",
    countRow,
  );
  return loose?.rows === 0 ? "touched" : "all";
}

/** The queries that lead from rows of a contract table to leases, in last night's tables and tonight's; none where nothing leads there. */
function leasesOf(table: ContractTable, rows: string, warehouse: string): string[] {
  if (table.name === "lease") return [`select id as lease_id from (${rows})`];
  const direct = table.references.find((reference) => targetOf(reference)?.name === "lease");
  if (direct !== undefined) return [`select ${quoteName(direct.column)} as lease_id from (${rows})`];
  const both = [warehouse, LAST_NIGHT];
  if (table.name === "household" || table.name === "dwelling")
    return both.map(
      (database) =>
        `select id as lease_id from ${database}.contract.lease where ${table.name}_id in (select id from (${rows}))`,
    );
  return table.references.flatMap((reference) => {
    const target = targetOf(reference);
    const column = reference.targets[0]?.column;
    if (target === undefined || column === undefined) return [];
    return both.flatMap((database) =>
      leasesOf(
        target,
        `select * from ${database}.contract.${quoteName(target.name)}
         where ${quoteName(column)} in (select ${quoteName(reference.column)} from (${rows}))`,
        warehouse,
      ),
    );
  });
}

/** The table that a reference leads to, where it is one. */
function targetOf({ targets }: ContractTable["references"][number]): ContractTable | undefined {
  return targets.length === 1 ? targets[0]?.table : undefined;
}
