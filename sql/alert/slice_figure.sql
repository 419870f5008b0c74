-- Numerator and denominator of each slice that may explain an open alert, at the closing before the red began (0) and at
-- the last one (1). Agencies and sectors come from the published figures themselves, whatever the ratio; the household mix
-- and the debtors' history from the leases, for indicators that are sums over present leases. A dimension whose slices do
-- not sum to the whole is left out.
-- grain: alert_id, dimension, slice
-- columns:
--   alert_id       the alert
--   dimension      agency, sector, tenure, rent_burden, household_size, dwelling_type, benefit_direct or debtor_history
--   slice          the slice
--   numerator_0    numerator at the base closing
--   denominator_0  denominator at the base closing
--   cases_0        households in arrears behind it at the base closing
--   numerator_1    numerator at the last closing
--   denominator_1  denominator at the last closing
--   cases_1        households in arrears behind it at the last closing
--   withheld       true when the slice stands on too few households at either closing, or its figure is withheld
-- checks:
--   cases_0 >= 0 and cases_1 >= 0
with alert as (
    select alert_id, indicator_id, level, slice_id, base_month, month
    from alert.alert
    where status = 'open' and base_month is not null
),
setting as (
    select disclosure_minimum from strategy.setting
),
slice as (
    select level, slice_id, agency_id, sector from kpi.slice
),
measure as (
    select indicator_id, level, slice_id, month, numerator, denominator, cases, base_cases
    from kpi.measure
    where numerator is not null and denominator is not null and not is_partial
),
disclosure as (
    select indicator_id, level, slice_id, month from kpi.disclosure
),
lease_figure as (
    select indicator_id, month, lease_id, agency_id, debtor_history, numerator, denominator, is_case
    from alert.lease_figure
),
mix as (
    select lease_id, month, tenure, rent_burden, household_size, dwelling_type, benefit_direct from kpi.mix
),
side as (
    select alert_id, indicator_id, level, slice_id, 0 as side, base_month as month from alert
    union all
    select alert_id, indicator_id, level, slice_id, 1 as side, month from alert
),
whole as (
    select
        side.alert_id,
        sum(measure.numerator) filter (where side.side = 0) as numerator_0,
        sum(measure.denominator) filter (where side.side = 0) as denominator_0,
        sum(measure.numerator) filter (where side.side = 1) as numerator_1,
        sum(measure.denominator) filter (where side.side = 1) as denominator_1
    from side
    inner join measure
        on side.indicator_id = measure.indicator_id
        and side.level = measure.level
        and side.slice_id = measure.slice_id
        and side.month = measure.month
    anti join disclosure
        on side.indicator_id = disclosure.indicator_id
        and side.level = disclosure.level
        and side.slice_id = disclosure.slice_id
        and side.month = disclosure.month
    group by side.alert_id
    having count(*) = 2
),
below as (
    select distinct side.alert_id, side.side, side.indicator_id, side.month, part.level as dimension, part.slice_id as slice
    from side
    inner join slice on side.level = slice.level and side.slice_id = slice.slice_id
    inner join slice as part
        on slice.agency_id = part.agency_id
        and (part.level = 'agency' and side.level in ('company', 'sector') or part.level = 'sector' and side.level = 'company')
),
of_places as (
    select
        below.alert_id,
        below.side,
        below.dimension,
        below.slice,
        measure.numerator,
        measure.denominator,
        greatest(coalesce(measure.cases, 0), coalesce(measure.base_cases, 0)) as cases,
        disclosure.indicator_id is not null as withheld
    from below
    inner join measure
        on below.indicator_id = measure.indicator_id
        and below.dimension = measure.level
        and below.slice = measure.slice_id
        and below.month = measure.month
    left join disclosure
        on below.indicator_id = disclosure.indicator_id
        and below.dimension = disclosure.level
        and below.slice = disclosure.slice_id
        and below.month = disclosure.month
),
of_leases as (
    select
        side.alert_id,
        side.side,
        lease_figure.numerator,
        lease_figure.denominator,
        lease_figure.is_case,
        lease_figure.debtor_history,
        coalesce(mix.tenure, 'unknown') as tenure,
        coalesce(mix.rent_burden, 'unknown') as rent_burden,
        coalesce(mix.household_size, 'unknown') as household_size,
        coalesce(mix.dwelling_type, 'unknown') as dwelling_type,
        coalesce(mix.benefit_direct, 'unknown') as benefit_direct
    from side
    inner join slice on side.level = slice.level and side.slice_id = slice.slice_id
    inner join lease_figure
        on side.indicator_id = lease_figure.indicator_id
        and side.month = lease_figure.month
        and slice.agency_id = lease_figure.agency_id
    left join mix on lease_figure.lease_id = mix.lease_id and lease_figure.month = mix.month
),
by_household as (
    unpivot of_leases
    on debtor_history, tenure, rent_burden, household_size, dwelling_type, benefit_direct
    into name dimension value slice
),
of_households as (
    select
        by_household.alert_id,
        by_household.side,
        by_household.dimension,
        by_household.slice,
        sum(by_household.numerator) as numerator,
        sum(by_household.denominator) as denominator,
        count(*) filter (where by_household.is_case) as cases,
        count(*) filter (where by_household.is_case) between 1 and any_value(setting.disclosure_minimum) as withheld
    from by_household
    cross join setting
    group by by_household.alert_id, by_household.side, by_household.dimension, by_household.slice
),
part as (
    select * from of_places
    union all
    select * from of_households
),
both_sides as (
    select
        alert_id,
        dimension,
        slice,
        coalesce(sum(numerator) filter (where side = 0), 0)::decimal(18, 2) as numerator_0,
        coalesce(sum(denominator) filter (where side = 0), 0)::decimal(18, 2) as denominator_0,
        coalesce(sum(cases) filter (where side = 0), 0)::integer as cases_0,
        coalesce(sum(numerator) filter (where side = 1), 0)::decimal(18, 2) as numerator_1,
        coalesce(sum(denominator) filter (where side = 1), 0)::decimal(18, 2) as denominator_1,
        coalesce(sum(cases) filter (where side = 1), 0)::integer as cases_1,
        bool_or(withheld) as withheld
    from part
    group by alert_id, dimension, slice
),
whole_dimension as (
    select both_sides.alert_id, both_sides.dimension
    from both_sides
    inner join whole on both_sides.alert_id = whole.alert_id
    group by
        both_sides.alert_id,
        both_sides.dimension,
        whole.numerator_0,
        whole.denominator_0,
        whole.numerator_1,
        whole.denominator_1
    having
        sum(both_sides.numerator_0) = whole.numerator_0
        and sum(both_sides.denominator_0) = whole.denominator_0
        and sum(both_sides.numerator_1) = whole.numerator_1
        and sum(both_sides.denominator_1) = whole.denominator_1
        and whole.denominator_0 > 0
        and whole.denominator_1 > 0
),
told as (
    select both_sides.*
    from both_sides
    semi join whole_dimension
        on both_sides.alert_id = whole_dimension.alert_id and both_sides.dimension = whole_dimension.dimension
)
select * from told
