-- What is red, by closing. level_red: the figure lies beyond its red threshold at this closing and at those just before it,
-- as many running as the strategy asks for. shift_red: a monthly flow behind the indicator (kpi.flow_of) has left its control
-- limits on the bad side. The month under way sets neither; a closing that is not here is not red.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  the indicator
--   level         company, sector or agency
--   slice_id      the slice
--   month         the closing
--   level_red     beyond the red threshold, closings running
--   shift_red     a flow behind the indicator is out of its limits on the bad side
--   since         first month of the running red: of the closings beyond the threshold, or of the months out of limits; the earlier
-- checks:
--   level_red or shift_red
--   since <= month
with indicator_month as (
    select indicator_id, level, slice_id, month, status from kpi.indicator_month where not is_partial
),
control as (
    select level_closings from strategy.control
),
control_limit as (
    select flow_id, level, slice_id, month, verdict from kpi.control_limit
),
flow_of as (
    select indicator_id, flow_id, bad_side from kpi.flow_of
),
beyond as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        (month - to_months(row_number() over (partition by indicator_id, level, slice_id order by month)::integer))::date as run
    from indicator_month
    where status = 'red'
),
beyond_running as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        min(month) over (partition by indicator_id, level, slice_id, run) as since,
        row_number() over (partition by indicator_id, level, slice_id, run order by month) as closings
    from beyond
),
level_red as (
    select indicator_id, level, slice_id, month, since
    from beyond_running
    where closings >= (select level_closings from control)
),
shifted as (
    select distinct flow_of.indicator_id, control_limit.level, control_limit.slice_id, control_limit.month
    from control_limit
    inner join flow_of on control_limit.flow_id = flow_of.flow_id and control_limit.verdict = flow_of.bad_side
),
shift_run as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        (month - to_months(row_number() over (partition by indicator_id, level, slice_id order by month)::integer))::date as run
    from shifted
),
shift_red as (
    select
        indicator_id, level, slice_id, month, min(month) over (partition by indicator_id, level, slice_id, run) as since
    from shift_run
),
red as (
    select
        coalesce(level_red.indicator_id, shift_red.indicator_id) as indicator_id,
        coalesce(level_red.level, shift_red.level) as level,
        coalesce(level_red.slice_id, shift_red.slice_id) as slice_id,
        coalesce(level_red.month, shift_red.month) as month,
        level_red.indicator_id is not null as level_red,
        shift_red.indicator_id is not null as shift_red,
        least(level_red.since, shift_red.since) as since
    from level_red
    full join shift_red
        on level_red.indicator_id = shift_red.indicator_id
        and level_red.level = shift_red.level
        and level_red.slice_id = shift_red.slice_id
        and level_red.month = shift_red.month
)
select * from red
