-- Claims by reference, without a doubt of their own, that something else speaks against: the payer's account has always paid
-- for one other lease, of another household, that was running; or somebody moved and may have kept the old reference, for
-- the lease was ending and the account pays for one begun then or later, or the amount is what such a lease was asked, or
-- more than the lease that had ended still owed.
-- grain: receipt_id
-- columns:
--   receipt_id   the receipt
--   why          payer_of_another_lease, moved or overpaid: the first of these
--   other_lease  the lease that it may be for instead, where one is known
with setting as (
    select minimum_receipts, settling_days from strategy.bank
),
receipt as (
    select receipt_id, value_on, payer_account from bank.receipt where payer_account is not null
),
claim as (
    select receipt_id, lease_id from bank.claim where doubt is null and rule = 'reference'
),
payer as (
    select payer_account, lease_id, receipts, leases, strong_leases from bank.payer where leases > 1
),
lease as (
    select lease_id, household_id, start_on, end_on from bank.lease
),
moved as (
    select receipt_id, lease_id, other_lease from bank.moved
),
overpaid as (
    select receipt_id, lease_id from bank.overpaid
),
claimed as (
    select
        receipt.receipt_id,
        receipt.value_on,
        receipt.payer_account,
        claim.lease_id,
        lease.household_id,
        lease.end_on,
        lease.end_on < receipt.value_on as has_ended,
        coalesce(payer.receipts, 0) < setting.minimum_receipts as is_new
    from claim
    inner join receipt on claim.receipt_id = receipt.receipt_id
    inner join lease on claim.lease_id = lease.lease_id
    inner join payer on receipt.payer_account = payer.payer_account and claim.lease_id = payer.lease_id
    cross join setting
),
questionable as (
    select receipt_id, value_on, payer_account, lease_id, household_id, end_on, has_ended, is_new
    from claimed
    where has_ended or is_new
),
other as (
    select
        payer.payer_account,
        payer.lease_id,
        payer.receipts,
        payer.leases = 2 and payer.strong_leases = 1 and payer.receipts >= setting.minimum_receipts as is_always,
        lease.household_id,
        lease.start_on,
        lease.end_on
    from payer
    inner join lease on payer.lease_id = lease.lease_id
    cross join setting
),
by_payer as (
    select questionable.receipt_id, min(other.lease_id) as other_lease
    from questionable
    inner join other on questionable.payer_account = other.payer_account
    cross join setting
    where
        other.lease_id <> questionable.lease_id
        and other.start_on <= questionable.value_on
        and (
            (questionable.has_ended and other.start_on >= questionable.end_on - setting.settling_days)
            or (
                questionable.is_new
                and other.is_always
                and other.household_id <> questionable.household_id
                and (other.end_on is null or other.end_on >= questionable.value_on)
            )
        )
    group by questionable.receipt_id
),
against as (
    select receipt_id, 1 as position, 'payer_of_another_lease' as why, other_lease from by_payer
    union all
    select claim.receipt_id, 2 as position, 'moved' as why, moved.other_lease
    from claim
    inner join moved on claim.receipt_id = moved.receipt_id and claim.lease_id = moved.lease_id
    union all
    select claim.receipt_id, 3 as position, 'overpaid' as why, null as other_lease
    from claim
    inner join overpaid on claim.receipt_id = overpaid.receipt_id and claim.lease_id = overpaid.lease_id
),
contradicted as (
    select receipt_id, min_by(why, position) as why, min_by(other_lease, position) as other_lease
    from against
    group by receipt_id
)
select * from contradicted
