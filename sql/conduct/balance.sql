-- One row per residential lease and day on which what is due changes: the due balance from that day on, whole days.
-- grain: lease_id, on_date
-- per: lease_id
-- columns:
--   lease_id         the lease
--   on_date          the day
--   until_on         the first day on which it changes again; far in the future for the last
--   due_balance      euros due and not received at the end of the day; credit negative
--   principal_asked  principal that has fallen due up to and with the day
--   received         receipts and other credits up to and with the day
-- checks:
--   until_on > on_date
with lease as (
    select lease_id from ledger.lease where use = 'residential'
),
movement as (
    select
        lease_id,
        on_date,
        principal,
        principal + fee + court_cost as asked,
        credit + principal_credit + fee_credit + court_cost_credit as received
    from ledger.movement
),
running as (
    select
        movement.lease_id,
        movement.on_date,
        lead(movement.on_date, 1, date '9999-12-31') over by_day as until_on,
        sum(movement.asked - movement.received) over by_day::decimal(14, 2) as due_balance,
        sum(movement.principal) over by_day::decimal(14, 2) as principal_asked,
        sum(movement.received) over by_day::decimal(14, 2) as received
    from movement
    semi join lease on movement.lease_id = lease.lease_id
    window by_day as (partition by movement.lease_id order by movement.on_date)
)
select * from running
