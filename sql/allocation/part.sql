-- Where each euro that stands to the credit of an account by the as-of date went, under each allocation policy: exactly once, to
-- a component and a due date, or to nothing yet (an advance). Receipts, and whatever else is credited: benefit that came
-- late, what is given up or corrected.
-- Credits are taken in the order of their days, debts of one component in the order of their due dates; debts of one component due
-- the same day are one. So the euros between two breakpoints of the running totals of credits, of what the components
-- took and of debts all go one way: an account has at most as many parts as it has days and debts.
-- kind: view
-- grain: policy, lease_id, received_on, component, due_on, is_booked
-- per: lease_id
-- columns:
--   policy       as_booked, principal_first or legal_default
--   lease_id     the lease
--   received_on  the day on which the credit counts
--   component    principal, fee or court_cost; advance where nothing was due to take it
--   due_on       due date of the debt; null for an advance
--   term_month   term month of the debt; null for an advance
--   is_booked    true where the landlord lettered it so; what it did not letter follows the legal default
--   amount       euros
with night as (
    select as_of from strategy.night
),
policy as (
    select policy, way from allocation.policy
),
movement as (
    select
        lease_id,
        on_date,
        principal,
        fee,
        court_cost,
        credit + principal_credit + fee_credit + court_cost_credit as credit
    from ledger.movement
    where on_date <= (select as_of from night)
),
movement_left as (
    select
        lease_id,
        on_date,
        principal,
        fee,
        court_cost,
        credit + principal_credit + fee_credit + court_cost_credit as credit
    from allocation.movement_left
    where on_date <= (select as_of from night)
),
component_due as (
    select way, lease_id, on_date, fee_left, court_cost_left from allocation.component_due
),
debit as (
    select lease_id, component, due_on, term_month, total_amount from ledger.debit
),
debit_left as (
    select lease_id, component, due_on, term_month, total_amount from allocation.debit_left
),
lettered as (
    select lease_id, received_on, component, due_on, amount
    from allocation.lettered
    where received_on <= (select as_of from night)
),
charged_lease as (
    select distinct way, lease_id from component_due
),
account as (
    select 'legal_default' as way, movement.* from movement
    union all
    select charged_lease.way, movement.*
    from movement
    inner join charged_lease on charged_lease.way = 'principal_first' and movement.lease_id = charged_lease.lease_id
    union all
    select 'as_booked' as way, movement_left.* from movement_left
),
own_lease as (
    select distinct way, lease_id from account where way <> 'legal_default'
),
debt as (
    select 'legal_default' as way, debit.* from debit
    union all
    select charged_lease.way, debit.*
    from debit
    inner join charged_lease on charged_lease.way = 'principal_first' and debit.lease_id = charged_lease.lease_id
    union all
    select 'as_booked' as way, debit_left.* from debit_left
),
running as (
    select
        account.way,
        account.lease_id,
        account.on_date,
        sum(account.principal) over so_far as principal_asked,
        sum(account.fee) over so_far as fee_asked,
        sum(account.court_cost) over so_far as court_cost_asked,
        greatest(sum(account.principal + account.fee + account.court_cost - account.credit) over so_far, 0) as unpaid,
        coalesce(component_due.fee_left, 0) as fee_unpaid,
        coalesce(component_due.court_cost_left, 0) as court_cost_unpaid
    from account
    left join component_due
        on account.way = component_due.way
        and account.lease_id = component_due.lease_id
        and account.on_date = component_due.on_date
    window so_far as (partition by account.way, account.lease_id order by account.on_date)
),
settled as (
    select
        way,
        lease_id,
        on_date,
        'principal' as component,
        principal_asked - (unpaid - fee_unpaid - court_cost_unpaid) as settled
    from running
    union all
    select way, lease_id, on_date, 'fee' as component, fee_asked - fee_unpaid as settled from running where fee_asked > 0
    union all
    select way, lease_id, on_date, 'court_cost' as component, court_cost_asked - court_cost_unpaid as settled
    from running
    where court_cost_asked > 0
),
change as (
    select
        way,
        lease_id,
        on_date,
        component,
        settled as component_to,
        settled - coalesce(lag(settled) over (partition by way, lease_id, component order by on_date), 0) as taken
    from settled
),
taken as (
    select
        way,
        lease_id,
        component,
        component_to,
        sum(taken) over (partition by way, lease_id order by on_date, component) as taken_to
    from change
    where taken > 0
),
all_taken as (
    select way, lease_id, max(taken_to) as taken_to from taken group by way, lease_id
),
credited as (
    select
        way,
        lease_id,
        on_date as received_on,
        sum(credit) over (partition by way, lease_id order by on_date) as credit_to,
        credit
    from account
    where credit > 0
),
debt_end as (
    select debt.way, debt.lease_id, taken.taken_to - taken.component_to + debt.total_amount as point
    from debt
    asof inner join taken
        on debt.way = taken.way
        and debt.lease_id = taken.lease_id
        and debt.component = taken.component
        and debt.total_amount <= taken.component_to
),
breakpoint as (
    select way, lease_id, point from debt_end
    union
    select way, lease_id, taken_to as point from taken
    union
    select credited.way, credited.lease_id, credited.credit_to as point
    from credited
    inner join all_taken
        on credited.way = all_taken.way and credited.lease_id = all_taken.lease_id and credited.credit_to < all_taken.taken_to
),
segment as (
    select
        way,
        lease_id,
        point,
        point - coalesce(lag(point) over (partition by way, lease_id order by point), 0) as amount
    from breakpoint
),
of_component as (
    select
        segment.way,
        segment.lease_id,
        segment.point,
        segment.amount,
        taken.component,
        taken.component_to - taken.taken_to + segment.point as component_point
    from segment
    asof inner join taken
        on segment.way = taken.way and segment.lease_id = taken.lease_id and segment.point <= taken.taken_to
),
of_debt as (
    select
        of_component.way,
        of_component.lease_id,
        of_component.point,
        of_component.amount,
        of_component.component,
        debt.due_on,
        debt.term_month
    from of_component
    asof inner join debt
        on of_component.way = debt.way
        and of_component.lease_id = debt.lease_id
        and of_component.component = debt.component
        and of_component.component_point <= debt.total_amount
),
of_credit as (
    select
        of_debt.way,
        of_debt.lease_id,
        credited.received_on,
        of_debt.component,
        of_debt.due_on,
        of_debt.term_month,
        of_debt.amount
    from of_debt
    asof inner join credited
        on of_debt.way = credited.way and of_debt.lease_id = credited.lease_id and of_debt.point <= credited.credit_to
),
advance as (
    select
        credited.way,
        credited.lease_id,
        credited.received_on,
        'advance' as component,
        null::date as due_on,
        null::date as term_month,
        credited.credit_to - greatest(credited.credit_to - credited.credit, coalesce(all_taken.taken_to, 0)) as amount
    from credited
    left join all_taken on credited.way = all_taken.way and credited.lease_id = all_taken.lease_id
    where all_taken.taken_to is null or credited.credit_to > all_taken.taken_to
),
legal as (
    select * from of_credit
    union all
    select * from advance
),
by_policy as (
    select policy.policy, legal.* exclude (way), false as is_booked
    from legal
    inner join policy on legal.way = policy.way
    union all
    select policy.policy, legal.* exclude (way), false as is_booked
    from legal
    inner join policy on legal.way = 'legal_default' and policy.way <> 'legal_default'
    anti join own_lease on policy.way = own_lease.way and legal.lease_id = own_lease.lease_id
    union all
    select
        'as_booked' as policy,
        lettered.lease_id,
        lettered.received_on,
        lettered.component,
        lettered.due_on,
        debit.term_month,
        lettered.amount,
        true as is_booked
    from lettered
    inner join debit
        on lettered.lease_id = debit.lease_id and lettered.component = debit.component and lettered.due_on = debit.due_on
),
part as (
    select
        policy,
        lease_id,
        received_on,
        component,
        due_on,
        min(term_month) as term_month,
        is_booked,
        sum(amount)::decimal(14, 2) as amount
    from by_policy
    group by policy, lease_id, received_on, component, due_on, is_booked
)
select * from part
