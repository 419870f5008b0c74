-- One row per slice, closing and type of payment behaviour: its share of the households, and over the whole company how many came to
-- it and left it. Counts of few households are withheld, and whatever would give one away (risk.segment_withheld).
-- grain: level, slice_id, month, segment
-- columns:
--   level       company, sector or agency
--   slice_id    the slice
--   month       first day of the closing's month
--   segment     the type, see risk.segment_meaning
--   households  households of the type; null where withheld
--   present     households of the slice, of whatever type; null where every type is withheld
--   share       households over present
--   moved_in    company only: households that came to the type since the closing before; null where withheld
--   moved_out   company only: households that left it
--   withheld    why households is withheld: few_households or complement; else null
-- checks:
--   households >= 0 and households <= present
--   share between 0 and 1
with segment_count as (
    select level, slice_id, month, segment, households, present, moved_in, moved_out from risk.segment_count
),
withheld as (
    select figure, level, slice_id, month, segment, reason from risk.segment_withheld where figure <> 'move'
),
joined as (
    select
        segment_count.level,
        segment_count.slice_id,
        segment_count.month,
        segment_count.segment,
        case when households.reason is null then segment_count.households end as households,
        segment_count.present,
        count(*) filter (where households.reason is null) over (
            partition by segment_count.level, segment_count.slice_id, segment_count.month
        ) as types_shown,
        case when moved_in.reason is null then segment_count.moved_in end as moved_in,
        case when moved_out.reason is null then segment_count.moved_out end as moved_out,
        households.reason as withheld
    from segment_count
    left join withheld as households
        on households.figure = 'households'
        and segment_count.level = households.level
        and segment_count.slice_id = households.slice_id
        and segment_count.month = households.month
        and segment_count.segment = households.segment
    left join withheld as moved_in
        on moved_in.figure = 'moved_in'
        and segment_count.level = moved_in.level
        and segment_count.slice_id = moved_in.slice_id
        and segment_count.month = moved_in.month
        and segment_count.segment = moved_in.segment
    left join withheld as moved_out
        on moved_out.figure = 'moved_out'
        and segment_count.level = moved_out.level
        and segment_count.slice_id = moved_out.slice_id
        and segment_count.month = moved_out.month
        and segment_count.segment = moved_out.segment
),
told as (
    select
        level,
        slice_id,
        month,
        segment,
        households,
        case when types_shown > 0 then present end as present,
        (households / nullif(present, 0))::double as share,
        moved_in,
        moved_out,
        withheld
    from joined
)
select * from told
