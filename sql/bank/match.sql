-- The receipts whose lease is sure, and why. A wrong match is worse than none: what is not sure is left out, and so is a
-- receipt that comes long after its lease has ended and is more than the account still owes: somebody moved, and kept the
-- old reference for a rent that is asked elsewhere.
-- grain: receipt_id
-- columns:
--   receipt_id     the receipt
--   lease_id       its lease
--   rule           end_to_end, mandate, reference, return, payer or near_reference
--   collection_id  the receipt that it takes back, where known
with setting as (
    select settling_days, tolerance_euros from strategy.bank
),
found as (
    select receipt_id, lease_id, rule, collection_id from bank.found
),
receipt as (
    select receipt_id, value_on, amount from bank.receipt
),
ended as (
    select lease.lease_id, (lease.end_on + setting.settling_days)::date as settled_on
    from bank.lease as lease
    cross join setting
    where lease.end_on is not null
),
entry as (
    select lease_id, coalesce(due_on, value_on, booked_on) as on_date, amount from contract.entry
),
late as (
    select found.receipt_id, found.lease_id, receipt.value_on, receipt.amount
    from found
    inner join receipt on found.receipt_id = receipt.receipt_id
    inner join ended on found.lease_id = ended.lease_id and receipt.value_on > ended.settled_on
    where receipt.amount > 0
),
late_lease as (
    select distinct lease_id from late
),
movement as (
    select entry.lease_id, entry.on_date, entry.amount, null as receipt_id
    from entry
    inner join late_lease on entry.lease_id = late_lease.lease_id
    union all
    select found.lease_id, receipt.value_on as on_date, -receipt.amount as amount, found.receipt_id
    from found
    inner join receipt on found.receipt_id = receipt.receipt_id
    inner join late_lease on found.lease_id = late_lease.lease_id
),
balance as (
    select
        receipt_id,
        sum(amount) over (
            partition by lease_id
            order by on_date, receipt_id nulls first
            rows between unbounded preceding and current row
        ) as owed
    from movement
),
beyond as (
    select late.receipt_id
    from late
    inner join balance on late.receipt_id = balance.receipt_id
    cross join setting
    where balance.owed < -setting.tolerance_euros
),
sure as (
    select found.receipt_id, found.lease_id, found.rule, found.collection_id
    from found
    anti join beyond on found.receipt_id = beyond.receipt_id
    anti join beyond as beyond_collection on found.collection_id = beyond_collection.receipt_id
)
select * from sure
