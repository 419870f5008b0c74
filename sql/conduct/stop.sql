-- One row per lease and time in which the procedure leaves it in peace: holds that stop reminders, plans that run, receipts
-- that wait for their lease. A plan whose end is not told runs until its last instalment and the days of tolerance.
-- grain: lease_id, reason, from_on
-- per: lease_id
-- crosses:
--   contract.lease_hold  coalesce(known_on, from_on)
--   contract.plan  coalesce(known_on, signed_on)
-- columns:
--   lease_id  the lease
--   reason    the kind of hold (contract.lease_hold), plan, or waiting_receipt
--   from_on   first day
--   to_on     last day; far in the future while it lasts
-- checks:
--   to_on >= from_on
with night as (
    select as_of from strategy.night
),
setting as (
    select plan_tolerance_days from strategy.procedure
),
stop as (
    select kind from strategy.stop
),
lease_hold as (
    select lease_id, kind::varchar as kind, from_on, to_on
    from contract.lease_hold
    where coalesce(known_on, from_on) <= (select as_of from night)
),
plan as (
    select id, lease_id, signed_on, ended_on
    from contract.plan
    where coalesce(known_on, signed_on) <= (select as_of from night)
),
plan_instalment as (
    select plan_id, max(due_on) as last_due_on from contract.plan_instalment group by plan_id
),
reminder_block as (
    select lease_id, since from prevention.reminder_block
),
each_stop as (
    select lease_hold.lease_id, lease_hold.kind as reason, lease_hold.from_on, lease_hold.to_on
    from lease_hold
    inner join stop on lease_hold.kind = stop.kind
    union all
    select
        plan.lease_id,
        'plan' as reason,
        plan.signed_on as from_on,
        coalesce(plan.ended_on, greatest(plan_instalment.last_due_on, plan.signed_on) + setting.plan_tolerance_days) as to_on
    from plan
    cross join setting
    left join plan_instalment on plan.id = plan_instalment.plan_id
    union all
    select lease_id, 'waiting_receipt' as reason, since as from_on, null::date as to_on
    from reminder_block
),
told as (
    select lease_id, reason, from_on, max(coalesce(to_on, date '9999-12-31')) as to_on
    from each_stop
    group by lease_id, reason, from_on
)
select * from told
