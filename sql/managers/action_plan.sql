-- The plan of each alert: what is done, by whom, by when, what is expected of it and what came of it.
-- grain: plan_id
-- columns:
--   plan_id            the action
--   alert_id           the alert
--   position           place in the plan
--   action_fr          what is done
--   owner_role         the role that answers for it
--   owner_fr           who that is
--   opened_on          since when
--   due_on             by when
--   expected_effect    effect expected, in the indicator's unit; null where none is put in figures
--   expected_fr        the same in words
--   status             open, due, measured or closed
--   measured_effect    the effect measured; null until it can be
--   measured_low       lower end of its 95% interval
--   measured_high      upper end
--   measured_basis_fr  what the measure rests on and what it cannot prove
with action_plan as (
    select
        plan_id, alert_id, position, action_fr, owner_role, owner_fr, opened_on, due_on, expected_effect, expected_fr, status,
        measured_effect, measured_low, measured_high, measured_basis_fr
    from alert.action_plan
)
select * from action_plan
