-- Receipts whose amount would as well be that of a lease begun when another one ended: the amount is exactly what the new
-- one was asked about then. Whoever moved may have kept the old reference and pays from the same account.
-- grain: receipt_id, lease_id
-- columns:
--   receipt_id   a receipt around the end of the lease, or after it
--   lease_id     the lease that was ending or had ended
--   other_lease  the lease begun then
with setting as (
    select settling_days from strategy.bank
),
receipt as (
    select receipt_id, value_on, amount, payer_account from bank.receipt where amount > 0
),
claim as (
    select receipt_id, lease_id from bank.claim
),
payer as (
    select payer_account, lease_id from bank.payer
),
lease as (
    select lease_id, start_on, end_on from bank.lease
),
asked as (
    select lease_id, month, asked from bank.asked
),
ending as (
    select lease.lease_id, lease.end_on, lease.end_on - setting.settling_days as first_on
    from lease
    cross join setting
    where lease.end_on is not null
),
possible as (
    select receipt.receipt_id, receipt.value_on, receipt.amount, claim.lease_id
    from claim
    inner join receipt on claim.receipt_id = receipt.receipt_id
    union
    select receipt.receipt_id, receipt.value_on, receipt.amount, payer.lease_id
    from payer
    inner join receipt on payer.payer_account = receipt.payer_account
    anti join claim on receipt.receipt_id = claim.receipt_id
),
late as (
    select possible.receipt_id, possible.value_on, possible.amount, possible.lease_id, ending.first_on
    from possible
    inner join ending on possible.lease_id = ending.lease_id
    where possible.value_on > ending.first_on
),
about_then as (
    select asked.lease_id, (asked.month + to_months(unnest([-1, 0, 1])))::date as month, asked.asked, lease.start_on
    from asked
    inner join lease on asked.lease_id = lease.lease_id
),
either as (
    select late.receipt_id, late.lease_id, min(about_then.lease_id) as other_lease
    from late
    inner join about_then
        on date_trunc('month', late.value_on)::date = about_then.month and late.amount = about_then.asked
    where about_then.lease_id <> late.lease_id and about_then.start_on >= late.first_on
    group by late.receipt_id, late.lease_id
)
select * from either
