-- Tonight's list beside the last one, by agency: who stayed, who came, who left and why. Empty before the second list.
-- grain: agency_id
-- columns:
--   agency_id       today's agency
--   before_on       the night of the last list
--   listed_before   households on it
--   listed          households on tonight's
--   kept            households on both
--   entered         on tonight's only
--   left_excluded   on the last one only: contacted, helped, on hold … since
--   left_cohort     on the last one only: owes a whole term now, or has left the dwelling
--   left_outranked  on the last one only: others are likelier to fall
--   jaccard         households on both, over those on either
-- checks:
--   listed = kept + entered
--   listed_before = kept + left_excluded + left_cohort + left_outranked
with night as (
    select as_of from strategy.night
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
remembered_list as (
    select as_of, lease_id from remembered.listed
),
list as (
    select lease_id, agency_id from prevention.list
),
excluded as (
    select lease_id from prevention.excluded where is_main and as_of = (select as_of from night)
),
cohort as (
    select lease_id from risk.cohort where question = 'onset' and as_of = (select as_of from night)
),
last_list as (
    select remembered_list.as_of, lease.lease_id, lease.agency_id
    from remembered_list
    inner join lease on remembered_list.lease_id = lease.lease_id
    where remembered_list.as_of = (select max(as_of) from remembered_list)
),
either as (
    select
        coalesce(list.agency_id, last_list.agency_id) as agency_id,
        case
            when last_list.lease_id is null then 'entered'
            when list.lease_id is not null then 'kept'
            when excluded.lease_id is not null then 'left_excluded'
            when cohort.lease_id is null then 'left_cohort'
            else 'left_outranked'
        end as change
    from last_list
    full join list on last_list.lease_id = list.lease_id
    left join excluded on last_list.lease_id = excluded.lease_id
    left join cohort on last_list.lease_id = cohort.lease_id
),
counted as (
    select
        agency_id,
        (select max(as_of) from last_list) as before_on,
        count(*) filter (where change <> 'entered')::integer as listed_before,
        count(*) filter (where change in ('kept', 'entered'))::integer as listed,
        count(*) filter (where change = 'kept')::integer as kept,
        count(*) filter (where change = 'entered')::integer as entered,
        count(*) filter (where change = 'left_excluded')::integer as left_excluded,
        count(*) filter (where change = 'left_cohort')::integer as left_cohort,
        count(*) filter (where change = 'left_outranked')::integer as left_outranked,
        count(*) filter (where change = 'kept') / count(*) as jaccard
    from either
    where (select max(as_of) from last_list) is not null
    group by agency_id
)
select * from counted
