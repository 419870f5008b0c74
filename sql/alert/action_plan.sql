-- The plan of every alert: what is done, by whom, by when, what is expected of it, and what came of it.
-- An action is open until its due date, due until its effect can be measured, measured after that, and closed once the
-- alert is closed too. The effect is that of all the actions of the slice together.
-- grain: plan_id
-- columns:
--   plan_id            alert and position
--   alert_id           the alert
--   position           place in the plan
--   action_fr          what is done
--   owner_role         the role that answers for it
--   owner_fr           who that is
--   opened_on          as-of date of the night that opened the alert
--   due_on             by when
--   expected_effect    effect expected, in the indicator's unit; null where none is put in figures
--   expected_fr        the same in words, with its source
--   status             open, due, measured or closed
--   measured_month     the closing at which the effect was measured
--   measured_effect    the effect, in the indicator's unit
--   measured_low       lower end of its 95% interval
--   measured_high      upper end of the same interval
--   measured_basis_fr  what the measure rests on and what it cannot prove
-- checks:
--   status in ('open', 'due', 'measured', 'closed')
--   due_on >= opened_on
with night as (
    select as_of from strategy.night
),
alert as (
    select alert_id, opened_on, closed_on from alert.alert
),
action as (
    select alert_id, position, action_fr, owner_role, owner_fr, due_on, expected_effect, expected_fr from alert.action
),
plan_effect as (
    select alert_id, position, measured_month, effect, low, high, basis_fr from alert.plan_effect
),
followed as (
    select
        concat(action.alert_id, ':', action.position) as plan_id,
        action.alert_id,
        action.position,
        action.action_fr,
        action.owner_role,
        action.owner_fr,
        alert.opened_on,
        action.due_on,
        action.expected_effect,
        action.expected_fr,
        case
            when plan_effect.alert_id is not null and alert.closed_on is not null then 'closed'
            when plan_effect.alert_id is not null then 'measured'
            when action.due_on <= night.as_of then 'due'
            else 'open'
        end as status,
        plan_effect.measured_month,
        plan_effect.effect as measured_effect,
        plan_effect.low as measured_low,
        plan_effect.high as measured_high,
        plan_effect.basis_fr as measured_basis_fr
    from action
    cross join night
    inner join alert on action.alert_id = alert.alert_id
    left join plan_effect on action.alert_id = plan_effect.alert_id and action.position = plan_effect.position
)
select * from followed
