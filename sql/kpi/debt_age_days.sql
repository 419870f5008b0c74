-- Mean age of the debt due: each unpaid euro counts the days since its due date. Present and departed tenants apart.
-- The oldest debt is paid first, so that what is unpaid are the last euros asked: the age comes from the running totals of
-- the debits at the closing and at the oldest unpaid one, without looking at each term. Where arrears follow the books, what
-- is lettered waits for its own credit.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  debt_age_days (present tenants) or debt_age_days.departed
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     euros due and unpaid, each times its days since the due date
--   denominator   euros due and unpaid, principal, fees and court costs
--   volume        leases with a debt
--   cases         leases with a debt
--   base_cases    leases with a debt
-- checks:
--   numerator >= 0 and denominator > 0
-- indicators:
--   debt_age_days:
--     family: ageing
--     position: 98
--     label_fr: Âge moyen de la dette
--     unit: days
--     good_direction: down
--     perimeter: present
--     formula_fr: "somme, sur chaque euro échu non réglé, des jours écoulés depuis son échéance ÷ euros échus non réglés, locataires présents. Les plus anciennes dettes sont réglées d'abord : voir aussi la durée des épisodes"
--   debt_age_days.departed:
--     family: ageing
--     position: 99
--     label_fr: Âge moyen de la dette, locataires partis
--     unit: days
--     good_direction: down
--     perimeter: departed
--     formula_fr: somme, sur chaque euro échu non réglé, des jours écoulés depuis son échéance ÷ euros échus non réglés, locataires partis
with lease_month as (
    select lease_id, month, closing_on, is_partial, agency_id, status, principal_unpaid, fees_due, court_costs_due
    from arrears.lease_month
    where use = 'residential' and due_balance > 0
),
debit as not materialized (
    select lease_id, component, due_on, total_amount, total_moment from arrears.debit
),
chosen as (
    select way from allocation.policy where is_chosen
),
lettered as (
    select lease_id, component, due_on, received_on, amount from allocation.lettered where received_on > due_on
),
closing as (
    select month, closing_on from arrears.closing
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
owed as (
    select lease_id, month, closing_on, is_partial, agency_id, status, 'principal' as component, principal_unpaid as due
    from lease_month
    where principal_unpaid > 0
    union all
    select lease_id, month, closing_on, is_partial, agency_id, status, 'fee' as component, fees_due as due
    from lease_month
    where fees_due > 0
    union all
    select lease_id, month, closing_on, is_partial, agency_id, status, 'court_cost' as component, court_costs_due as due
    from lease_month
    where court_costs_due > 0
),
lettered_due as (
    select
        lettered.lease_id,
        lettered.component,
        closing.month,
        sum(lettered.amount) as due,
        sum(lettered.amount * (closing.closing_on - lettered.due_on)) as euro_days
    from lettered
    inner join chosen on chosen.way = 'as_booked'
    inner join closing on closing.closing_on >= lettered.due_on and closing.closing_on < lettered.received_on
    group by lettered.lease_id, lettered.component, closing.month
),
left_due as (
    select
        owed.* replace (owed.due - coalesce(lettered_due.due, 0) as due),
        lettered_due.due as lettered_due,
        lettered_due.euro_days as lettered_euro_days
    from owed
    left join lettered_due
        on owed.lease_id = lettered_due.lease_id and owed.component = lettered_due.component and owed.month = lettered_due.month
),
at_closing as (
    select left_due.*, debit.total_amount - left_due.due as settled, debit.total_moment
    from left_due
    asof inner join debit
        on left_due.lease_id = debit.lease_id and left_due.component = debit.component and left_due.closing_on >= debit.due_on
    where left_due.due > 0
),
aged as (
    select
        at_closing.month,
        at_closing.is_partial,
        at_closing.agency_id,
        at_closing.status,
        at_closing.lease_id,
        at_closing.due,
        at_closing.due * (at_closing.closing_on - date '2000-01-01')
        - (at_closing.total_moment - oldest.total_moment)
        - (oldest.total_amount - at_closing.settled) * (oldest.due_on - date '2000-01-01') as euro_days
    from at_closing
    asof inner join debit as oldest
        on at_closing.lease_id = oldest.lease_id
        and at_closing.component = oldest.component
        and at_closing.settled < oldest.total_amount
    union all
    select month, is_partial, agency_id, status, lease_id, lettered_due as due, lettered_euro_days as euro_days
    from left_due
    where lettered_due > 0
),
by_lease as (
    select month, is_partial, agency_id, status, lease_id, sum(due) as due, sum(euro_days) as euro_days
    from aged
    group by month, is_partial, agency_id, status, lease_id
),
by_agency as (
    select month, is_partial, agency_id, status, sum(due) as due, sum(euro_days) as euro_days, count(*) as leases
    from by_lease
    group by month, is_partial, agency_id, status
),
by_slice as (
    select
        case by_agency.status when 'present' then 'debt_age_days' else 'debt_age_days.departed' end as indicator_id,
        slice.level,
        slice.slice_id,
        by_agency.month,
        by_agency.is_partial,
        sum(by_agency.euro_days)::decimal(18, 2) as numerator,
        sum(by_agency.due)::decimal(18, 2) as denominator,
        sum(by_agency.leases)::integer as volume,
        sum(by_agency.leases)::integer as cases,
        sum(by_agency.leases)::integer as base_cases
    from by_agency
    inner join slice on by_agency.agency_id = slice.agency_id
    group by by_agency.status, slice.level, slice.slice_id, by_agency.month, by_agency.is_partial
)
select * from by_slice
