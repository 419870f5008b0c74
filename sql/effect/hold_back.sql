-- One row per lease and month in which the landlord's actions may be held back at random: whether they are, for this lease.
-- Empty unless the strategy's hold-back is on, approved by name and date; months after the approval are drawn, the next one included.
-- The draw is a hash of the seed, the lease and the month: the same every night, and nobody's choice.
-- A household that has asked for help, or has a plan running, is exempt and never held back. Whoever asks for help during the
-- month gets it, whatever was drawn, and nothing that the law prescribes is ever held back: the strategy refuses it by name.
-- grain: lease_id, period
-- per: lease_id
-- columns:
--   lease_id      the lease
--   period        first day of the month
--   household_id  the household
--   held_back     whether the actions named by the strategy are held back from the lease in that month
--   exempt        whether the household had asked for help in the six months before, or had a plan running
--   owed          whether it owed a whole term at the last closing before the month: those are compared
-- checks:
--   not (held_back and exempt)
with night as (
    select as_of from strategy.night
),
effects as (
    select relapse_months, hold_back, hold_back_share, hold_back_seed, hold_back_approved_on from strategy.effects
),
lease as (
    select lease_id, household_id, start_on, end_on from ledger.lease where use = 'residential'
),
lease_month as (
    select lease_id, (month + interval 1 month)::date as period
    from arrears.lease_month
    where status = 'present' and not is_partial and terms_owed >= 1
),
action as (
    select lease_id, action_on from contract.action where kind = 'fsl_request' or outcome in ('aid_requested', 'plan')
),
plan as (
    select lease_id, signed_on, ended_on from contract.plan
),
period as (
    select
        unnest(
            generate_series(
                date_trunc('month', effects.hold_back_approved_on) + interval 1 month,
                date_trunc('month', night.as_of) + interval 1 month,
                interval 1 month
            )
        )::date as period
    from effects
    cross join night
    where effects.hold_back
),
present as (
    select lease.lease_id, lease.household_id, period.period
    from lease
    inner join period on lease.start_on < period.period and (lease.end_on is null or lease.end_on >= period.period)
),
asking as (
    select distinct present.lease_id, present.period
    from present
    inner join action on present.lease_id = action.lease_id
    where action.action_on < present.period and action.action_on >= present.period - interval 6 month
    union
    select distinct present.lease_id, present.period
    from present
    inner join plan on present.lease_id = plan.lease_id
    where plan.signed_on < present.period and (plan.ended_on is null or plan.ended_on >= present.period)
),
drawn as (
    select
        present.lease_id,
        present.period,
        present.household_id,
        md5_number_lower(effects.hold_back_seed || ' ' || present.lease_id || ' ' || present.period)::double / 18446744073709551616.0
            < effects.hold_back_share as drawn,
        asking.lease_id is not null as exempt,
        lease_month.lease_id is not null as owed
    from present
    cross join effects
    left join asking on present.lease_id = asking.lease_id and present.period = asking.period
    left join lease_month on present.lease_id = lease_month.lease_id and present.period = lease_month.period
),
assigned as (
    select lease_id, period, household_id, drawn and not exempt as held_back, exempt, owed from drawn
)
select * from assigned
