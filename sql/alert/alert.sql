-- Every alert: opened for what is red at the last closing, followed until it is back, kept for a while after.
-- An indicator of a slice has one alert at a time. What earlier nights opened and closed comes from the state
-- (remembered.*); everything else is worked out anew from the figures, so that a late correction shows. A figure withheld for
-- statistical secrecy opens none, nor does an indicator that the strategy keeps silent.
-- grain: alert_id
-- columns:
--   alert_id          indicator, level, slice and month of opening
--   indicator_id      the indicator
--   level             company, sector or agency
--   slice_id          the slice
--   kind              level_red: beyond the threshold; shift_red: the flow left its limits; the first where both hold
--   opened_on         as-of date of the night that opened it
--   opened_month      the closing at which it opened
--   base_month        the closing that the last one is explained against: the one before the red began, within the look-back
--   month             the last closing
--   closed_on         as-of date of the night that closed it; null while open
--   closed_month      the closing at which it closed
--   status            open or closed
--   trend             new, worsened, unchanged or improved, against what was last told at an earlier closing
--   value_at_opening  the figure at opening
--   value             the figure at the last closing; null when withheld or untold
--   target            target at the last closing
--   red               threshold at the last closing
--   months_red        closings running that it has been red, the last one included; 0 when it no longer is
-- checks:
--   (status = 'closed') = (closed_on is not null)
--   (closed_on is null) = (closed_month is null)
--   closed_on is null or closed_on >= opened_on
--   base_month is null or base_month < opened_month
with night as (
    select as_of from strategy.night
),
alert_rule as (
    select closings_to_close, material_share, longest_look_back_months, keep_months from strategy.alert_rule
),
closing as (
    select month from arrears.closing where not is_partial
),
slice as (
    select distinct level, slice_id from kpi.slice
),
indicator as (
    select indicator_id, good_direction from kpi.indicator
),
silent_indicator as (
    select pattern from strategy.silent_indicator
),
reported as (
    select indicator_id, level, slice_id, month, level_red, shift_red, since
    from kpi.red
    where level_red or shift_red
),
figure as (
    select indicator_id, level, slice_id, month, value, target, red
    from kpi.indicator_month
    where not is_partial
),
remembered as (
    select
        alert_id, indicator_id, level, slice_id, kind, opened_on, opened_month, base_month, value_at_opening, closed_on,
        closed_month
    from remembered.alert
),
telling as (
    select alert_id, month, kind, value from remembered.telling
),
red as (
    select reported.*
    from reported
    anti join silent_indicator on reported.indicator_id glob silent_indicator.pattern
),
numbered_closing as (
    select month, row_number() over (order by month desc) as back from closing
),
last_closing as (
    select month from numbered_closing where back = 1
),
red_now as (
    select
        red.indicator_id,
        red.level,
        red.slice_id,
        last_closing.month,
        case when red.level_red then 'level_red' else 'shift_red' end as kind,
        red.since
    from red
    inner join last_closing on red.month = last_closing.month
    semi join figure
        on red.indicator_id = figure.indicator_id
        and red.level = figure.level
        and red.slice_id = figure.slice_id
        and red.month = figure.month
        and figure.value is not null
),
still_open as (
    select * from remembered where closed_on is null
),
first_told as (
    select indicator_id, level, slice_id, min(month) as month
    from figure
    where value is not null
    group by indicator_id, level, slice_id
),
opened as (
    select
        concat_ws(':', red_now.indicator_id, red_now.level, red_now.slice_id, strftime(red_now.month, '%Y-%m')) as alert_id,
        red_now.indicator_id,
        red_now.level,
        red_now.slice_id,
        red_now.kind,
        night.as_of as opened_on,
        red_now.month as opened_month,
        greatest(
            red_now.since - to_months(1),
            red_now.month - to_months(alert_rule.longest_look_back_months),
            first_told.month
        )::date as base_month,
        figure.value as value_at_opening,
        null::date as closed_on,
        null::date as closed_month
    from red_now
    cross join night
    cross join alert_rule
    anti join still_open
        on red_now.indicator_id = still_open.indicator_id
        and red_now.level = still_open.level
        and red_now.slice_id = still_open.slice_id
    left join first_told
        on red_now.indicator_id = first_told.indicator_id
        and red_now.level = first_told.level
        and red_now.slice_id = first_told.slice_id
    left join figure
        on red_now.indicator_id = figure.indicator_id
        and red_now.level = figure.level
        and red_now.slice_id = figure.slice_id
        and red_now.month = figure.month
),
recent as (
    select
        still_open.alert_id,
        count(*) as closings,
        count(figure.value) as told,
        count(red.indicator_id) as red
    from still_open
    cross join alert_rule
    inner join numbered_closing
        on numbered_closing.back <= alert_rule.closings_to_close and numbered_closing.month > still_open.opened_month
    left join figure
        on still_open.indicator_id = figure.indicator_id
        and still_open.level = figure.level
        and still_open.slice_id = figure.slice_id
        and numbered_closing.month = figure.month
    left join red
        on still_open.indicator_id = red.indicator_id
        and still_open.level = red.level
        and still_open.slice_id = red.slice_id
        and numbered_closing.month = red.month
    group by still_open.alert_id
),
back as (
    select recent.alert_id
    from recent
    cross join alert_rule
    where recent.closings >= alert_rule.closings_to_close and recent.told = recent.closings and recent.red = 0
),
gone as (
    select still_open.alert_id
    from still_open
    left join slice on still_open.level = slice.level and still_open.slice_id = slice.slice_id
    left join indicator on still_open.indicator_id = indicator.indicator_id
    where slice.slice_id is null or indicator.indicator_id is null
),
closes as (
    select alert_id from back
    union
    select alert_id from gone
),
known as (
    select
        remembered.alert_id,
        remembered.indicator_id,
        remembered.level,
        remembered.slice_id,
        remembered.kind,
        remembered.opened_on,
        remembered.opened_month,
        remembered.base_month,
        remembered.value_at_opening,
        case when closes.alert_id is not null then night.as_of else remembered.closed_on end as closed_on,
        case when closes.alert_id is not null then last_closing.month else remembered.closed_month end as closed_month
    from remembered
    cross join night
    cross join last_closing
    left join closes on remembered.alert_id = closes.alert_id
    union all by name
    select * replace (case when base_month < opened_month then base_month end as base_month) from opened
),
told_before as (
    select telling.alert_id, arg_max(telling.kind, telling.month) as kind, arg_max(telling.value, telling.month) as value
    from telling
    inner join last_closing on telling.month < last_closing.month
    group by telling.alert_id
),
followed as (
    select
        known.alert_id,
        known.indicator_id,
        known.level,
        known.slice_id,
        coalesce(red_now.kind, told_before.kind, known.kind) as kind,
        known.opened_on,
        known.opened_month,
        known.base_month,
        last_closing.month,
        known.closed_on,
        known.closed_month,
        known.value_at_opening,
        figure.value,
        figure.target,
        figure.red,
        red_now.since,
        told_before.kind as kind_before,
        case indicator.good_direction when 'up' then told_before.value - figure.value else figure.value - told_before.value end
            as worse_by,
        alert_rule.material_share * abs(told_before.value) as material
    from known
    cross join last_closing
    cross join night
    cross join alert_rule
    left join indicator on known.indicator_id = indicator.indicator_id
    left join told_before on known.alert_id = told_before.alert_id
    left join figure
        on known.indicator_id = figure.indicator_id
        and known.level = figure.level
        and known.slice_id = figure.slice_id
        and last_closing.month = figure.month
    left join red_now
        on known.closed_on is null
        and known.indicator_id = red_now.indicator_id
        and known.level = red_now.level
        and known.slice_id = red_now.slice_id
    where known.closed_on is null or known.closed_on > night.as_of - to_months(alert_rule.keep_months)
),
told as (
    select
        alert_id,
        indicator_id,
        level,
        slice_id,
        kind,
        opened_on,
        opened_month,
        base_month,
        month,
        closed_on,
        closed_month,
        case when closed_on is null then 'open' else 'closed' end as status,
        case
            when opened_month = month then 'new'
            when kind = 'level_red' and kind_before = 'shift_red' then 'worsened'
            when worse_by > 0 and worse_by >= material then 'worsened'
            when worse_by < 0 and -worse_by >= material then 'improved'
            else 'unchanged'
        end as trend,
        value_at_opening,
        value,
        target,
        red,
        coalesce(datediff('month', since, month) + 1, 0)::integer as months_red
    from followed
)
select * from told
