-- The reminders and collection acts done while nothing was due, case by case, for those who must put them right. Written to the
-- night's restricted exports, never to a site.
-- grain: action_id
-- per: lease_id
-- columns:
--   action_id       the action
--   lease_id        the lease
--   household_id    the household
--   agency_id       today's agency
--   action_on       the day on which it was done
--   kind            what was done
--   purpose         reminder or collection_act
--   due_balance     due balance at the end of that day, by value date
--   booked_balance  due balance as booked the evening before
--   is_harm         nothing was due by value date
--   is_fault        nothing was due by the books
--   status          present, or departed once the lease has ended
with night as (
    select as_of from strategy.night
),
chased as (
    select action_id, lease_id, agency_id, action_on, kind, purpose, due_balance, booked_balance, is_harm, is_fault
    from conduct.chased
),
lease as (
    select lease_id, household_id, end_on from ledger.lease
),
listed as (
    select
        chased.action_id,
        chased.lease_id,
        lease.household_id,
        chased.agency_id,
        chased.action_on,
        chased.kind,
        chased.purpose,
        chased.due_balance,
        chased.booked_balance,
        chased.is_harm,
        chased.is_fault,
        case when lease.end_on is null or lease.end_on > night.as_of then 'present' else 'departed' end as status
    from chased
    inner join lease on chased.lease_id = lease.lease_id
    cross join night
)
select * from listed
