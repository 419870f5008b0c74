-- One row per past month end and household that could have been on its list, with the groups that fairness is told for, as they
-- were known on that day. Read to check that households are treated alike, and for nothing else.
-- grain: as_of, lease_id
-- per: lease_id
-- columns:
--   as_of           the month end
--   lease_id        the lease
--   household_id    the household
--   agency_id       today's agency
--   age_band        age of the person who holds the lease; null where it was not known
--   sex             likewise
--   household_size  band of people in the household; null where it was not known
--   capacity        third of the agencies by the length of their list for their households: 1 the shortest
--   listed          whether the household was on the list
--   outcome         whether it owed a whole term at a month end within the horizon
-- checks:
--   capacity between 1 and 3
with replay as (
    select as_of, lease_id, agency_id, listed, outcome from prevention.replay where not excluded
),
lease as (
    select lease_id, household_id from ledger.lease
),
capacity as (
    select as_of, agency_id, ntile(3) over (partition by as_of order by k / households, agency_id)::integer as third
    from prevention.capacity
),
mix as (
    select lease_id, month, household_size from kpi.mix where household_size <> 'unknown'
),
household_audit as (
    select
        household_id,
        valid_from,
        known_on,
        age_band::varchar as age_band,
        sex::varchar as sex,
        greatest(valid_from, known_on) as from_day
    from contract.household_audit
),
known as (
    select
        household_id,
        from_day,
        max(row(valid_from, known_on, age_band, sex)) over (partition by household_id order by from_day) as latest
    from household_audit
),
known_from as (
    select distinct household_id, from_day, latest[3] as age_band, latest[4] as sex from known
),
told as (
    select
        replay.as_of,
        replay.lease_id,
        lease.household_id,
        replay.agency_id,
        known_from.age_band,
        known_from.sex,
        mix.household_size,
        capacity.third as capacity,
        replay.listed,
        replay.outcome
    from replay
    inner join lease on replay.lease_id = lease.lease_id
    inner join capacity on replay.as_of = capacity.as_of and replay.agency_id = capacity.agency_id
    left join mix on replay.lease_id = mix.lease_id and date_trunc('month', replay.as_of)::date = mix.month
    asof left join known_from on lease.household_id = known_from.household_id and replay.as_of >= known_from.from_day
)
select * from told
