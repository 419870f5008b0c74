-- What followed a merger, for all merged agencies together and for each.
-- grain: agency_id, indicator_id
-- columns:
--   agency_id       today's agency, or all
--   agency_label    its name
--   indicator_id    the indicator
--   label_fr        its name
--   unit            its unit
--   good_direction  up or down
--   position        its place in lists
--   merged_on       first day of the merger; null for all
--   estimate        change since before the merger, less that of the agencies not yet merged where there are any
--   low             lower end of the 95% interval; null where it cannot be told
--   high            upper end
--   p_value         share of the ways to hand merger dates round that give as much; null where nothing is held against
--   p_value_before  the same for the months before the merger
--   controls        agencies not yet merged that it was held against
--   basis           difference_in_differences or before_after
--   statement_fr    what may be said of it
with merger_effect as (
    select
        agency_id, indicator_id, merged_on, estimate, low, high, p_value, p_value_before, controls, basis, statement_fr
    from kpi.merger_effect
),
indicator as (
    select indicator_id, label_fr, unit, good_direction, position from kpi.indicator
),
slice as (
    select distinct slice_id, label from kpi.slice where level = 'agency'
),
named as (
    select
        merger_effect.agency_id,
        case
            when merger_effect.agency_id = 'all' then 'Toutes les agences fusionnées'
            else coalesce(slice.label, merger_effect.agency_id)
        end as agency_label,
        merger_effect.indicator_id,
        indicator.label_fr,
        indicator.unit,
        indicator.good_direction,
        indicator.position,
        merger_effect.merged_on,
        merger_effect.estimate,
        merger_effect.low,
        merger_effect.high,
        merger_effect.p_value,
        merger_effect.p_value_before,
        merger_effect.controls,
        merger_effect.basis,
        merger_effect.statement_fr
    from merger_effect
    inner join indicator on merger_effect.indicator_id = indicator.indicator_id
    left join slice on merger_effect.agency_id = slice.slice_id
)
select * from named
