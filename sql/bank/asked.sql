-- What the landlord's own entries ask of a lease in a month: calls, adjustments and aids that count in it. Only leases that
-- something in a bank file may lead to.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id  the lease
--   month     the month
--   asked     euros asked, aids taken off
-- checks:
--   asked > 0
with bank_reference as (
    select lease_id from contract.bank_reference
),
entry as (
    select lease_id, booked_on, due_on, value_on, kind, amount
    from contract.entry
    where kind in ('rent', 'charges', 'rent_supplement', 'charges_adjustment', 'housing_benefit', 'rent_rebate')
        and lease_id in (select lease_id from bank_reference)
),
summed as (
    select
        lease_id,
        date_trunc('month', case when amount > 0 then coalesce(due_on, booked_on) else coalesce(value_on, due_on, booked_on) end)::date
            as month,
        sum(amount)::decimal(14, 2) as asked
    from entry
    group by all
    having sum(amount) > 0
)
select * from summed
