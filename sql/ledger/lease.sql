-- One row per lease: who occupies what, and which agency answers for it today.
-- grain: lease_id
-- per: lease_id
-- columns:
--   lease_id      the lease
--   household_id  the household
--   dwelling_id   the dwelling
--   agency_id     today's agency of the dwelling: history is restated on it
--   sector        today's sector of that agency
--   use           residential, parking, garage or commercial
--   start_on      first day of the lease
--   end_on        last day of the lease; null while the household is present
-- checks:
--   agency_id is not null
with lease as (
    select id, household_id, dwelling_id, start_on, end_on from contract.lease
),
dwelling as (
    select id, agency_id, use from contract.dwelling
),
agency_today as (
    select code, agency_id, sector from ledger.agency_today
),
joined as (
    select
        lease.id as lease_id,
        lease.household_id,
        lease.dwelling_id,
        agency_today.agency_id,
        agency_today.sector,
        dwelling.use,
        lease.start_on,
        lease.end_on
    from lease
    inner join dwelling on lease.dwelling_id = dwelling.id
    left join agency_today on dwelling.agency_id = agency_today.code
)
select * from joined
