-- One row per lease that something in a bank file, or the landlord's guess, may lead to: what the matching of receipts must
-- know of it.
-- grain: lease_id
-- per: lease_id
-- columns:
--   lease_id      the lease
--   household_id  the household
--   start_on      first day
--   end_on        last day; null while it runs
--   largest       the largest receipt that can be believed; null where nothing was ever asked
--   in_all        euros that one account may send in all if it pays for nothing else: all that was asked, aids taken off, and a call more
-- checks:
--   largest > 0
with setting as (
    select largest_terms from strategy.bank
),
reachable as (
    select lease_id from contract.bank_reference
    union
    select lease_id from contract.unmatched_receipt where lease_id is not null
),
lease as (
    select id, household_id, start_on, end_on
    from contract.lease
    where id in (select lease_id from reachable)
),
entry as (
    select lease_id, due_on, kind, amount from contract.entry where lease_id in (select lease_id from reachable)
),
debit as (
    select lease_id, due_on, kind, amount from entry where amount > 0
),
asked as (
    select lease_id, sum(amount) as amount from entry group by lease_id
),
called as (
    select lease_id, due_on, sum(amount) as amount
    from debit
    where kind in ('rent', 'charges', 'rent_supplement')
    group by lease_id, due_on
),
largest_call as (
    select lease_id, max(amount) as amount from called group by lease_id
),
other_debits as (
    select lease_id, sum(amount) as amount
    from debit
    where kind not in ('rent', 'charges', 'rent_supplement')
    group by lease_id
),
known as (
    select
        lease.id as lease_id,
        lease.household_id,
        lease.start_on,
        lease.end_on,
        (largest_call.amount * setting.largest_terms + coalesce(other_debits.amount, 0))::decimal(14, 2) as largest,
        (coalesce(asked.amount, 0) + coalesce(largest_call.amount, 0))::decimal(14, 2) as in_all
    from lease
    left join asked on lease.id = asked.lease_id
    left join largest_call on lease.id = largest_call.lease_id
    left join other_debits on lease.id = other_debits.lease_id
    cross join setting
)
select * from known
