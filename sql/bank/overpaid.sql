-- Receipts that name a lease after its end and would overpay it: with them, what is known to have been received exceeds all
-- that was asked. Whatever is not matched yet only makes that worse.
-- grain: receipt_id
-- per: lease_id
-- columns:
--   receipt_id  the receipt
--   lease_id    the lease that it names
--   left_over   euros received beyond what was asked
-- checks:
--   left_over > 0
with setting as (
    select settling_days, tolerance_euros from strategy.bank
),
receipt as (
    select receipt_id, value_on, amount from bank.receipt
),
claim as (
    select receipt_id, lease_id from bank.claim where doubt is null
),
lease as (
    select lease_id, end_on from bank.lease where end_on is not null
),
entry as (
    select
        lease_id,
        case when amount > 0 then coalesce(due_on, booked_on) else coalesce(value_on, due_on, booked_on) end as counts_on,
        amount
    from contract.entry
),
change as (
    select lease.lease_id, null as receipt_id, entry.counts_on - setting.settling_days as on_date, entry.amount
    from lease
    inner join entry on lease.lease_id = entry.lease_id
    cross join setting
    union all
    select lease.lease_id, claim.receipt_id, receipt.value_on as on_date, -receipt.amount as amount
    from lease
    inner join claim on lease.lease_id = claim.lease_id
    inner join receipt on claim.receipt_id = receipt.receipt_id
),
run as (
    select
        lease_id,
        receipt_id,
        on_date,
        sum(amount) over (partition by lease_id order by on_date, receipt_id nulls first rows unbounded preceding) as owed
    from change
),
beyond as (
    select run.receipt_id, run.lease_id, (-run.owed)::decimal(14, 2) as left_over
    from run
    inner join lease on run.lease_id = lease.lease_id
    inner join receipt on run.receipt_id = receipt.receipt_id
    cross join setting
    where run.on_date > lease.end_on and receipt.amount > 0 and -run.owed > setting.tolerance_euros
)
select * from beyond
