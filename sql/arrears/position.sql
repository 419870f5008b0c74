-- One row per lease and month end, from the month the lease begins: what is due, by component, before ages are told.
-- grain: lease_id, month
-- columns:
--   lease_id           the lease
--   month              first day of the month
--   closing_on         the day on which the month is read
--   is_partial         true for the month under way
--   due_balance        euros due and not received on that day; credit negative
--   principal_due      the part that is principal; carries the credit when there is one
--   fees_due           the part that is fees
--   court_costs_due    the part that is court costs
--   principal_settled  principal ever due that is no longer unpaid: paid, written off or corrected
--   gross_call         gross call of the month
--   term               euros that make one term that month: the month's, else the last one called
-- checks:
--   due_balance = principal_due + fees_due + court_costs_due
--   fees_due >= 0 and court_costs_due >= 0
--   principal_settled >= 0
with lease as (
    select lease_id, start_on from ledger.lease
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
movement as (
    select
        lease_id,
        on_date,
        principal,
        principal + fee + court_cost - credit - principal_credit - fee_credit - court_cost_credit as change
    from ledger.movement
),
component_due as (
    select lease_id, on_date, fee_due, court_cost_due from arrears.component_due
),
call as (
    select lease_id, term_month, gross_call, term from ledger.call
),
bounds as (
    select max(closing_on) as last_day from closing
),
spine as (
    select lease.lease_id, closing.month, closing.closing_on, closing.is_partial
    from lease
    inner join closing on closing.month >= date_trunc('month', lease.start_on) and closing.closing_on >= lease.start_on
),
first_row as (
    select lease_id, min(month) as month from spine group by lease_id
),
placed as (
    select
        movement.lease_id,
        greatest(date_trunc('month', movement.on_date)::date, first_row.month) as month,
        sum(movement.change) as change,
        sum(movement.principal) as principal
    from movement
    inner join first_row on movement.lease_id = first_row.lease_id
    where movement.on_date <= (select last_day from bounds)
    group by 1, 2
),
running as (
    select
        spine.lease_id,
        spine.month,
        spine.closing_on,
        spine.is_partial,
        sum(placed.change) over so_far::decimal(14, 2) as due_balance,
        sum(placed.principal) over so_far::decimal(14, 2) as principal_asked,
        call.gross_call,
        last_value(call.term ignore nulls) over so_far as term
    from spine
    left join placed on spine.lease_id = placed.lease_id and spine.month = placed.month
    left join call on spine.lease_id = call.lease_id and spine.month = call.term_month
    window so_far as (partition by spine.lease_id order by spine.month)
),
charged as (
    select
        running.lease_id,
        running.month,
        component_due.fee_due,
        component_due.court_cost_due
    from running
    asof inner join component_due
        on running.lease_id = component_due.lease_id and running.closing_on >= component_due.on_date
    where component_due.fee_due > 0 or component_due.court_cost_due > 0
),
split as (
    select
        running.lease_id,
        running.month,
        running.closing_on,
        running.is_partial,
        coalesce(running.due_balance, 0)::decimal(14, 2) as due_balance,
        (coalesce(running.due_balance, 0) - coalesce(charged.fee_due, 0) - coalesce(charged.court_cost_due, 0))::decimal(14, 2)
            as principal_due,
        coalesce(charged.fee_due, 0)::decimal(14, 2) as fees_due,
        coalesce(charged.court_cost_due, 0)::decimal(14, 2) as court_costs_due,
        coalesce(running.principal_asked, 0)::decimal(14, 2) as principal_asked,
        coalesce(running.gross_call, 0)::decimal(14, 2) as gross_call,
        running.term
    from running
    left join charged on running.lease_id = charged.lease_id and running.month = charged.month
),
settled as (
    select
        lease_id,
        month,
        closing_on,
        is_partial,
        due_balance,
        principal_due,
        fees_due,
        court_costs_due,
        (principal_asked - greatest(principal_due, 0))::decimal(14, 2) as principal_settled,
        gross_call,
        term
    from split
)
select * from settled
