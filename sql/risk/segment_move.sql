-- One row per closing and move between two types of payment behaviour, over the whole company: how many households made it since the
-- closing before. Counts of few households are withheld, and whatever would give one away (risk.segment_withheld).
-- grain: month, from_segment, to_segment
-- columns:
--   month         first day of the closing's month
--   from_segment  the type before; arrival for a household that was not there
--   to_segment    the type after; departure for a household that is not there any more
--   households    households; null where withheld
--   withheld      why: few_households or complement; else null
-- checks:
--   (households is null) = (withheld is not null)
with change as (
    select month, from_segment, to_segment, households from risk.segment_change
),
withheld as (
    select month, segment, to_segment, reason from risk.segment_withheld where figure = 'move'
),
told as (
    select
        change.month,
        change.from_segment,
        change.to_segment,
        case when withheld.reason is null then change.households end as households,
        withheld.reason as withheld
    from change
    left join withheld
        on change.month = withheld.month
        and change.from_segment = withheld.segment
        and change.to_segment = withheld.to_segment
)
select * from told
