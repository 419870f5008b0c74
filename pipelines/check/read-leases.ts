import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteText } from "../warehouse/connection.ts";
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
  for (let from = 0; from < leases.length; from += LEASES_AT_ONCE) {
    const [first, after] = [leases[from]?.lease_id, leases[from + LEASES_AT_ONCE]?.lease_id];
    const batch = leases.slice(from, from + LEASES_AT_ONCE);
    const entriesOf = await readEntries(connection, asOf, from === 0 ? undefined : first, after);
    for (const { lease_id, household_id, agency_id, use, start_on, end_on } of batch) {
      const { entries, letterings } = entriesOf.get(lease_id) ?? { entries: [], letterings: [] };
      entriesOf.delete(lease_id);
      yield {
        leaseId: lease_id,
        householdId: household_id,
        agencyId: agencyToday.get(agency_id) ?? agency_id,
        use,
        startOn: start_on,
        endOn: end_on,
        entries,
        letterings,
      };
    }
    if (entriesOf.size > 0) throw new Error("an entry stands on a lease that the contract does not know");
  }
}

/** Sorting a few thousand leases' entries at a time keeps memory small. */
const LEASES_AT_ONCE = 2000;

/** Entries and letterings by lease, of the leases from one code on and before another. */
async function readEntries(
  connection: DuckDBConnection,
  asOf: string,
  from: string | undefined,
  before: string | undefined,
): Promise<Map<string, { entries: CheckedEntry[]; letterings: Lettering[] }>> {
  const stream = await connection.stream(
    `with booked as (
       select * from ledger.entry
       where booked_on <= '${asOf}'::date
         ${from === undefined ? "" : `and lease_id >= ${quoteText(from)}`}
         ${before === undefined ? "" : `and lease_id < ${quoteText(before)}`}
     ),
     lettered as (
       select payment_entry, debit_entry, (sum(amount) * 100)::integer as cents
       from contract.allocation semi join booked on payment_entry = booked.id
       where amount > 0 and allocated_on <= '${asOf}'::date group by payment_entry, debit_entry
     ),
     lettering as (
       select payment_entry, list(debit_entry order by debit_entry) as debits, list(cents order by debit_entry) as cents
       from lettered group by payment_entry
     )
     select lease_id, id, epoch_ms(booked_on), epoch_ms(due_on), epoch_ms(value_on), kind::varchar, component::varchar,
       (amount * 100)::integer, epoch_ms(term_month), earmark::varchar, payer::varchar, fee_kind::varchar, reversal_of,
       lettering.debits, lettering.cents
     from booked left join lettering on id = payment_entry order by lease_id, id`,
  );
  const byLease = new Map<string, { entries: CheckedEntry[]; letterings: Lettering[] }>();
  for await (const rows of stream.yieldRowsJs()) {
    for (const row of rows) {
      const leaseId = text(row[0]);
      const told = byLease.get(leaseId) ?? { entries: [], letterings: [] };
      byLease.set(leaseId, told);
      told.entries.push({
        id: text(row[1]),
        bookedOn: day(row[2]),
        dueOn: optionalDay(row[3]),
        valueOn: optionalDay(row[4]),
        kind: text(row[5]),
        component: component(row[6]),
        cents: Number(row[7]),
        termMonth: optionalDay(row[8]),
        earmark: component(row[9]),
        payer: optional(row[10]),
        feeKind: optional(row[11]),
        reversalOf: optional(row[12]),
      });
      const [debits, cents] = [row[13], row[14]];
      if (Array.isArray(debits) && Array.isArray(cents))
        for (const [n, debit] of debits.entries())
          told.letterings.push({
            paymentEntry: text(row[1]),
            debitEntry: text(debit),
            cents: Number(cents[n]),
          });
    }
  }
  return byLease;
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
    for (let step = 0; step < 20; step++) agency = next.get(agency) ?? agency;
    today.set(code, agency);
  }
  return today;
}

/** A ledger has a few thousand days, each told thousands of times. */
const dayOf = new Map<unknown, string>();

function day(milliseconds: unknown): string {
  const known = dayOf.get(milliseconds);
  if (known !== undefined) return known;
  const told = new Date(Number(milliseconds)).toISOString().slice(0, 10);
  dayOf.set(milliseconds, told);
  return told;
}

function optionalDay(milliseconds: unknown): string | null {
  return milliseconds === null ? null : day(milliseconds);
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
