-- Households that owe no whole term and are on no list all the same, tonight and at each past month end that is scored
-- again, with the reason, on what was known by that date. A call or visit that reached nobody is no contact; a move-in
-- diagnosis is one, and no help. What a person dismissed comes back no sooner than a score expires; so does a household that
-- was helped. Guardianship keeps nobody out: it only changes whom to speak to.
-- grain: as_of, lease_id, reason
-- per: lease_id
-- columns:
--   as_of      the date
--   lease_id   the lease
--   agency_id  today's agency
--   reason     hold, plan, helped, contacted, dismissed, or waiting_receipt: a receipt that may be the household's waits
--   detail     the kind of hold, action or decision; the newest of its reason
--   is_main    true for one reason a household, in the order above: their counts add up
-- checks:
--   reason in ('hold', 'plan', 'helped', 'contacted', 'dismissed', 'waiting_receipt')
with setting as (
    select recently_contacted_days, expires_days, replayed_origins from strategy.risk
),
tolerance as (
    select plan_tolerance_days from strategy.procedure
),
stop as (
    select kind from strategy.stop
),
action_kind as (
    select kind, purpose, is_contact from strategy.action_kind
),
origin as (
    select as_of from risk.origin where place <= (select replayed_origins from setting)
),
cohort as (
    select as_of, lease_id, agency_id from risk.cohort where question = 'onset'
),
lease_hold as (
    select lease_id, kind::varchar as kind, from_on, to_on, coalesce(known_on, from_on) as known_on from contract.lease_hold
),
plan as (
    select id, lease_id, signed_on, ended_on, coalesce(known_on, signed_on) as known_on from contract.plan
),
plan_instalment as (
    select plan_id, max(due_on) as last_due_on from contract.plan_instalment group by plan_id
),
action as (
    select lease_id, kind::varchar as kind, action_on, coalesce(recorded_on, action_on) as recorded_on
    from contract.action
    where contact is distinct from 'attempted'
),
disposition as (
    select lease_id, decision::varchar as decision, decided_on from contract.disposition
),
reminder_block as (
    select lease_id, since from prevention.reminder_block
),
event as (
    select
        action.lease_id,
        case
            when action_kind.purpose = 'offer_of_help' and action.kind <> 'move_in_diagnosis' then 'helped' else 'contacted'
        end as reason,
        action.kind as detail,
        action.action_on as from_on,
        greatest(action.action_on, action.recorded_on) as known_on
    from action
    inner join action_kind on action.kind = action_kind.kind
    where action_kind.is_contact or action_kind.purpose = 'offer_of_help'
    union all
    select lease_id, decision as reason, decision as detail, decided_on as from_on, decided_on as known_on
    from disposition
    where decision in ('contacted', 'helped', 'dismissed')
),
lasting as (
    select
        event.lease_id,
        event.reason,
        event.detail,
        event.from_on,
        event.known_on,
        event.from_on
        + case when event.reason = 'contacted' then setting.recently_contacted_days else setting.expires_days end
        - 1 as to_on
    from event
    cross join setting
    union all
    select lease_hold.lease_id, 'hold' as reason, lease_hold.kind as detail, lease_hold.from_on, lease_hold.known_on, lease_hold.to_on
    from lease_hold
    inner join stop on lease_hold.kind = stop.kind
    union all
    select
        plan.lease_id,
        'plan' as reason,
        'plan' as detail,
        plan.signed_on as from_on,
        plan.known_on,
        coalesce(plan.ended_on, greatest(plan_instalment.last_due_on, plan.signed_on) + tolerance.plan_tolerance_days) as to_on
    from plan
    cross join tolerance
    left join plan_instalment on plan.id = plan_instalment.plan_id
    union all
    select
        lease_id, 'waiting_receipt' as reason, 'waiting_receipt' as detail, since as from_on, since as known_on, null::date as to_on
    from reminder_block
),
standing as (
    select cohort.as_of, cohort.lease_id, cohort.agency_id, lasting.reason, lasting.detail, lasting.from_on
    from cohort
    inner join origin on cohort.as_of = origin.as_of
    inner join lasting
        on cohort.lease_id = lasting.lease_id
        and lasting.from_on <= cohort.as_of
        and lasting.known_on <= cohort.as_of
        and (lasting.to_on >= cohort.as_of or lasting.to_on is null)
),
reasoned as (
    select as_of, lease_id, agency_id, reason, max_by(detail, (from_on, detail)) as detail
    from standing
    group by as_of, lease_id, agency_id, reason
),
ordered as (
    select
        *,
        row_number() over (
            partition by as_of, lease_id
            order by list_position(['hold', 'plan', 'helped', 'contacted', 'dismissed', 'waiting_receipt'], reason)
        ) = 1 as is_main
    from reasoned
)
select * from ordered
