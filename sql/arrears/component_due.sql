-- What is due and paid of fees and court costs on each day on which it changes, as the landlord's allocation policy tells it
-- (strategy, allocation.policy; see allocation.component_due). Leases without any fee or court cost have no row.
-- kind: view
-- grain: lease_id, on_date
-- per: lease_id
-- columns:
--   lease_id         the lease
--   on_date          the day
--   fee_due          fees due and unpaid at the end of the day
--   court_cost_due   court costs due and unpaid at the end of the day
--   fee_paid         euros received that stand on fees at the end of the day: fees asked, less given up, less due
--   court_cost_paid  the same for court costs
with chosen as (
    select way from allocation.policy where is_chosen
),
component_due as (
    select way, lease_id, on_date, fee_due, court_cost_due, fee_paid, court_cost_paid from allocation.component_due
),
own as (
    select component_due.*
    from component_due
    inner join chosen on component_due.way = chosen.way
    where component_due.way <> 'legal_default'
),
own_lease as (
    select distinct lease_id from own
),
either as (
    select lease_id, on_date, fee_due, court_cost_due, fee_paid, court_cost_paid from own
    union all
    select
        component_due.lease_id,
        component_due.on_date,
        component_due.fee_due,
        component_due.court_cost_due,
        component_due.fee_paid,
        component_due.court_cost_paid
    from component_due
    anti join own_lease on component_due.lease_id = own_lease.lease_id
    where component_due.way = 'legal_default'
)
select * from either
