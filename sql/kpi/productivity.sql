-- Open cases, and actions of the month, for one full-time equivalent of the teams that serve an agency. Capacity holds from its day until
-- the next line for the same team and agency code; a former code's counts for today's agency until a line says otherwise.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  productivity.cases_per_fte or productivity.actions_per_fte
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     present leases owing a whole term at the closing; actions of the month
--   denominator   full-time equivalents at the closing
--   volume        the numerator
--   cases         leases behind the open cases; null for actions, the landlord's own conduct
--   base_cases    not used here
--   value         cases or actions for one full-time equivalent
-- checks:
--   denominator > 0
--   value >= 0
-- indicators:
--   productivity.cases_per_fte:
--     family: productivity
--     position: 390
--     label_fr: Dossiers par équivalent temps plein
--     unit: number
--     good_direction: down
--     perimeter: present
--     formula_fr: "baux présents devant au moins un terme entier ÷ équivalents temps plein des équipes qui servent l'agence"
--   productivity.actions_per_fte:
--     family: productivity
--     position: 391
--     label_fr: Actions par équivalent temps plein
--     unit: number
--     good_direction: up
--     perimeter: both
--     formula_fr: "actions du mois (lettres, messages, appels, visites, entretiens, démarches, actes) ÷ équivalents temps plein des équipes qui servent l'agence"
with closing as (
    select month, closing_on, is_partial from arrears.closing
),
lease_month as (
    select agency_id, month
    from arrears.lease_month
    where use = 'residential' and status = 'present' and terms_owed >= 1
),
action as (
    select agency_id, month from conduct.action
),
team_capacity as (
    select team, agency_id as code, valid_from, full_time_equivalents
    from contract.team_capacity
    where full_time_equivalents is not null
),
agency_today as (
    select code, agency_id from ledger.agency_today
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
in_force as (
    select
        closing.month,
        team_capacity.team,
        team_capacity.code,
        arg_max(team_capacity.full_time_equivalents, team_capacity.valid_from) as full_time_equivalents
    from closing
    inner join team_capacity on team_capacity.valid_from <= closing.closing_on
    group by closing.month, team_capacity.team, team_capacity.code
),
capacity as (
    select in_force.month, agency_today.agency_id, sum(in_force.full_time_equivalents) as full_time_equivalents
    from in_force
    inner join agency_today on in_force.code = agency_today.code
    group by in_force.month, agency_today.agency_id
),
open_case as (
    select agency_id, month, count(*) as leases from lease_month group by agency_id, month
),
done as (
    select agency_id, month, count(*) as actions from action group by agency_id, month
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        closing.month,
        closing.is_partial,
        sum(capacity.full_time_equivalents)::decimal(18, 2) as full_time_equivalents,
        coalesce(sum(open_case.leases), 0) as leases,
        coalesce(sum(done.actions), 0) as actions
    from closing
    inner join capacity on closing.month = capacity.month
    inner join slice on capacity.agency_id = slice.agency_id
    left join open_case on capacity.agency_id = open_case.agency_id and capacity.month = open_case.month
    left join done on capacity.agency_id = done.agency_id and capacity.month = done.month
    group by slice.level, slice.slice_id, closing.month, closing.is_partial
    having sum(capacity.full_time_equivalents) > 0
),
told as (
    select
        'productivity.cases_per_fte' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        leases::decimal(18, 2) as numerator,
        full_time_equivalents as denominator,
        leases::integer as volume,
        leases::integer as cases,
        null::integer as base_cases,
        leases::double / full_time_equivalents::double as value
    from by_slice
    union all
    select
        'productivity.actions_per_fte' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        actions::decimal(18, 2) as numerator,
        full_time_equivalents as denominator,
        actions::integer as volume,
        null::integer as cases,
        null::integer as base_cases,
        actions::double / full_time_equivalents::double as value
    from by_slice
)
select * from told
