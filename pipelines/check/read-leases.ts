import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows } from "../warehouse/connection.ts";
import { type AccountEntry, COMPONENTS, type Component } from "./account.ts";
import type { Lettering } from "./lettering.ts";

/** What the check reads of a night: the landlord's rows as the contract took them in, and its receipts once matched. */
export interface CheckedEntry extends AccountEntry {
  readonly payer: string | null;
  readonly feeKind: string | null;
  readonly reversalOf: string | null;
}

export interface CheckedLease {
  readonly leaseId: string;
  readonly householdId: string;
  /** The agency that answers for it today. */
  readonly agencyId: string;
  readonly use: string;
  readonly startOn: string;
  readonly endOn: string | null;
  /** Booked by the as-of date, in the order of their codes. */
  readonly entries: readonly CheckedEntry[];
  /** What the landlord's books had set against each other by the as-of date. */
  readonly letterings: readonly Lettering[];
}

const leaseRow = z.object({
  lease_id: z.string(),
  household_id: z.string(),
  agency_id: z.string(),
  use: z.string(),
  start_on: z.string(),
  end_on: z.string().nullable(),
});

/** Every lease of a night with its entries, one at a time, in the order of their codes. */
export async function* readLeases(
  connection: DuckDBConnection,
  asOf: string,
  agencyToday: ReadonlyMap<string, string>,
): AsyncGenerator<CheckedLease> {
  const leases = await queryRows(
    connection,
    `select lease.id as lease_id, household_id, dwelling.agency_id, dwelling.use::varchar as use,
       start_on::varchar as start_on, end_on::varchar as end_on
     from contract.lease inner join contract.dwelling on lease.dwelling_id = dwelling.id order by lease.id`,
    leaseRow,
  );
  const stream = await connection.stream(
    `with lettered as (
       select payment_entry, debit_entry, (sum(amount) * 100)::integer as cents
       from contract.allocation where amount > 0 and allocated_on <= '${asOf}'::date
       group by payment_entry, debit_entry
     ),
     lettering as (
       select payment_entry, list(debit_entry order by debit_entry) as debits, list(cents order by debit_entry) as cents
       from lettered group by payment_entry
     )
     select lease_id, id, booked_on::varchar, due_on::varchar, value_on::varchar, kind::varchar, component::varchar,
       (amount * 100)::integer, term_month::varchar, earmark::varchar, payer::varchar, fee_kind::varchar, reversal_of,
       lettering.debits, lettering.cents
     from ledger.entry left join lettering on id = payment_entry
     where booked_on <= '${asOf}'::date order by lease_id, id`,
  );
  let next = 0;
  let entries: CheckedEntry[] = [];
  let letterings: Lettering[] = [];
  const finish = () => {
    const lease = leases[next++];
    if (lease === undefined) throw new Error("an entry stands on a lease that the contract does not know");
    const agencyId = agencyToday.get(lease.agency_id) ?? lease.agency_id;
    const finished = {
      leaseId: lease.lease_id,
      householdId: lease.household_id,
      agencyId,
      use: lease.use,
      startOn: lease.start_on,
      endOn: lease.end_on,
      entries,
      letterings,
    };
    entries = [];
    letterings = [];
    return finished;
  };
  for await (const rows of stream.yieldRowsJs()) {
    for (const row of rows) {
      const leaseId = text(row[0]);
      while (leases[next]?.lease_id !== leaseId) yield finish();
      entries.push({
        id: text(row[1]),
        bookedOn: text(row[2]),
        dueOn: optional(row[3]),
        valueOn: optional(row[4]),
        kind: text(row[5]),
        component: component(row[6]),
        cents: Number(row[7]),
        termMonth: optional(row[8]),
        earmark: component(row[9]),
        payer: optional(row[10]),
        feeKind: optional(row[11]),
        reversalOf: optional(row[12]),
      });
      const [debits, cents] = [row[13], row[14]];
      if (Array.isArray(debits) && Array.isArray(cents))
        for (const [n, debit] of debits.entries())
          letterings.push({ paymentEntry: text(row[1]), debitEntry: text(debit), cents: Number(cents[n]) });
    }
  }
  while (next < leases.length) yield finish();
}

const mappingRow = z.object({ legacy: z.string(), agency: z.string() });

/** Today's agency of every former code, mergers followed one after the other. */
export async function readAgencies(
  connection: DuckDBConnection,
  asOf: string,
): Promise<ReadonlyMap<string, string>> {
  const mappings = await queryRows(
    connection,
    `select legacy_agency_id as legacy, agency_id as agency from contract.agency_mapping
     where valid_from <= '${asOf}'::date order by valid_from`,
    mappingRow,
  );
  const next = new Map(mappings.map(({ legacy, agency }) => [legacy, agency]));
  const today = new Map<string, string>();
  for (const code of next.keys()) {
    let agency = code;
    for (let to = next.get(agency); to !== undefined && to !== agency; to = next.get(agency)) agency = to;
    today.set(code, agency);
  }
  return today;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Error(`${String(value)} is no text`);
  return value;
}

function optional(value: unknown): string | null {
  return value === null ? null : text(value);
}

function component(value: unknown): Component | null {
  return value === null ? null : (COMPONENTS.find((name) => name === value) ?? null);
}
