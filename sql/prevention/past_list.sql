-- One row per past month end and household that was on its list, or fell into arrears within the horizon without being on it.
-- A household that was contacted or helped and did not fall is no false alarm: the help may be why.
-- grain: as_of, lease_id
-- per: lease_id
-- columns:
--   as_of       the month end
--   lease_id    the lease
--   agency_id   today's agency
--   given       whether the list had been given to the teams; else it is replayed
--   listed_on   the night whose list it is
--   listed      whether it was on the list
--   kept        whether it was on the list before
--   came        caught: listed, and fell; spared: listed, contacted or helped, and did not fall; false_alarm: listed, left alone, and did not fall; missed: fell without being listed; left_out: fell, and was left out of the list for a reason
--   is_alone    whether nobody had contacted or helped the household before it fell, or within the horizon
--   reached_on  the month end at which it first owed a whole term
--   lead_days   days from the list to that
-- checks:
--   listed = (came in ('caught', 'spared', 'false_alarm'))
--   (reached_on is not null) = (came in ('caught', 'missed', 'left_out'))
with replay as (
    select as_of, lease_id, agency_id, given, listed_on, excluded, listed, kept, outcome, reached_on, contacted, helped
    from prevention.replay
    where listed or outcome
),
judged as (
    select
        as_of,
        lease_id,
        agency_id,
        given,
        listed_on,
        listed,
        kept,
        case
            when listed and outcome then 'caught'
            when listed and (contacted or helped) then 'spared'
            when listed then 'false_alarm'
            when excluded then 'left_out'
            else 'missed'
        end as came,
        not contacted and not helped as is_alone,
        reached_on,
        reached_on - listed_on as lead_days
    from replay
)
select * from judged
