-- One row per hand-over of a case to litigation and social follow-up, with the first act of the desk that took it over: any contact of the
-- team of litigation, or an act of procedure, from the day of the hand-over on.
-- grain: lease_id, handed_over_on
-- per: lease_id
-- columns:
--   lease_id        the lease
--   handed_over_on  the day of the hand-over
--   month           its month
--   agency_id       today's agency
--   first_act_on    the day of the first act; null where there was none
--   ended_on        the day on which the account was settled, that of the hand-over where it was already, or the lease ended; null while neither is so
-- checks:
--   first_act_on is null or first_act_on >= handed_over_on
--   ended_on is null or ended_on >= handed_over_on
with lease as (
    select lease_id, end_on from ledger.lease where use = 'residential'
),
action as (
    select lease_id, agency_id, action_on, month, kind, is_contact, team from conduct.action
),
balance as (
    select lease_id, on_date, until_on from conduct.balance where due_balance <= 0
),
handover as (
    select distinct lease_id, agency_id, action_on as handed_over_on, month from action where kind = 'handover'
),
act as (
    select lease_id, action_on
    from action
    where
        (team = 'litigation' and is_contact)
        or kind in ('notice_to_pay', 'ccapex_referral', 'summons')
),
acted as (
    select handover.lease_id, handover.handed_over_on, min(act.action_on) as first_act_on
    from handover
    inner join act on handover.lease_id = act.lease_id and act.action_on >= handover.handed_over_on
    group by handover.lease_id, handover.handed_over_on
),
settled as (
    select handover.lease_id, handover.handed_over_on, min(greatest(balance.on_date, handover.handed_over_on)) as settled_on
    from handover
    inner join balance on handover.lease_id = balance.lease_id and balance.until_on > handover.handed_over_on
    group by handover.lease_id, handover.handed_over_on
),
followed as (
    select
        handover.lease_id,
        handover.handed_over_on,
        handover.month,
        handover.agency_id,
        acted.first_act_on,
        least(settled.settled_on, case when lease.end_on >= handover.handed_over_on then lease.end_on end) as ended_on
    from handover
    inner join lease on handover.lease_id = lease.lease_id
    left join acted on handover.lease_id = acted.lease_id and handover.handed_over_on = acted.handed_over_on
    left join settled on handover.lease_id = settled.lease_id and handover.handed_over_on = settled.handed_over_on
)
select * from followed
