-- ledger.debit of the accounts that the landlord lettered, without what it lettered: the debts that the legal default pays,
-- oldest first, with running totals.
-- grain: lease_id, component, due_on
-- per: lease_id
-- columns:
--   lease_id      the lease
--   component     principal, fee or court_cost
--   due_on        the due date
--   term_month    the month called at that due date
--   amount        euros that fell due that day and are not lettered
--   terms         the same in terms; null for fees and court costs, or where the lease was never called
--   total_amount  euros of the component due up to and with that day, not lettered
--   total_terms   the same in terms
--   total_moment  euros times days: each amount times the days from 2000-01-01 to its due date, see ledger.debit
-- checks:
--   amount > 0
--   total_amount >= amount
with debit as (
    select lease_id, component, due_on, term_month, amount, terms from ledger.debit
),
lettered as (
    select lease_id, component, due_on, amount from allocation.lettered
),
lettered_lease as (
    select distinct lease_id from lettered
),
by_debit as (
    select lease_id, component, due_on, sum(amount) as amount from lettered group by lease_id, component, due_on
),
remaining as (
    select
        debit.lease_id,
        debit.component,
        debit.due_on,
        debit.term_month,
        (debit.amount - coalesce(by_debit.amount, 0))::decimal(14, 2) as amount,
        case
            when by_debit.amount is null then debit.terms
            else round(debit.terms * (debit.amount - by_debit.amount) / debit.amount, 9)::decimal(18, 9)
        end as terms
    from debit
    semi join lettered_lease on debit.lease_id = lettered_lease.lease_id
    left join by_debit
        on debit.lease_id = by_debit.lease_id and debit.component = by_debit.component and debit.due_on = by_debit.due_on
    where by_debit.amount is null or by_debit.amount < debit.amount
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
    from remaining
    window running_total as (partition by lease_id, component order by due_on)
)
select * from running
