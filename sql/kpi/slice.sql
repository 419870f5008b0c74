-- One row per slice that indicators are told for, and agency in it: the company, each sector, each agency.
-- grain: level, slice_id, agency_id
-- columns:
--   level      company, sector or agency
--   slice_id   company, the sector's name, or the agency's id
--   agency_id  an agency of the slice
--   label      the slice's name on screen
--   sector     the sector of the agency; null for the company
--   position   the slice's place in lists
with night as (
    select landlord from strategy.night
),
agency as (
    select distinct agency_id, name, sector from ledger.agency_today
),
slice as (
    select 'company' as level, 'company' as slice_id, agency.agency_id, night.landlord as label, null::varchar as sector
    from agency
    cross join night
    union all
    select 'sector' as level, sector as slice_id, agency_id, sector as label, sector
    from agency
    union all
    select 'agency' as level, agency_id as slice_id, agency_id, name as label, sector
    from agency
),
placed as (
    select
        level,
        slice_id,
        agency_id,
        label,
        sector,
        dense_rank() over (
            order by
                case level when 'company' then 1 when 'sector' then 2 else 3 end, coalesce(sector, ''), label, slice_id
        )::integer as position
    from slice
)
select * from placed
