-- Receipts booked by the as-of date that wait for their lease: those of the bank that are not sure, and those of the
-- landlord's own suspense account.
-- grain: receipt_id
-- columns:
--   receipt_id   the receipt
--   account      the landlord's account at the bank; null for its suspense account
--   received_on  the day it was booked
--   amount       euros, received positive, given back negative
--   candidates   leases that it may belong to
--   reason       no_lease_named, several_leases, not_begun, ended_long_ago, amount, payer_of_another_lease, moved, overpaid, or suspense for the landlord's own
with night as (
    select as_of from strategy.night
),
receipt as (
    select receipt_id, account, booked_on, amount from bank.receipt where amount <> 0
),
match as (
    select receipt_id from bank.match
),
claim as (
    select receipt_id, doubt from bank.claim
),
contradicted as (
    select receipt_id, why from bank.contradicted
),
candidate as (
    select receipt_id from bank.candidate
),
suspense as (
    select id, received_on, amount from contract.unmatched_receipt
),
doubt as (
    select claim.receipt_id, coalesce(min(claim.doubt), min(contradicted.why)) as reason
    from claim
    left join contradicted on claim.receipt_id = contradicted.receipt_id
    group by claim.receipt_id
),
counted as (
    select receipt_id, count(*)::integer as candidates from candidate group by receipt_id
),
waiting as (
    select
        receipt.receipt_id,
        receipt.account,
        receipt.booked_on as received_on,
        receipt.amount,
        coalesce(doubt.reason, 'no_lease_named') as reason
    from receipt
    anti join match on receipt.receipt_id = match.receipt_id
    left join doubt on receipt.receipt_id = doubt.receipt_id
    union all
    select id as receipt_id, null as account, received_on, amount, 'suspense' as reason from suspense
),
by_now as (
    select
        waiting.receipt_id,
        waiting.account,
        waiting.received_on,
        waiting.amount,
        coalesce(counted.candidates, 0) as candidates,
        waiting.reason
    from waiting
    left join counted on waiting.receipt_id = counted.receipt_id
    cross join night
    where waiting.received_on <= night.as_of
)
select * from by_now
