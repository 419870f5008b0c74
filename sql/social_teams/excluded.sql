-- How many households that owe no whole term are on no list tonight whatever their risk, by reason; and how many of them their risk
-- would have put on it.
-- grain: scope_id, reason
-- columns:
--   scope_id    the scope
--   reason      hold, plan, helped, contacted, dismissed or waiting_receipt
--   reason_fr   the same in words
--   position    its place
--   households  households
--   at_risk     of these, those that rank within the length of their agency's list
-- checks:
--   at_risk <= households
with night as (
    select as_of from strategy.night
),
agency as (
    select scope_id, agency_id, list_size from social_teams.agency
),
excluded as (
    select as_of, lease_id, agency_id, reason from prevention.excluded where is_main
),
score as (
    select lease_id, rank from risk.score where question = 'onset'
),
counted as (
    select
        agency.scope_id,
        excluded.reason,
        count(*)::integer as households,
        (count(*) filter (where score.rank <= agency.list_size))::integer as at_risk
    from excluded
    inner join night on excluded.as_of = night.as_of
    inner join agency on excluded.agency_id = agency.agency_id
    left join score on excluded.lease_id = score.lease_id
    group by agency.scope_id, excluded.reason
),
worded as (
    select
        scope_id,
        reason,
        case reason
            when 'hold' then 'suspension en cours : on ne les sollicite pas'
            when 'plan' then 'plan d’apurement en cours'
            when 'helped' then 'déjà aidés'
            when 'contacted' then 'contactés ces dernières semaines'
            when 'dismissed' then 'écartés par une personne, qui a dit pourquoi'
            else 'un encaissement à rattacher pourrait être le leur'
        end as reason_fr,
        case reason
            when 'contacted' then 1
            when 'helped' then 2
            when 'plan' then 3
            when 'hold' then 4
            when 'dismissed' then 5
            else 6
        end as position,
        households,
        at_risk
    from counted
)
select * from worded
