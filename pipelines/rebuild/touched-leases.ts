import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CONTRACT } from "../contract/contract.ts";
import { type ContractTable, columnsOf } from "../contract/table.ts";
import { queryRows, quoteName } from "../warehouse/connection.ts";
import type { Change } from "./change.ts";
import { differingRows, inBoth } from "./compare.ts";

/** The leases of which something differs from last night. */
export interface Touched {
  /** The query that gives them as `lease_id`. */
  readonly query: string;
  /** Adds those that a query gives; null among them is no lease, and told by `all`. */
  add(leases: string): Promise<Change>;
  count(): Promise<number>;
  /** Whether all leases that a query gives are among them. */
  holds(leases: string): Promise<boolean>;
}

const TOUCHED = "touched_lease";
const countRow = z.object({ n: z.number() });
const heldRow = z.object({ held: z.boolean() });

/** Makes an empty list of touched leases. */
export async function noLeaseTouched(connection: DuckDBConnection): Promise<Touched> {
  await connection.run(`create temp table ${TOUCHED} (lease_id varchar primary key)`);
  const query = `select lease_id from temp.${TOUCHED}`;
  const count = async (of: string) => (await queryRows(connection, of, countRow))[0]?.n ?? 0;
  return {
    query,
    async add(leases) {
      await connection.run(
        `create or replace temp table differing_lease as select distinct lease_id from (${leases})`,
      );
      const found = await count("select count(*)::integer as n from temp.differing_lease");
      if (found === 0) return "none";
      await connection.run(
        `insert or ignore into temp.${TOUCHED} select lease_id from temp.differing_lease where lease_id is not null`,
      );
      const loose = await count(
        "select count(*)::integer as n from temp.differing_lease where lease_id is null",
      );
      return loose === 0 ? "touched" : "all";
    },
    count: () => count(`select count(*)::integer as n from temp.${TOUCHED}`),
    async holds(leases) {
      const [row] = await queryRows(
        connection,
        `select not exists (select lease_id from (${leases}) except ${query}) as held`,
        heldRow,
      );
      return row?.held ?? false;
    },
  };
}

/**
 * Compares a table of the contract with last night's, but for the place that its rows have in a file, and adds the leases that
 * the rows that differ belong to: a household's rows to the leases of the household, a dwelling's likewise, a part of a plan
 * to the plan's lease.
 *
 * @returns what may differ: any row where those that differ lead to no lease.
 */
export async function compareContractTable(
  connection: DuckDBConnection,
  warehouse: string,
  touched: Touched,
  table: ContractTable,
): Promise<Change> {
  const columns = columnsOf(table).map(([name]) => name);
  const name = `contract.${quoteName(table.name)}`;
  if (isOfLease(table)) return touched.add(differingLeases(warehouse, name, columns));
  await connection.run(
    `create or replace temp table differing_row as ${differingRows(inBoth(warehouse, name), columns)}`,
  );
  const [counted] = await queryRows(
    connection,
    "select count(*)::integer as n from temp.differing_row",
    countRow,
  );
  if (counted?.n === 0) return "none";
  const leases = leasesOf(table, "select * from temp.differing_row", warehouse);
  return leases.length === 0 ? "all" : touched.add(leases.join(" union "));
}

/**
 * The query that gives, as `lease_id`, the leases whose rows of a table differ from last night's in these columns; null where
 * rows without a lease do.
 */
export function differingLeases(warehouse: string, table: string, columns: readonly string[]): string {
  const [tonight, before] = inBoth(warehouse, table).map(
    (one) =>
      `select lease_id, count(*) as rows, sum(hash(${columns.map(quoteName).join(", ")})::hugeint) as digest
       from ${one} group by lease_id`,
  );
  return `select coalesce(tonight.lease_id, before.lease_id) as lease_id
    from (${tonight}) as tonight
    full join (${before}) as before on tonight.lease_id is not distinct from before.lease_id
    where tonight.rows is distinct from before.rows or tonight.digest is distinct from before.digest`;
}

/** The queries of the leases of the rows whose day has come, or is to come again, between last night's as-of date and tonight's. */
export function leasesCrossed(warehouse: string, table: string, on: string): string {
  const days = inBoth(warehouse, "strategy.night")
    .map((night) => `(select as_of from ${night})`)
    .join(", ");
  const rows = `select * from ${table} where ${on} > least(${days}) and ${on} <= greatest(${days})`;
  const contract = CONTRACT.find(({ name }) => table === `contract.${name}`);
  return contract === undefined
    ? `select lease_id from (${rows})`
    : leasesOf(contract, rows, warehouse).join(" union ");
}

const isOfLease = (table: ContractTable) =>
  table.references.some(({ column, targets }) => column === "lease_id" && targets.length === 1);

/** The queries that lead from rows of a contract table to leases, in last night's tables and tonight's; none where nothing leads there. */
function leasesOf(table: ContractTable, rows: string, warehouse: string): string[] {
  if (table.name === "lease") return [`select id as lease_id from (${rows})`];
  if (isOfLease(table)) return [`select lease_id from (${rows})`];
  if (table.name === "household" || table.name === "dwelling")
    return inBoth(warehouse, "contract.lease").map(
      (lease) => `select id as lease_id from ${lease} where ${table.name}_id in (select id from (${rows}))`,
    );
  return table.references.flatMap(({ column, targets }) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) return [];
    return inBoth(warehouse, `contract.${quoteName(target.table.name)}`).flatMap((named) =>
      leasesOf(
        target.table,
        `select * from ${named} where ${quoteName(target.column)} in (select ${quoteName(column)} from (${rows}))`,
        warehouse,
      ),
    );
  });
}
