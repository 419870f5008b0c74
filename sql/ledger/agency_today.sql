-- Every agency code ever used, old or new, with the agency that answers for it on the as-of date.
-- A mapping counts from its valid_from; mappings chain (A became B, B became C) and are followed to the end.
-- A code that no mapping reaches stands for itself.
-- grain: code
-- columns:
--   code       an agency code as dwellings carry it
--   agency_id  today's agency
--   name       today's agency's name; its code where the landlord names none
--   sector     today's agency's sector
-- checks:
--   agency_id is not null
--   sector is not null
with recursive
night as (
    select as_of from strategy.night
),
agency as (
    select id, name, sector from contract.agency
),
mapping as (
    select legacy_agency_id, arg_max(agency_id, valid_from) as agency_id
    from contract.agency_mapping
    where valid_from <= (select as_of from night)
    group by legacy_agency_id
    having arg_max(agency_id, valid_from) <> legacy_agency_id
),
code as (
    select id as code from agency
    union
    select legacy_agency_id as code from contract.agency_mapping
),
followed as (
    select code, code as agency_id, 0 as steps
    from code
    union all
    select followed.code, mapping.agency_id, followed.steps + 1 as steps
    from followed
    inner join mapping on followed.agency_id = mapping.legacy_agency_id
    where followed.steps < 20
),
last_step as (
    select code, arg_max(agency_id, steps) as agency_id
    from followed
    group by code
),
named as (
    select
        last_step.code,
        last_step.agency_id,
        coalesce(agency.name, last_step.agency_id) as name,
        coalesce(agency.sector, 'Hors secteur') as sector
    from last_step
    left join agency on last_step.agency_id = agency.id
)
select * from named
