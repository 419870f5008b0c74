-- One row per way, lease and month end, from the month the lease begins: what is due, by component, before ages are told.
-- The ways other than the legal one have rows for the accounts where they may differ: those with a fee or court cost, and
-- those that the landlord lettered.
-- grain: way, lease_id, month
-- per: lease_id
-- columns:
--   way                legal_default, principal_first or as_booked, see allocation.policy
--   lease_id           the lease
--   month              first day of the month
--   closing_on         the day on which the month is read
--   is_partial         true for the month under way
--   due_balance        euros due and not received on that day; credit negative
--   principal_due      the part that is principal; carries the credit when there is one
--   fees_due           the part that is fees
--   court_costs_due    the part that is court costs
--   principal_unpaid   principal due and unpaid; above principal_due where a credit is lettered to a debt not yet due
--   principal_left     the part of principal_unpaid that is not lettered
--   principal_settled  principal ever due that is no longer unpaid, lettered apart: paid, written off or corrected
--   gross_call         gross call of the month
--   term               euros that make one term that month: the month's, else the last one called
-- checks:
--   due_balance = principal_due + fees_due + court_costs_due
--   fees_due >= 0 and court_costs_due >= 0
--   principal_unpaid >= greatest(principal_due, principal_left)
--   principal_left >= 0
--   principal_settled >= 0
with policy as (
    select distinct way from allocation.policy
),
lease as (
    select lease_id, start_on from ledger.lease
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
movement as (
    select lease_id, on_date, balance, total_principal from ledger.movement
),
component_due as (
    select way, lease_id, on_date, fee_due, court_cost_due, fee_left, court_cost_left from allocation.component_due
),
lettered_month as (
    select lease_id, month, open, early, principal_asked from allocation.lettered_month
),
call as (
    select lease_id, term_month, gross_call, term from ledger.call
),
bounds as (
    select min(month) as first_month from closing
),
spine as (
    select
        lease.lease_id,
        closing.month,
        closing.closing_on,
        closing.is_partial,
        greatest(date_trunc('month', lease.start_on)::date, bounds.first_month) as first_month
    from lease
    cross join bounds
    inner join closing on closing.month >= date_trunc('month', lease.start_on) and closing.closing_on >= lease.start_on
),
called as (
    select spine.*, call.gross_call, call.term
    from spine
    left join call on spine.lease_id = call.lease_id and spine.month = call.term_month
),
not_called as (
    select * exclude (gross_call, term) from called where term is null
),
last_call as (
    select call.lease_id, call.term_month, call.term
    from call
    semi join not_called on call.lease_id = not_called.lease_id
),
with_term as (
    select * exclude (first_month) from called where term is not null
    union all
    select
        not_called.* exclude (first_month),
        0 as gross_call,
        case when last_call.term_month >= not_called.first_month then last_call.term end as term
    from not_called
    asof left join last_call on not_called.lease_id = last_call.lease_id and not_called.month >= last_call.term_month
),
running as (
    select
        with_term.lease_id,
        with_term.month,
        with_term.closing_on,
        with_term.is_partial,
        coalesce(movement.balance, 0)::decimal(14, 2) as due_balance,
        coalesce(movement.total_principal, 0)::decimal(14, 2) as principal_asked,
        with_term.gross_call::decimal(14, 2) as gross_call,
        with_term.term
    from with_term
    asof left join movement on with_term.lease_id = movement.lease_id and with_term.closing_on >= movement.on_date
),
charged_lease as (
    select distinct lease_id from component_due
),
on_its_way as (
    select
        'legal_default' as way,
        running.*,
        0::decimal(14, 2) as open,
        0::decimal(14, 2) as early,
        0::decimal(14, 2) as principal_lettered
    from running
    union all
    select
        policy.way,
        running.*,
        0::decimal(14, 2) as open,
        0::decimal(14, 2) as early,
        0::decimal(14, 2) as principal_lettered
    from running
    semi join charged_lease on running.lease_id = charged_lease.lease_id
    inner join policy on policy.way = 'principal_first'
    union all
    select
        'as_booked' as way,
        running.*,
        lettered_month.open,
        lettered_month.early,
        lettered_month.principal_asked as principal_lettered
    from running
    inner join lettered_month on running.lease_id = lettered_month.lease_id and running.month = lettered_month.month
),
on_charged_account as (
    select on_its_way.way, on_its_way.lease_id, on_its_way.month, on_its_way.closing_on
    from on_its_way
    semi join charged_lease on on_its_way.lease_id = charged_lease.lease_id
),
charged as (
    select
        on_charged_account.way,
        on_charged_account.lease_id,
        on_charged_account.month,
        component_due.fee_due,
        component_due.court_cost_due,
        component_due.fee_left,
        component_due.court_cost_left
    from on_charged_account
    asof inner join component_due
        on on_charged_account.way = component_due.way
        and on_charged_account.lease_id = component_due.lease_id
        and on_charged_account.closing_on >= component_due.on_date
    where component_due.fee_due > 0 or component_due.court_cost_due > 0
),
by_component as (
    select
        on_its_way.way,
        on_its_way.lease_id,
        on_its_way.month,
        on_its_way.closing_on,
        on_its_way.is_partial,
        on_its_way.due_balance,
        coalesce(charged.fee_due, 0)::decimal(14, 2) as fees_due,
        coalesce(charged.court_cost_due, 0)::decimal(14, 2) as court_costs_due,
        (
            greatest(on_its_way.due_balance - on_its_way.open + on_its_way.early, 0)
            - coalesce(charged.fee_left + charged.court_cost_left, 0)
        )::decimal(14, 2) as principal_left,
        (
            on_its_way.open
            - coalesce(charged.fee_due - charged.fee_left + charged.court_cost_due - charged.court_cost_left, 0)
        )::decimal(14, 2) as principal_open,
        on_its_way.principal_asked - on_its_way.principal_lettered as principal_asked,
        on_its_way.gross_call,
        on_its_way.term
    from on_its_way
    left join charged
        on on_its_way.way = charged.way and on_its_way.lease_id = charged.lease_id and on_its_way.month = charged.month
),
settled as (
    select
        way,
        lease_id,
        month,
        closing_on,
        is_partial,
        due_balance,
        (due_balance - fees_due - court_costs_due)::decimal(14, 2) as principal_due,
        fees_due,
        court_costs_due,
        (principal_left + principal_open)::decimal(14, 2) as principal_unpaid,
        principal_left,
        (principal_asked - principal_left)::decimal(14, 2) as principal_settled,
        gross_call,
        term
    from by_component
)
select * from settled
