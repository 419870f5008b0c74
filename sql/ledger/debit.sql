-- One row per lease, component and due date: what fell due, in euros and in terms, with running totals.
-- Because the oldest debt is paid first, the unpaid part at any date is found from the running totals alone.
-- A debit that is not a call (an adjustment, a repair, a clawback) is counted in terms of its month's call,
-- else of the last call before it, else of the first one after.
-- grain: lease_id, component, due_on
-- per: lease_id
-- columns:
--   lease_id      the lease
--   component     principal, fee or court_cost
--   due_on        the due date
--   term_month    the month called at that due date; the month of the due date where nothing was called
--   amount        euros that fell due that day
--   terms         the same in terms; null for fees and court costs, or where the lease was never called
--   total_amount  euros of the component due up to and with that day
--   total_terms   terms due up to and with that day
--   total_moment  euros times days, up to and with that day: each amount times the days from 2000-01-01 to its due date
-- checks:
--   amount > 0
--   total_amount >= amount
with movement as (
    select lease_id, on_date, principal, fee, court_cost from ledger.movement
),
call_part as (
    select lease_id, term_month, due_on, amount, term from ledger.call_part
),
debit as (
    select lease_id, 'principal' as component, on_date as due_on, principal as amount
    from movement
    where principal > 0
    union all
    select lease_id, 'fee' as component, on_date as due_on, fee as amount
    from movement
    where fee > 0
    union all
    select lease_id, 'court_cost' as component, on_date as due_on, court_cost as amount
    from movement
    where court_cost > 0
),
called as (
    select
        lease_id,
        due_on,
        min(term_month) as term_month,
        sum(amount)::decimal(14, 2) as amount,
        sum(amount / term) as terms,
        max(term) as term
    from call_part
    group by lease_id, due_on
),
first_call as (
    select lease_id, arg_min(term, due_on) as term from called group by lease_id
),
not_called as (
    select debit.lease_id, debit.due_on
    from debit
    anti join called on debit.lease_id = called.lease_id and debit.due_on = called.due_on
    where debit.component = 'principal'
),
called_before as (
    select lease_id, due_on, term from called semi join not_called on called.lease_id = not_called.lease_id
),
other_debit as (
    select not_called.lease_id, not_called.due_on, coalesce(called_before.term, first_call.term) as term
    from not_called
    asof left join called_before
        on not_called.lease_id = called_before.lease_id and not_called.due_on >= called_before.due_on
    left join first_call on not_called.lease_id = first_call.lease_id
),
in_terms as (
    select
        debit.lease_id,
        debit.component,
        debit.due_on,
        coalesce(called.term_month, date_trunc('month', debit.due_on)::date) as term_month,
        debit.amount,
        case
            when debit.component = 'principal'
                then round(
                    coalesce(called.terms + (debit.amount - called.amount) / called.term, debit.amount / other_debit.term), 9
                )::decimal(18, 9)
        end as terms
    from debit
    left join called on debit.lease_id = called.lease_id and debit.due_on = called.due_on
    left join other_debit on debit.lease_id = other_debit.lease_id and debit.due_on = other_debit.due_on
),
running as (
    select
        lease_id,
        component,
        due_on,
        term_month,
        amount,
        terms,
        sum(amount) over running_total::decimal(14, 2) as total_amount,
        sum(terms) over running_total::decimal(18, 9) as total_terms,
        sum((amount * (due_on - date '2000-01-01'))::decimal(18, 2)) over running_total::decimal(18, 2) as total_moment
    from in_terms
    window running_total as (partition by lease_id, component order by due_on)
)
select * from running
