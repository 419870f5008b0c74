-- Of the households cured of arrears, the share that owes a whole term again at one of the six month ends that follow.
-- Told at the last of them. A household that left meanwhile without owing one has not relapsed.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  relapse_6m, or relapse_6m.after_aid: cured by the FSL's payments or by benefit paid late
--   level         company, sector or agency
--   slice_id      the slice
--   month         last month watched: the sixth after the cure
--   is_partial    true for the month under way
--   numerator     of them, leases owing a whole term again, as a present tenant, by the end of the month
--   denominator   leases cured in the sixth month before
--   volume        the denominator
--   cases         the numerator: households behind the figure
--   base_cases    the denominator
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   relapse_6m:
--     family: flows
--     position: 169
--     headline: true
--     label_fr: Rechutes dans les 6 mois
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: sorties d'impayé du sixième mois précédent suivies d'un nouveau terme entier dû à l'une des six fins de mois suivantes ÷ sorties d'impayé de ce mois
--   relapse_6m.after_aid:
--     family: flows
--     position: 170
--     label_fr: Rechutes dans les 6 mois après une aide
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "le même calcul pour les seules sorties qu'une aide du FSL ou un rappel d'aide au logement a permises : sans elle, un terme entier serait resté dû. Une aide qui ne fait que repousser l'impayé se voit ici. Ces sorties sont comprises dans le total"
with spell as (
    select agency_id, ended_month, by_aid, next_onset_month
    from arrears.spell
    where use = 'residential' and ended_by = 'settled'
),
closing as (
    select month, is_partial from arrears.closing
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
cured as (
    select
        agency_id,
        (ended_month + interval 6 months)::date as month,
        by_aid,
        coalesce(next_onset_month <= ended_month + interval 6 months, false) as relapsed
    from spell
),
by_agency as (
    select
        agency_id,
        month,
        'relapse_6m' as indicator_id,
        count(*) as leases,
        count(*) filter (where relapsed) as relapsed
    from cured
    group by agency_id, month
    union all
    select
        agency_id,
        month,
        'relapse_6m.after_aid' as indicator_id,
        count(*) as leases,
        count(*) filter (where relapsed) as relapsed
    from cured
    where by_aid
    group by agency_id, month
),
by_slice as (
    select
        by_agency.indicator_id,
        slice.level,
        slice.slice_id,
        closing.month,
        closing.is_partial,
        sum(by_agency.relapsed)::decimal(18, 2) as numerator,
        sum(by_agency.leases)::decimal(18, 2) as denominator,
        sum(by_agency.leases)::integer as volume,
        sum(by_agency.relapsed)::integer as cases,
        sum(by_agency.leases)::integer as base_cases
    from by_agency
    inner join closing on by_agency.month = closing.month
    inner join slice on by_agency.agency_id = slice.agency_id
    group by by_agency.indicator_id, slice.level, slice.slice_id, closing.month, closing.is_partial
)
select * from by_slice
