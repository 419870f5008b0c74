-- The agencies that came by a merger.
-- grain: agency_id
-- columns:
--   agency_id        today's agency
--   agency_label     its name
--   merged_on        first day on which one of its former agencies was taken over
--   last_merged_on   the same for the last of them
--   former_agencies  codes of its former agencies
--   landlords        former landlords that they belonged to; null where nobody says
with merger as (
    select agency_id, merged_on, last_merged_on, former_agencies, landlords from kpi.merger where merged_on is not null
),
slice as (
    select distinct slice_id, label from kpi.slice where level = 'agency'
),
named as (
    select
        merger.agency_id,
        coalesce(slice.label, merger.agency_id) as agency_label,
        merger.merged_on,
        merger.last_merged_on,
        merger.former_agencies,
        merger.landlords
    from merger
    left join slice on merger.agency_id = slice.slice_id
)
select * from named
