import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import type { Strategy } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";

/** The ledger that is held against the landlord's own figures, and what it still lacks: built before anything else. */
export const RECONCILED = ["ledger.entry", "bank.unmatched_receipt", "bank.candidate"] as const;

/**
 * Holds what was loaded, and the bank's receipts whose lease is sure, against the landlord's own figures, into
 * `load.reconciliation`, one row a comparison: `lease_balance` (the sum of a lease's entries booked by the day of a control
 * balance), `account_debit` and `account_credit` (per account and month of booking). Where the landlord gives no figure the
 * status is `not_verified`; so it is where a lease owes more than the landlord says and receipts that wait for their lease
 * may be the reason: those of which it is a candidate, and, for a lease that bank files may lead to, those without any.
 *
 * @returns the number of comparisons.
 * @throws UserError when a gap is larger than the strategy allows; nothing is published then.
 */
export async function reconcile(
  connection: DuckDBConnection,
  strategy: Strategy,
): Promise<{ readonly rows: number }> {
  const largest = strategy.load.max_gap_euros;
  await connection.run(`
    insert into load.reconciliation
    with control_balance as (
      select lease_id, as_of, balance from contract.control_balance
    ),
    entry as (
      select lease_id, booked_on, amount, account from ledger.entry
    ),
    control_total as (
      select account, period, debit, credit from contract.control_total
    ),
    unmatched_receipt as (
      select receipt_id, amount, candidates from bank.unmatched_receipt
    ),
    reachable as (
      select distinct lease_id from contract.bank_reference
    ),
    waiting as (
      select candidate.lease_id, sum(abs(unmatched_receipt.amount)) as amount
      from bank.candidate
      join unmatched_receipt on candidate.receipt_id = unmatched_receipt.receipt_id
      group by candidate.lease_id
    ),
    waiting_for_anyone as (
      select coalesce(sum(abs(amount)), 0) as amount from unmatched_receipt where candidates = 0
    ),
    found_balance as (
      select
        control_balance.lease_id,
        control_balance.as_of,
        any_value(control_balance.balance) as expected,
        coalesce(sum(entry.amount), 0) as found
      from control_balance
      left join entry on control_balance.lease_id = entry.lease_id and entry.booked_on <= control_balance.as_of
      group by control_balance.lease_id, control_balance.as_of
    ),
    found_total as (
      select
        account,
        date_trunc('month', booked_on)::date as period,
        coalesce(sum(amount) filter (where amount > 0), 0) as debit,
        coalesce(-sum(amount) filter (where amount < 0), 0) as credit
      from entry
      where account is not null
      group by account, date_trunc('month', booked_on)::date
    ),
    both_totals as (
      select
        coalesce(control_total.account, found_total.account) as account,
        coalesce(control_total.period, found_total.period) as period,
        control_total.debit as expected_debit,
        control_total.credit as expected_credit,
        coalesce(found_total.debit, 0) as found_debit,
        coalesce(found_total.credit, 0) as found_credit
      from control_total
      full join found_total on control_total.account = found_total.account and control_total.period = found_total.period
    ),
    compared as (
      select 'lease_balance' as kind, lease_id as subject, as_of as on_date, expected, found from found_balance
      union all
      select 'lease_balance' as kind, lease_id as subject, null as on_date, null as expected, sum(amount) as found
      from entry
      anti join control_balance on entry.lease_id = control_balance.lease_id
      group by lease_id
      union all
      select 'account_debit' as kind, account as subject, period as on_date, expected_debit as expected, found_debit as found
      from both_totals
      union all
      select 'account_credit' as kind, account as subject, period as on_date, expected_credit as expected, found_credit as found
      from both_totals
    )
    select
      kind::varchar as kind,
      subject::varchar as subject,
      on_date::date as on_date,
      expected::decimal(14, 2) as expected,
      found::decimal(14, 2) as found,
      (found - expected)::decimal(14, 2) as gap,
      case
        when expected is null then 'not_verified'
        when abs(found - expected) <= ${largest} then 'verified'
        when kind = 'lease_balance' and found > expected and found - expected - ${largest}
          <= coalesce(waiting.amount, 0) + case when reachable.lease_id is null then 0 else waiting_for_anyone.amount end
        then 'not_verified'
        else 'gap'
      end as status
    from compared
    left join waiting on compared.subject = waiting.lease_id
    left join reachable on compared.subject = reachable.lease_id
    cross join waiting_for_anyone
    order by kind, subject, on_date`);
  const gaps = await queryRows(
    connection,
    `select kind, subject, on_date::varchar as on_date, expected::varchar as expected, found::varchar as found
     from load.reconciliation where status = 'gap' order by abs(gap) desc, kind, subject limit 5`,
    z.object({
      kind: z.string(),
      subject: z.string(),
      on_date: z.string(),
      expected: z.string(),
      found: z.string(),
    }),
  );
  const [count] = await queryRows(
    connection,
    "select count(*)::integer as rows, (count(*) filter (where status = 'gap'))::integer as gaps from load.reconciliation",
    z.object({ rows: z.number(), gaps: z.number() }),
  );
  if (gaps.length > 0) {
    const lines = gaps.map(
      (gap) =>
        `  ${WORDS[gap.kind] ?? gap.kind} ${gap.subject}, ${gap.on_date}: the landlord says ${gap.expected}, the entries give ${gap.found}`,
    );
    throw new UserError(
      `the ledger does not balance: ${count?.gaps} of ${count?.rows} comparisons with the landlord's own figures show a gap\n${lines.join("\n")}`,
      "Nothing was published. Ask for the missing or doubled entries, or correct the mapping.",
    );
  }
  return { rows: count?.rows ?? 0 };
}

const WORDS: Readonly<Record<string, string>> = {
  lease_balance: "lease",
  account_debit: "debits of account",
  account_credit: "credits of account",
};
