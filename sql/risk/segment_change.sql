-- One row per closing and possible move between two types of payment behaviour, over the whole company: how many households made it
-- since the closing before. Every move has its row, made or not. Not published: see risk.segment_move, where small counts are withheld.
-- A household without a known habit stands outside, as one that is not there.
-- grain: month, from_segment, to_segment
-- columns:
--   month         first day of the closing's month
--   from_segment  the type before; arrival for a household that was not there
--   to_segment    the type after; departure for a household that is not there any more
--   households    households
-- checks:
--   from_segment <> to_segment
--   households >= 0
with meaning as (
    select segment from risk.segment_meaning where segment <> 'unknown'
),
history as (
    select lease_id, month, segment from risk.segment_history where segment <> 'unknown'
),
told as (
    select min(month) as first_month from history
),
before as (
    select lease_id, (month + interval 1 month)::date as month, segment from history
),
pair as (
    select
        coalesce(history.month, before.month) as month,
        coalesce(before.segment, 'arrival') as from_segment,
        coalesce(history.segment, 'departure') as to_segment
    from history
    full join before on history.lease_id = before.lease_id and history.month = before.month
),
counted as (
    select month, from_segment, to_segment, count(*) as households
    from pair
    where from_segment <> to_segment
    group by month, from_segment, to_segment
),
closing as (
    select distinct history.month
    from history
    cross join told
    where history.month > told.first_month
),
source as (
    select segment from meaning
    union all
    select 'arrival' as segment
),
target as (
    select segment from meaning
    union all
    select 'departure' as segment
),
possible as (
    select closing.month, source.segment as from_segment, target.segment as to_segment
    from closing
    cross join source
    cross join target
    where source.segment <> target.segment and not (source.segment = 'arrival' and target.segment = 'departure')
),
filled as (
    select possible.month, possible.from_segment, possible.to_segment, coalesce(counted.households, 0)::integer as households
    from possible
    left join counted
        on possible.month = counted.month
        and possible.from_segment = counted.from_segment
        and possible.to_segment = counted.to_segment
)
select * from filled
