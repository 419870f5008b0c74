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
    select lease_id, on_date, balance, total_principal, total_credit from ledger.movement
),
with_end as (
    select
        movement.lease_id,
        movement.on_date,
        lead(movement.on_date, 1, date '9999-12-31') over by_day as until_on,
        movement.balance as due_balance,
        movement.total_principal as principal_asked,
        movement.total_credit as received
    from movement
    semi join lease on movement.lease_id = lease.lease_id
    window by_day as (partition by movement.lease_id order by movement.on_date)
)
select * from with_end
