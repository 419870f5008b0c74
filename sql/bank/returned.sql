-- Money given back that shares its end-to-end identifier and its amount with exactly one collection: what it takes back.
-- grain: receipt_id
-- columns:
--   receipt_id     money given back
--   collection_id  the receipt that it takes back
with receipt as (
    select receipt_id, amount, end_to_end_id from bank.receipt where end_to_end_id is not null
),
collection as (
    select end_to_end_id, amount, min(receipt_id) as receipt_id
    from receipt
    where amount > 0
    group by end_to_end_id, amount
    having count(*) = 1
),
given_back as (
    select end_to_end_id, -amount as amount, min(receipt_id) as receipt_id
    from receipt
    where amount < 0
    group by end_to_end_id, amount
    having count(*) = 1
),
joined as (
    select given_back.receipt_id, collection.receipt_id as collection_id
    from given_back
    inner join collection on given_back.end_to_end_id = collection.end_to_end_id and given_back.amount = collection.amount
)
select * from joined
