-- One row per agency, tonight and at each past month end that is scored again: how long its list is.
-- A list is as long as what its teams can contact while it is valid: the prevention desk's weekly contacts and those of the
-- agency's own advisers, who take new entrants, times the weeks. Both work on one list, the likeliest to fall first, whoever
-- answers for them. Capacity holds from its day until the next line for the same team and agency code; a former code's counts
-- for today's agency until a line says otherwise. Where the landlord tells none for an agency, its list holds the strategy's
-- share of the households that owe no whole term.
-- grain: as_of, agency_id
-- columns:
--   as_of              the date
--   agency_id          today's agency
--   households         present households that owed no whole term
--   contacts_per_week  households that the two teams can contact in a week; null where the landlord does not say
--   k                  places on the list
-- checks:
--   k >= 0
with setting as (
    select list_weeks, untold_capacity_share, replayed_origins from strategy.risk
),
origin as (
    select as_of from risk.origin where place <= (select replayed_origins from setting)
),
cohort as (
    select as_of, agency_id from risk.cohort where question = 'onset'
),
team_capacity as (
    select team, agency_id as code, valid_from, contacts_per_week
    from contract.team_capacity
    where team in ('prevention', 'agency')
),
agency_today as (
    select code, agency_id from ledger.agency_today
),
in_force as (
    select
        origin.as_of,
        team_capacity.team,
        team_capacity.code,
        arg_max(team_capacity.contacts_per_week, team_capacity.valid_from) as contacts_per_week
    from origin
    inner join team_capacity on team_capacity.valid_from <= origin.as_of
    group by origin.as_of, team_capacity.team, team_capacity.code
),
told as (
    select in_force.as_of, agency_today.agency_id, sum(in_force.contacts_per_week)::integer as contacts_per_week
    from in_force
    inner join agency_today on in_force.code = agency_today.code
    group by in_force.as_of, agency_today.agency_id
),
counted as (
    select cohort.as_of, cohort.agency_id, count(*)::integer as households
    from cohort
    inner join origin on cohort.as_of = origin.as_of
    group by cohort.as_of, cohort.agency_id
),
capacity as (
    select
        counted.as_of,
        counted.agency_id,
        counted.households,
        told.contacts_per_week,
        coalesce(
            told.contacts_per_week * setting.list_weeks, ceil(counted.households * setting.untold_capacity_share)
        )::integer as k
    from counted
    cross join setting
    left join told on counted.as_of = told.as_of and counted.agency_id = told.agency_id
)
select * from capacity
