-- The actions of every alert: as the playbook recommends them on the night that opens it, as they were decided after that.
-- The playbook's plan is the indicator's own; else that of its group (the id up to the first dot); else its family's.
-- grain: alert_id, position
-- columns:
--   alert_id         the alert
--   position         place in the plan, from 1
--   action_fr        what is done
--   owner_role       the role that answers for it
--   owner_fr         who that is, in the agency where it has its own
--   due_on           by when
--   expected_effect  effect expected on the indicator, in its unit; null where none is put in figures
--   expected_fr      the same in words, with where the expectation comes from
-- checks:
--   due_on is not null and owner_fr is not null and action_fr is not null
with alert as (
    select alert_id, indicator_id, level, slice_id, opened_on from alert.alert
),
remembered as (
    select alert_id, position, action_fr, owner_role, owner_fr, due_on, expected_effect, expected_fr from remembered.plan
),
remembered_alert as (
    select alert_id from remembered.alert
),
indicator as (
    select indicator_id, family, unit from kpi.indicator
),
playbook as (
    select plan_key, position, action_fr, owner_role, days, expected_effect, source_fr from strategy.playbook
),
owner as (
    select owner_role, agency_id, owner_fr from strategy.owner
),
new_alert as (
    select
        alert.alert_id,
        alert.level,
        alert.slice_id,
        alert.opened_on,
        alert.indicator_id,
        split_part(alert.indicator_id, '.', 1) as indicator_group,
        indicator.family,
        indicator.unit
    from alert
    anti join remembered_alert on alert.alert_id = remembered_alert.alert_id
    inner join indicator on alert.indicator_id = indicator.indicator_id
),
plan_key as (
    select
        new_alert.alert_id,
        coalesce(
            max(playbook.plan_key) filter (where playbook.plan_key = new_alert.indicator_id),
            max(playbook.plan_key) filter (where playbook.plan_key = new_alert.indicator_group),
            max(playbook.plan_key) filter (where playbook.plan_key = new_alert.family)
        ) as plan_key
    from new_alert
    cross join playbook
    group by new_alert.alert_id
),
effect as (
    select
        new_alert.alert_id,
        new_alert.opened_on,
        playbook.position,
        playbook.action_fr,
        playbook.owner_role,
        coalesce(own.owner_fr, general.owner_fr) as owner_fr,
        playbook.days,
        playbook.expected_effect,
        playbook.source_fr,
        case new_alert.unit when 'ratio' then 100 else 1 end * playbook.expected_effect as shown,
        case new_alert.unit when 'ratio' then 'point' when 'days' then 'jour' when 'euros' then '€' else '' end as word
    from new_alert
    inner join plan_key on new_alert.alert_id = plan_key.alert_id
    inner join playbook on plan_key.plan_key = playbook.plan_key
    inner join owner as general on playbook.owner_role = general.owner_role and general.agency_id is null
    left join owner as own
        on playbook.owner_role = own.owner_role and new_alert.level = 'agency' and new_alert.slice_id = own.agency_id
),
planned as (
    select
        alert_id,
        position,
        action_fr,
        owner_role,
        owner_fr,
        (opened_on + to_days(days))::date as due_on,
        expected_effect,
        case
            when shown is null then source_fr
            else trim(
                concat(
                    case when shown < 0 then '−' when shown > 0 then '+' else '' end,
                    replace(regexp_replace(printf('%.2f', abs(shown)), '\.?0+$', ''), '.', ','),
                    ' ',
                    word,
                    case when word in ('point', 'jour') and abs(shown) >= 2 then 's' else '' end
                )
            ) || ' : ' || source_fr
        end as expected_fr
    from effect
    union all
    select remembered.*
    from remembered
    semi join alert on remembered.alert_id = alert.alert_id
)
select * from planned
