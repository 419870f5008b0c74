-- Leases that may own money waiting on an account: no reminder leaves for them until it has found its lease.
-- A lease that only the amount speaks for is spared for the configured days, any other as long as the receipt waits; one that
-- owed nothing at some closing since the receipt came does not miss it.
-- grain: lease_id
-- per: lease_id
-- columns:
--   lease_id  the lease
--   reason    what speaks for it, as in bank.candidate, for the receipt that it most plausibly owns
--   receipts  receipts that it may own
--   euros     their sum
--   since     the day the oldest of them was received
-- checks:
--   euros > 0
with setting as (
    select block_days from strategy.bank
),
night as (
    select as_of from strategy.night
),
candidate as (
    select receipt_id, lease_id, why, rank from bank.candidate
),
unmatched_receipt as (
    select receipt_id, received_on, amount from bank.unmatched_receipt where amount > 0
),
lease_month as (
    select lease_id, closing_on, due_balance from arrears.lease_month where due_balance <= 0
),
plausible as (
    select candidate.receipt_id, candidate.lease_id, candidate.why, candidate.rank, unmatched_receipt.received_on, unmatched_receipt.amount
    from candidate
    inner join unmatched_receipt on candidate.receipt_id = unmatched_receipt.receipt_id
    cross join setting
    cross join night
    where candidate.why <> 'amount' or unmatched_receipt.received_on > night.as_of - setting.block_days
),
missed as (
    select plausible.lease_id, plausible.why, plausible.rank, plausible.received_on, plausible.amount
    from plausible
    anti join lease_month on plausible.lease_id = lease_month.lease_id and plausible.received_on <= lease_month.closing_on
),
blocked as (
    select
        lease_id,
        min_by(why, (rank, received_on)) as reason,
        count(*)::integer as receipts,
        sum(amount)::decimal(14, 2) as euros,
        min(received_on) as since
    from missed
    group by lease_id
)
select * from blocked
