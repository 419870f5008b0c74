-- Why payments were refused: the reasons that the landlord gives, and those of the bank for receipts whose lease is sure. A
-- collection refused before it was settled has a reason and no entry.
-- grain: rejection_id
-- per: lease_id
-- columns:
--   rejection_id  the entry, or bank: and the receipt
--   lease_id      the lease
--   rejected_on   the day it was booked
--   entry_id      the entry of the rejected payment; null where no money ever moved
--   reason        return reason of the bank, such as AM04
with entry as (
    select id, lease_id, booked_on from contract.entry
),
rejection as (
    select entry_id, reason from contract.rejection
),
receipt as (
    select receipt_id, booked_on, amount, return_reason from bank.receipt where return_reason is not null
),
match as (
    select receipt_id, lease_id from bank.match
),
either as (
    select entry.id as rejection_id, entry.lease_id, entry.booked_on as rejected_on, entry.id as entry_id, rejection.reason
    from rejection
    inner join entry on rejection.entry_id = entry.id
    union all
    select
        'bank:' || receipt.receipt_id as rejection_id,
        match.lease_id,
        receipt.booked_on as rejected_on,
        case when receipt.amount <> 0 then 'bank:' || receipt.receipt_id end as entry_id,
        receipt.return_reason as reason
    from receipt
    inner join match on receipt.receipt_id = match.receipt_id
)
select * from either
