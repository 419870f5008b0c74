-- Every indicator's figures, one below the other, before disclosure control.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  the indicator
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     null for medians, quantiles and maxima
--   denominator   the denominator, or the number of cases
--   value         numerator over denominator, or the figure itself; null where the denominator is zero
--   volume        cases that the figure stands on, held against the minimum volume
--   cases         households behind the numerator; null where the figure counts none
--   base_cases    households behind the denominator; null where it counts none in arrears
--   share_group   figures of one slice and month that sum to a published total carry the same group; else null
-- checks:
--   is_partial is not null
with arrears_rate as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.arrears_rate
),
share_terms as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.share_terms
),
ageing as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, perimeter, measure
    from kpi.ageing
),
fees_to_principal as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.fees_to_principal
),
recovery_rate_12m as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.recovery_rate_12m
),
freshness as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, days as value
    from kpi.freshness
),
ratio as (
    select *, null::varchar as share_group from arrears_rate
    union all
    select *, null::varchar as share_group from share_terms
    union all
    select * exclude (perimeter, measure), perimeter || '.' || measure as share_group from ageing
    union all
    select *, null::varchar as share_group from fees_to_principal
    union all
    select *, null::varchar as share_group from recovery_rate_12m
),
figure as (
    select * from freshness
),
measure as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        numerator,
        denominator,
        case when denominator > 0 then numerator::double / denominator::double end as value,
        volume,
        cases,
        base_cases,
        share_group
    from ratio
    union all
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        numerator,
        denominator,
        value::double as value,
        volume,
        cases,
        base_cases,
        null::varchar as share_group
    from figure
)
select * from measure
