-- What the morning digest tells of each alert that opened, worsened or closed tonight: figures of slices, no household.
-- grain: alert_id
-- columns:
--   alert_id       the alert
--   change         opened, worsened or closed
--   level          company, sector or agency
--   slice_id       the slice
--   slice_fr       its name
--   agencies       the agencies in it, as their ids
--   indicator_id   the indicator
--   indicator_fr   its name
--   unit           its unit
--   position       its place in lists
--   kind           level_red or shift_red
--   month          the last closing
--   value          the figure
--   value_before   the figure that was last told; null for a new alert
--   target         target
--   red            threshold
--   months_red     closings running that it has been red
--   main_fr        the slice that weighs most in the change for the worse; null where none does
--   main_weight    what it adds to the change
--   action_fr      the first action of the plan that is not measured yet; null where there is none
--   owner_fr       who answers for it
--   due_on         by when
-- checks:
--   change in ('opened', 'worsened', 'closed')
--   len(agencies) > 0 or change = 'closed'
with change as (
    select alert_id, change from alert.change
),
alert as (
    select alert_id, indicator_id, level, slice_id, kind, month, value_at_opening, value, target, red, months_red from alert.alert
),
telling as (
    select alert_id, month, value from remembered.telling
),
explanation as (
    select alert_id, dimension, dimension_fr, slice, slice_fr, contribution from alert.explanation
),
action_plan as (
    select alert_id, position, action_fr, owner_fr, due_on, status from alert.action_plan
),
indicator as (
    select indicator_id, label_fr, unit, good_direction, position from kpi.indicator
),
slice as (
    select level, slice_id, agency_id, label from kpi.slice
),
of_agencies as (
    select level, slice_id, any_value(label) as label, list(agency_id order by agency_id) as agencies
    from slice
    group by level, slice_id
),
told_before as (
    select alert_id, arg_max(value, month) as value from telling group by alert_id
),
adverse as (
    select
        explanation.alert_id,
        explanation.dimension_fr || ' : ' || explanation.slice_fr as main_fr,
        explanation.contribution,
        row_number() over (
            partition by explanation.alert_id
            order by
                explanation.dimension <> 'agency',
                abs(explanation.contribution) desc,
                explanation.dimension,
                explanation.slice
        ) as place
    from explanation
    inner join alert on explanation.alert_id = alert.alert_id
    inner join indicator on alert.indicator_id = indicator.indicator_id
    where
        explanation.slice <> 'other'
        and explanation.dimension <> 'sector'
        and case indicator.good_direction when 'up' then explanation.contribution < 0 else explanation.contribution > 0 end
),
next_action as (
    select
        alert_id,
        action_fr,
        owner_fr,
        due_on,
        row_number() over (partition by alert_id order by due_on, position) as place
    from action_plan
    where status in ('open', 'due')
),
told as (
    select
        change.alert_id,
        change.change,
        alert.level,
        alert.slice_id,
        coalesce(of_agencies.label, alert.slice_id) as slice_fr,
        coalesce(of_agencies.agencies, []) as agencies,
        alert.indicator_id,
        coalesce(indicator.label_fr, alert.indicator_id) as indicator_fr,
        coalesce(indicator.unit, 'number') as unit,
        coalesce(indicator.position, 0) as position,
        alert.kind,
        alert.month,
        alert.value,
        told_before.value as value_before,
        alert.target,
        alert.red,
        alert.months_red,
        adverse.main_fr,
        adverse.contribution as main_weight,
        next_action.action_fr,
        next_action.owner_fr,
        next_action.due_on
    from change
    inner join alert on change.alert_id = alert.alert_id
    left join indicator on alert.indicator_id = indicator.indicator_id
    left join of_agencies on alert.level = of_agencies.level and alert.slice_id = of_agencies.slice_id
    left join told_before on change.alert_id = told_before.alert_id
    left join adverse on change.alert_id = adverse.alert_id and adverse.place = 1
    left join next_action on change.alert_id = next_action.alert_id and next_action.place = 1
)
select * from told
