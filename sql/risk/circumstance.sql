-- What is known of a drawn household, its dwelling and its lease on a date, whether or not it ever paid: all of it is there on the first
-- day of a lease. An attribute counts once it is valid and known, the latest valid one first; nothing is carried back.
-- Where no call of the lease is past its grace days, the rent is that last called on the same dwelling.
-- kind: view
-- grain: as_of, lease_id
-- columns:
--   as_of               the date
--   lease_id            the lease
--   tenure_months       full months since the lease began
--   net_call            euros that make one term
--   rent_burden         net call over monthly income
--   left_to_live        euros left a month after the net call, a consumption unit (1 for the first adult, 0.5 for others, 0.3 a child)
--   income_change       income over that known a year before, less one
--   household_size      people
--   household_shrunk    1 where fewer people are known of than two years before, else 0
--   dwelling_type       T1 to T6
--   surface_per_person  square metres
--   direct_debit        1 where a mandate is known, else 0
--   mandate_stopped     1 where one was known six months before and none is, else 0
--   benefit_direct      direct where housing benefit is paid to the landlord, not_direct where not
--   plan_running        running where a repayment plan runs, else none
--   plans_broken_24     plans broken in twenty-four months
with origin as (
    select as_of from risk.origin
),
known_month as (
    select lease_id, closing_on, gross_call from risk.known_month
),
known_day as (
    select as_of, lease_id, term from risk.known_day
),
drawn as (
    select distinct as_of, lease_id from risk.drawn
),
lease as (
    select lease_id, household_id, dwelling_id, start_on from ledger.lease where use = 'residential'
),
dwelling as (
    select id, type, surface_m2 from contract.dwelling
),
household_situation as (
    select household_id, valid_from, known_on, size, adults, children, reference_income from contract.household_situation
),
lease_terms as (
    select lease_id, valid_from, known_on, direct_debit, benefit_to_landlord from contract.lease_terms
),
plan as (
    select lease_id, greatest(signed_on, known_on) as known_on, ended_on, outcome from contract.plan
),
household_known as (
    select distinct
        household_id,
        greatest(valid_from, known_on) as from_day,
        arg_max_null(size, row(valid_from, known_on)) over so_far as size,
        arg_max_null(adults, row(valid_from, known_on)) over so_far as adults,
        arg_max_null(children, row(valid_from, known_on)) over so_far as children,
        arg_max_null(reference_income, row(valid_from, known_on)) over so_far / 12.0 as monthly_income
    from household_situation
    window so_far as (partition by household_id order by greatest(valid_from, known_on))
),
household_from as (
    select *, coalesce(lead(from_day) over (partition by household_id order by from_day), date '9999-12-31') as until_day
    from household_known
),
terms_known as (
    select distinct
        lease_id,
        greatest(valid_from, known_on) as from_day,
        arg_max_null(direct_debit, row(valid_from, known_on)) over so_far as direct_debit,
        arg_max_null(benefit_to_landlord, row(valid_from, known_on)) over so_far as benefit_to_landlord
    from lease_terms
    window so_far as (partition by lease_id order by greatest(valid_from, known_on))
),
terms_from as (
    select *, coalesce(lead(from_day) over (partition by lease_id order by from_day), date '9999-12-31') as until_day
    from terms_known
),
present as (
    select
        drawn.as_of,
        drawn.as_of - interval 6 month as half_year_before,
        drawn.as_of - interval 12 month as year_before,
        drawn.as_of - interval 24 month as two_years_before,
        lease.lease_id,
        lease.household_id,
        lease.dwelling_id,
        lease.start_on,
        known_day.term
    from drawn
    inner join known_day on drawn.as_of = known_day.as_of and drawn.lease_id = known_day.lease_id
    inner join lease on drawn.lease_id = lease.lease_id
),
without_term as (
    select as_of, lease_id, dwelling_id from present where term is null
),
called_on as (
    select lease.dwelling_id, known_month.closing_on, max(known_month.gross_call) as gross_call
    from known_month
    inner join lease on known_month.lease_id = lease.lease_id
    semi join without_term on lease.dwelling_id = without_term.dwelling_id
    where known_month.gross_call > 0
    group by lease.dwelling_id, known_month.closing_on
),
last_called as (
    select without_term.as_of, without_term.lease_id, called_on.gross_call
    from without_term
    asof inner join called_on
        on without_term.dwelling_id = called_on.dwelling_id and without_term.as_of >= called_on.closing_on
),
planned as (
    select
        origin.as_of,
        plan.lease_id,
        bool_or(plan.ended_on is null or plan.ended_on > origin.as_of) as is_running,
        count(*) filter (
            where plan.outcome = 'broken' and plan.ended_on <= origin.as_of and plan.ended_on > origin.as_of - interval 24 month
        ) as broken
    from origin
    inner join plan on origin.as_of >= plan.known_on
    group by origin.as_of, plan.lease_id
),
looked_up as (
    select
        present.as_of,
        present.lease_id,
        datesub('month', present.start_on, present.as_of) as tenure_months,
        coalesce(present.term, last_called.gross_call)::double as net_call,
        household.size,
        household.adults,
        household.children,
        household.monthly_income::double as monthly_income,
        a_year_before.monthly_income::double as income_before,
        two_years_before.size as size_before,
        dwelling.type,
        dwelling.surface_m2,
        terms_from.direct_debit,
        terms_before.direct_debit as direct_debit_before,
        terms_from.benefit_to_landlord,
        planned.is_running,
        planned.broken
    from present
    left join dwelling on present.dwelling_id = dwelling.id
    left join planned on present.as_of = planned.as_of and present.lease_id = planned.lease_id
    left join last_called on present.as_of = last_called.as_of and present.lease_id = last_called.lease_id
    left join household_from as household
        on present.household_id = household.household_id
        and present.as_of >= household.from_day
        and present.as_of < household.until_day
    left join household_from as a_year_before
        on present.household_id = a_year_before.household_id
        and present.year_before >= a_year_before.from_day
        and present.year_before < a_year_before.until_day
    left join household_from as two_years_before
        on present.household_id = two_years_before.household_id
        and present.two_years_before >= two_years_before.from_day
        and present.two_years_before < two_years_before.until_day
    left join terms_from
        on present.lease_id = terms_from.lease_id and present.as_of >= terms_from.from_day and present.as_of < terms_from.until_day
    left join terms_from as terms_before
        on present.lease_id = terms_before.lease_id
        and present.half_year_before >= terms_before.from_day
        and present.half_year_before < terms_before.until_day
),
told as (
    select
        as_of,
        lease_id,
        tenure_months,
        net_call,
        round(net_call / nullif(monthly_income, 0), 4) as rent_burden,
        round(
            (monthly_income - net_call)
            / (0.5 + 0.5 * greatest(coalesce(adults, size - children), 1) + 0.3 * coalesce(children, 0)),
            2
        ) as left_to_live,
        round(monthly_income / nullif(income_before, 0) - 1, 4) as income_change,
        size as household_size,
        (size < size_before)::integer as household_shrunk,
        type::varchar as dwelling_type,
        round(surface_m2::double / nullif(size, 0), 2) as surface_per_person,
        direct_debit::integer as direct_debit,
        (direct_debit_before and not direct_debit)::integer as mandate_stopped,
        case when benefit_to_landlord then 'direct' when not benefit_to_landlord then 'not_direct' end as benefit_direct,
        case when is_running then 'running' else 'none' end as plan_running,
        coalesce(broken, 0) as plans_broken_24
    from looked_up
)
select * from told
