-- Every alert as managers see it, the ones to look at first in front.
-- grain: alert_id
-- columns:
--   alert_id          the alert
--   position          its place in lists: open ones first, then what worsens, the main indicators, the widest slices
--   indicator_id      the indicator
--   family            its family
--   label_fr          its name
--   unit              its unit
--   good_direction    up or down
--   level             company, sector or agency
--   slice_id          the slice
--   slice_label       its name
--   kind              level_red or shift_red
--   opened_on         as-of date of the night that opened it
--   opened_month      the closing at which it opened
--   base_month        the closing that the last one is explained against
--   month             the last closing
--   closed_on         as-of date of the night that closed it; null while open
--   status            open or closed
--   trend             new, worsened, unchanged or improved
--   trend_fr          the same in words
--   value_at_opening  the figure at opening
--   value             the figure at the last closing; null when withheld
--   target            target
--   red               threshold
--   months_red        closings running that it has been red
--   change            what tonight changed: opened, worsened or closed; null where nothing did
with alert as (
    select
        alert_id, indicator_id, level, slice_id, kind, opened_on, opened_month, base_month, month, closed_on, status, trend,
        value_at_opening, value, target, red, months_red
    from alert.alert
),
change as (
    select alert_id, change from alert.change
),
indicator as (
    select indicator_id, family, position, headline, label_fr, unit, good_direction from kpi.indicator
),
slice as (
    select distinct level, slice_id, label, position from kpi.slice
),
named as (
    select
        alert.alert_id,
        row_number() over (
            order by
                alert.status = 'closed',
                indicator.headline desc,
                case alert.trend when 'worsened' then 1 when 'new' then 2 when 'unchanged' then 3 else 4 end,
                case alert.level when 'company' then 1 when 'sector' then 2 else 3 end,
                indicator.position,
                coalesce(slice.position, 0),
                alert.alert_id
        )::integer as position,
        alert.indicator_id,
        indicator.family,
        indicator.label_fr,
        indicator.unit,
        indicator.good_direction,
        alert.level,
        alert.slice_id,
        coalesce(slice.label, alert.slice_id) as slice_label,
        alert.kind,
        alert.opened_on,
        alert.opened_month,
        alert.base_month,
        alert.month,
        alert.closed_on,
        alert.status,
        alert.trend,
        case alert.trend
            when 'new' then 'Nouveau'
            when 'worsened' then 'S’aggrave'
            when 'improved' then 'S’améliore'
            else 'Stable'
        end as trend_fr,
        alert.value_at_opening::double as value_at_opening,
        alert.value::double as value,
        alert.target::double as target,
        alert.red::double as red,
        alert.months_red::integer as months_red,
        change.change
    from alert
    inner join indicator on alert.indicator_id = indicator.indicator_id
    left join slice on alert.level = slice.level and alert.slice_id = slice.slice_id
    left join change on alert.alert_id = change.alert_id
)
select * from named
