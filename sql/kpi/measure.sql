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
departed_debt_share as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.departed_debt_share
),
departed_recovery_rate as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.departed_recovery_rate
),
vacated_with_debt as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.vacated_with_debt
),
debt_age_days as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.debt_age_days
),
dso as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.dso
),
cei as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.cei
),
onset_rate as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.onset_rate
),
roll_rate as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.roll_rate
),
cure_rate as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.cure_rate
),
relapse_6m as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.relapse_6m
),
cost_of_arrears as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.cost_of_arrears
),
freshness as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, value
    from kpi.freshness
),
reconciliation_gap as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, value
    from kpi.reconciliation_gap
),
collection as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.collection
),
principal_first_share as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.principal_first_share
),
fee_per_euro as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.fee_per_euro
),
heavy_fee_share as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.heavy_fee_share
),
unlawful_fees as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, value
    from kpi.unlawful_fees
),
schedule_kept as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.schedule_kept
),
reminder_cadence as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.reminder_cadence
),
plan_kept as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases
    from kpi.plan_kept
),
reaction_days as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, value
    from kpi.reaction_days
),
chased_though_paid as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, value
    from kpi.chased_though_paid
),
legal_and_social as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, value
    from kpi.legal_and_social
),
productivity as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume, cases, base_cases, value
    from kpi.productivity
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
    union all
    select *, null::varchar as share_group from departed_debt_share
    union all
    select *, null::varchar as share_group from departed_recovery_rate
    union all
    select *, null::varchar as share_group from vacated_with_debt
    union all
    select *, null::varchar as share_group from debt_age_days
    union all
    select *, null::varchar as share_group from dso
    union all
    select *, null::varchar as share_group from cei
    union all
    select *, null::varchar as share_group from onset_rate
    union all
    select *, null::varchar as share_group from roll_rate
    union all
    select *, null::varchar as share_group from cure_rate
    union all
    select *, null::varchar as share_group from relapse_6m
    union all
    select *, null::varchar as share_group from cost_of_arrears
    union all
    select *, null::varchar as share_group from collection
    union all
    select *, null::varchar as share_group from principal_first_share
    union all
    select *, null::varchar as share_group from fee_per_euro
    union all
    select *, null::varchar as share_group from heavy_fee_share
    union all
    select *, null::varchar as share_group from schedule_kept
    union all
    select *, null::varchar as share_group from reminder_cadence
    union all
    select *, null::varchar as share_group from plan_kept
),
figure as (
    select * from freshness
    union all
    select * from reconciliation_gap
    union all
    select * from unlawful_fees
    union all
    select * from reaction_days
    union all
    select * from chased_though_paid
    union all
    select * from legal_and_social
    union all
    select * from productivity
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
