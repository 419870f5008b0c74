-- One row per lease: its balance as the landlord booked it, and the same balance as the ledger counts it.
-- No euro may be lost or made between the two.
-- grain: lease_id
-- per: lease_id
-- columns:
--   lease_id         the lease
--   booked_balance   sum of the entries booked by the as-of date
--   counted_balance  sum of the movements made from them
-- checks:
--   booked_balance = counted_balance
with posting as (
    select lease_id, amount from ledger.posting
),
movement as (
    select lease_id, principal + fee + court_cost - credit - principal_credit - fee_credit - court_cost_credit as change
    from ledger.movement
),
booked as (
    select lease_id, sum(amount)::decimal(14, 2) as balance from posting group by lease_id
),
counted as (
    select lease_id, sum(change)::decimal(14, 2) as balance from movement group by lease_id
),
compared as (
    select
        coalesce(booked.lease_id, counted.lease_id) as lease_id,
        coalesce(booked.balance, 0)::decimal(14, 2) as booked_balance,
        coalesce(counted.balance, 0)::decimal(14, 2) as counted_balance
    from booked
    full join counted on booked.lease_id = counted.lease_id
)
select * from compared
