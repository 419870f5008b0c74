-- One row per agency: how many households tonight's list holds, and out of how many.
-- grain: agency_id
-- columns:
--   agency_id          today's agency
--   as_of              the night
--   contacts_per_week  households that its teams can contact in a week; null where the landlord does not say
--   k                  places on the list
--   households         present households that owe no whole term
--   excluded           of these, those on no list tonight: contacted, helped, on hold …
--   eligible           the others
--   listed             households on the list: k, or all eligible ones where they are fewer
-- checks:
--   households = excluded + eligible
--   listed = least(k, eligible)
with night as (
    select as_of from strategy.night
),
capacity as (
    select agency_id, as_of, contacts_per_week, k, households
    from prevention.capacity
    where as_of = (select as_of from night)
),
excluded as (
    select agency_id from prevention.excluded where is_main and as_of = (select as_of from night)
),
left_out as (
    select agency_id, count(*)::integer as households from excluded group by agency_id
),
sized as (
    select
        capacity.agency_id,
        capacity.as_of,
        capacity.contacts_per_week,
        capacity.k,
        capacity.households,
        coalesce(left_out.households, 0) as excluded,
        capacity.households - coalesce(left_out.households, 0) as eligible
    from capacity
    left join left_out on capacity.agency_id = left_out.agency_id
),
placed as (
    select *, least(k, eligible) as listed from sized
)
select * from placed
