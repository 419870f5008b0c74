-- ledger.movement of the accounts that the landlord lettered, without what it lettered: what is left to the legal default.
-- grain: lease_id, on_date
-- per: lease_id
-- columns:
--   lease_id           the lease
--   on_date            the day
--   principal          principal that falls due, not lettered
--   fee                fees that fall due, not lettered
--   court_cost         court costs that fall due, not lettered
--   credit             credits that any component may take, not lettered
--   principal_credit   credits meant for principal alone, not lettered
--   fee_credit         credits meant for fees alone, not lettered
--   court_cost_credit  credits meant for court costs alone, not lettered
-- checks:
--   principal >= 0 and fee >= 0 and court_cost >= 0
--   credit >= 0 and principal_credit >= 0 and fee_credit >= 0 and court_cost_credit >= 0
with movement as (
    select
        lease_id, on_date, principal, fee, court_cost, credit, principal_credit, fee_credit, court_cost_credit
    from ledger.movement
),
lettered as (
    select lease_id, received_on, meant_for, component, due_on, amount from allocation.lettered
),
lettered_lease as (
    select distinct lease_id from lettered
),
debited as (
    select
        lease_id,
        due_on as on_date,
        sum(amount) filter (where component = 'principal') as principal,
        sum(amount) filter (where component = 'fee') as fee,
        sum(amount) filter (where component = 'court_cost') as court_cost
    from lettered
    group by lease_id, due_on
),
credited as (
    select
        lease_id,
        received_on as on_date,
        sum(amount) filter (where meant_for = 'any') as credit,
        sum(amount) filter (where meant_for = 'principal') as principal_credit,
        sum(amount) filter (where meant_for = 'fee') as fee_credit,
        sum(amount) filter (where meant_for = 'court_cost') as court_cost_credit
    from lettered
    group by lease_id, received_on
),
remaining as (
    select
        movement.lease_id,
        movement.on_date,
        (movement.principal - coalesce(debited.principal, 0))::decimal(14, 2) as principal,
        (movement.fee - coalesce(debited.fee, 0))::decimal(14, 2) as fee,
        (movement.court_cost - coalesce(debited.court_cost, 0))::decimal(14, 2) as court_cost,
        (movement.credit - coalesce(credited.credit, 0))::decimal(14, 2) as credit,
        (movement.principal_credit - coalesce(credited.principal_credit, 0))::decimal(14, 2) as principal_credit,
        (movement.fee_credit - coalesce(credited.fee_credit, 0))::decimal(14, 2) as fee_credit,
        (movement.court_cost_credit - coalesce(credited.court_cost_credit, 0))::decimal(14, 2) as court_cost_credit
    from movement
    semi join lettered_lease on movement.lease_id = lettered_lease.lease_id
    left join debited on movement.lease_id = debited.lease_id and movement.on_date = debited.on_date
    left join credited on movement.lease_id = credited.lease_id and movement.on_date = credited.on_date
)
select * from remaining
