-- One row per present residential lease and day of the procedure on which it owed at least the terms of its first step: what the
-- frozen list of that day shows. Terms are counted as at a month end: past their due date and the grace days, oldest paid first
-- (what a landlord lettered otherwise is not looked at here).
-- grain: lease_id, listed_on
-- per: lease_id
-- columns:
--   lease_id    the lease
--   listed_on   a day of the procedure
--   month       its month
--   agency_id   today's agency
--   terms_owed  unpaid terms past the grace days on that day
-- checks:
--   terms_owed > 0
with setting as (
    select grace_days from strategy.setting
),
procedure_step as (
    select terms, day from strategy.procedure_step
),
closing as (
    select month, closing_on from arrears.closing
),
lease as (
    select lease_id, agency_id, start_on, end_on from ledger.lease where use = 'residential'
),
balance as (
    select lease_id, on_date, until_on, due_balance, principal_asked from conduct.balance where due_balance > 0
),
component_due as (
    select lease_id, on_date, fee_due + court_cost_due as beside_principal from arrears.component_due
),
debit as (
    select lease_id, due_on, amount, terms, total_amount, total_terms from ledger.debit where component = 'principal'
),
list_day as (
    select distinct
        least(closing.month + (procedure_step.day - 1)::integer, last_day(closing.month)) as listed_on,
        closing.month
    from closing
    cross join procedure_step
),
past_day as (
    select listed_on, month from list_day where listed_on <= (select max(closing_on) from closing)
),
on_day as (
    select
        balance.lease_id,
        past_day.listed_on,
        past_day.month,
        lease.agency_id,
        balance.due_balance,
        balance.principal_asked
    from balance
    inner join past_day on past_day.listed_on >= balance.on_date and past_day.listed_on < balance.until_on
    inner join lease on balance.lease_id = lease.lease_id
    where past_day.listed_on >= lease.start_on and (lease.end_on is null or past_day.listed_on < lease.end_on)
),
beside as (
    select on_day.lease_id, on_day.listed_on, component_due.beside_principal
    from on_day
    asof inner join component_due
        on on_day.lease_id = component_due.lease_id and on_day.listed_on >= component_due.on_date
    where component_due.beside_principal > 0
),
split as (
    select
        on_day.lease_id,
        on_day.listed_on,
        on_day.month,
        on_day.agency_id,
        on_day.principal_asked - on_day.due_balance + coalesce(beside.beside_principal, 0) as settled
    from on_day
    left join beside on on_day.lease_id = beside.lease_id and on_day.listed_on = beside.listed_on
),
matured as (
    select
        split.lease_id,
        split.listed_on,
        split.month,
        split.agency_id,
        split.settled,
        debit.total_terms
    from split
    cross join setting
    asof inner join debit
        on split.lease_id = debit.lease_id and split.listed_on - setting.grace_days::integer >= debit.due_on
    where split.settled < debit.total_amount
),
owed as (
    select
        matured.lease_id,
        matured.listed_on,
        matured.month,
        matured.agency_id,
        round(
            matured.total_terms
            - (debit.total_terms - coalesce(debit.terms * (debit.total_amount - matured.settled) / debit.amount, 0)),
            6
        )::decimal(18, 6) as terms_owed
    from matured
    asof inner join debit on matured.lease_id = debit.lease_id and matured.settled < debit.total_amount
),
listed as (
    select lease_id, listed_on, month, agency_id, terms_owed
    from owed
    where terms_owed >= (select min(terms) from procedure_step)
)
select * from listed
