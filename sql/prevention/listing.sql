-- One row per list of an earlier date and household on it: those given to the teams, and those replayed at the month ends
-- that had none.
-- grain: listed_on, lease_id
-- per: lease_id
-- columns:
--   listed_on  the night of the list; the month end of a replayed one
--   lease_id   the lease
--   agency_id  today's agency
--   given      whether it was given to the teams; else it is replayed
with lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
remembered_list as (
    select as_of, lease_id from remembered.listed where not in_shadow
),
replay as (
    select as_of, lease_id, agency_id from prevention.replay where listed and not given
),
listing as (
    select remembered_list.as_of as listed_on, lease.lease_id, lease.agency_id, true as given
    from remembered_list
    inner join lease on remembered_list.lease_id = lease.lease_id
    union all
    select as_of as listed_on, lease_id, agency_id, false as given
    from replay
)
select * from listing
