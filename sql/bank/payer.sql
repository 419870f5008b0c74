-- Who pays for whom: per payer's account and lease, how often receipts that name the lease without doubt came from it,
-- and the leases for which the landlord knows the account.
-- grain: payer_account, lease_id
-- columns:
--   payer_account  the payer's account
--   lease_id       a lease that it pays for
--   receipts       receipts that name the lease without doubt
--   leases         all leases that the account pays for, as far as known
--   strong_leases  leases for which at least the configured number of receipts came from it
with setting as (
    select minimum_receipts from strategy.bank
),
receipt as (
    select receipt_id, amount, payer_account from bank.receipt where payer_account is not null
),
claim as (
    select receipt_id, lease_id from bank.claim where doubt is null
),
reference as (
    select reference, lease_id from bank.reference where kind = 'payer_account'
),
seen as (
    select receipt.payer_account, claim.lease_id, 1 as receipts
    from receipt
    inner join claim on receipt.receipt_id = claim.receipt_id
    where receipt.amount > 0
    union all
    select reference as payer_account, lease_id, 0 as receipts from reference
),
counted as (
    select payer_account, lease_id, sum(receipts)::integer as receipts from seen group by payer_account, lease_id
),
compared as (
    select
        counted.payer_account,
        counted.lease_id,
        counted.receipts,
        count(*) over (partition by counted.payer_account)::integer as leases,
        count(*) filter (where counted.receipts >= setting.minimum_receipts) over (partition by counted.payer_account)::integer
            as strong_leases
    from counted
    cross join setting
)
select * from compared
