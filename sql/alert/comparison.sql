-- What the effect of an action is measured on, once it is due and enough closings have passed: the figure of the slice in
-- alert at the closing of its opening and at the one measured, and the same of the agencies that had no alert on this
-- indicator between the two. A company or a sector has nothing to be compared with.
-- grain: alert_id, position, slice_id
-- columns:
--   alert_id        the alert
--   position        the action
--   slice_id        the slice in alert itself, or an agency that it is compared with
--   is_alerted      true for the slice in alert
--   before_month    the closing at opening
--   measured_month  the closing measured
--   before          the figure at opening; null when withheld
--   after           the figure measured; null when withheld
-- checks:
--   measured_month > before_month
with alert as (
    select alert_id, indicator_id, level, slice_id, opened_month, closed_month from alert.alert
),
action as (
    select alert_id, position, due_on from alert.action
),
alert_rule as (
    select measure_closings from strategy.alert_rule
),
closing as (
    select month, closing_on from arrears.closing where not is_partial
),
figure as (
    select indicator_id, level, slice_id, month, value from kpi.indicator_month where not is_partial
),
after_due as (
    select
        action.alert_id,
        action.position,
        closing.month,
        row_number() over (partition by action.alert_id, action.position order by closing.month) as place
    from action
    inner join closing on action.due_on <= closing.closing_on
),
measured as (
    select
        alert.alert_id,
        after_due.position,
        alert.indicator_id,
        alert.level,
        alert.slice_id,
        alert.opened_month as before_month,
        after_due.month as measured_month
    from after_due
    inner join alert_rule on after_due.place = alert_rule.measure_closings
    inner join alert on after_due.alert_id = alert.alert_id
    where after_due.month > alert.opened_month
),
itself as (
    select
        measured.alert_id,
        measured.position,
        measured.slice_id,
        true as is_alerted,
        measured.before_month,
        measured.measured_month,
        figure_0.value as before,
        figure_1.value as after
    from measured
    left join figure as figure_0
        on measured.indicator_id = figure_0.indicator_id
        and measured.level = figure_0.level
        and measured.slice_id = figure_0.slice_id
        and measured.before_month = figure_0.month
    left join figure as figure_1
        on measured.indicator_id = figure_1.indicator_id
        and measured.level = figure_1.level
        and measured.slice_id = figure_1.slice_id
        and measured.measured_month = figure_1.month
),
witness as (
    select
        measured.alert_id,
        measured.position,
        figure_0.slice_id,
        false as is_alerted,
        measured.before_month,
        measured.measured_month,
        figure_0.value as before,
        figure_1.value as after
    from measured
    inner join figure as figure_0
        on measured.indicator_id = figure_0.indicator_id
        and figure_0.level = 'agency'
        and measured.slice_id <> figure_0.slice_id
        and measured.before_month = figure_0.month
    inner join figure as figure_1
        on measured.indicator_id = figure_1.indicator_id
        and figure_1.level = 'agency'
        and figure_0.slice_id = figure_1.slice_id
        and measured.measured_month = figure_1.month
    anti join alert
        on measured.indicator_id = alert.indicator_id
        and alert.level = 'agency'
        and figure_0.slice_id = alert.slice_id
        and alert.opened_month <= measured.measured_month
        and (alert.closed_month is null or alert.closed_month >= measured.before_month)
    where measured.level = 'agency' and figure_0.value is not null and figure_1.value is not null
),
compared as (
    select * from itself
    union all
    select * from witness
)
select * from compared
