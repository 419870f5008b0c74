-- One row per agency of today: the former agencies that it answers for, and since when.
-- An agency made of several is merged from the day on which the first of them was taken over.
-- grain: agency_id
-- columns:
--   agency_id          today's agency
--   merged_on          first day on which one of its former agencies was taken over; null for an agency that took over none
--   last_merged_on     the same for the last of them
--   former_agencies    codes of its former agencies, by code
--   landlords          former landlords that they belonged to, by name; null where the strategy names none
--   company_landlords  former landlords of the whole company; null where the strategy does not tell those of every agency
-- checks:
--   (merged_on is null) = (last_merged_on is null)
--   merged_on <= last_merged_on
with night as (
    select as_of from strategy.night
),
agency_today as (
    select code, agency_id from ledger.agency_today
),
agency_mapping as (
    select legacy_agency_id, agency_id, valid_from from contract.agency_mapping
),
former_landlord as (
    select landlord, agency_pattern from strategy.former_landlord
),
taken_over as (
    select agency_mapping.legacy_agency_id as code, min(agency_mapping.valid_from) as taken_over_on
    from agency_mapping
    cross join night
    where agency_mapping.valid_from <= night.as_of and agency_mapping.agency_id <> agency_mapping.legacy_agency_id
    group by agency_mapping.legacy_agency_id
),
former as (
    select agency_today.agency_id, agency_today.code, taken_over.taken_over_on
    from agency_today
    left join taken_over on agency_today.code = taken_over.code
),
belonging as (
    select former.agency_id, former.code, former.taken_over_on, min(former_landlord.landlord) as landlord
    from former
    left join former_landlord on former.code glob former_landlord.agency_pattern
    group by former.agency_id, former.code, former.taken_over_on
),
by_agency as (
    select
        agency_id,
        min(taken_over_on) as merged_on,
        max(taken_over_on) as last_merged_on,
        string_agg(code, ', ' order by code) filter (where taken_over_on is not null) as former_agencies,
        string_agg(distinct landlord, ', ' order by landlord) as landlords
    from belonging
    group by agency_id
),
company as (
    select
        case when bool_and(by_agency.landlords is not null) then (select count(distinct landlord) from belonging) end::integer
            as landlords
    from by_agency
),
told as (
    select
        by_agency.agency_id,
        by_agency.merged_on,
        by_agency.last_merged_on,
        by_agency.former_agencies,
        by_agency.landlords,
        company.landlords as company_landlords
    from by_agency
    cross join company
)
select * from told
