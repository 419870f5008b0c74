-- What tonight changed about alerts: the morning digest tells this, and nothing when it is empty.
-- An alert worsens at most once a closing: what an earlier night of the same month told is not told again.
-- grain: alert_id
-- columns:
--   alert_id  the alert
--   change    opened, worsened or closed
-- checks:
--   change in ('opened', 'worsened', 'closed')
with alert as (
    select alert_id, month, closed_on, trend from alert.alert
),
remembered as (
    select alert_id, closed_on from remembered.alert
),
telling as (
    select alert_id, month from remembered.telling
),
compared as (
    select
        alert.alert_id,
        case
            when remembered.alert_id is null then 'opened'
            when alert.closed_on is not null and remembered.closed_on is null then 'closed'
            when alert.closed_on is null and alert.trend = 'worsened' and telling.alert_id is null then 'worsened'
        end as change
    from alert
    left join remembered on alert.alert_id = remembered.alert_id
    left join telling on alert.alert_id = telling.alert_id and alert.month = telling.month
),
changed as (
    select alert_id, change from compared where change is not null
)
select * from changed
