-- The effect of each action that was due long enough ago: the change of its slice, against the change of agencies out of
-- alert where there are enough of them. Its program hands alert.comparison to models/plan-effect.
-- kind: computed
-- from: alert.comparison, strategy.alert_rule
-- grain: alert_id, position
-- columns:
--   alert_id        the alert
--   position        the action
--   measured_month  the closing measured
--   basis           difference_in_differences, before_after, or none when a figure is withheld
--   controls        agencies compared with
--   effect          the effect, in the indicator's unit; null when it cannot be told
--   low             lower end of its 95% interval; null without agencies to compare with
--   high            upper end of the same interval
--   basis_fr        what it rests on and what it cannot prove, in words
-- checks:
--   basis in ('difference_in_differences', 'before_after', 'none')
--   low is null or (low <= effect and effect <= high)
--   (basis = 'difference_in_differences') = (low is not null)
select
    null::varchar as alert_id,
    null::integer as position,
    null::date as measured_month,
    null::varchar as basis,
    null::integer as controls,
    null::double as effect,
    null::double as low,
    null::double as high,
    null::varchar as basis_fr
where false
