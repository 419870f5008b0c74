-- Figures that may not be published, because they would tell of too few households.
-- A figure is withheld when 1 to the configured number of households stand behind it or behind its denominator. Where
-- that leaves one withheld figure among figures that sum to a published total (the buckets of a slice, the agencies of a
-- sector, the sectors of the company), the next smallest is withheld too, so that the first cannot be found by subtraction.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  the indicator
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   reason        few_households, or complement
-- checks:
--   reason in ('few_households', 'complement')
with setting as (
    select disclosure_minimum from strategy.setting
),
measure as (
    select indicator_id, level, slice_id, month, cases, base_cases, share_group
    from kpi.measure
    where cases is not null or base_cases is not null
),
parent as (
    select distinct level, slice_id, coalesce(case when level = 'agency' then sector else 'company' end, 'none') as parent
    from kpi.slice
),
first_pass as (
    select
        measure.indicator_id,
        measure.level,
        measure.slice_id,
        measure.month,
        measure.cases,
        measure.share_group,
        parent.parent,
        coalesce(measure.cases between 1 and setting.disclosure_minimum, false)
        or coalesce(measure.base_cases between 1 and setting.disclosure_minimum, false) as withheld
    from measure
    inner join parent on measure.level = parent.level and measure.slice_id = parent.slice_id
    cross join setting
),
among_buckets as (
    select
        *,
        withheld
        or (
            share_group is not null
            and count(*) filter (where withheld) over bucket = 1
            and row_number() over (
                partition by level, slice_id, month, share_group
                order by withheld, cases = 0, cases, indicator_id
            ) = 1
        ) as withheld_with_buckets
    from first_pass
    window bucket as (partition by level, slice_id, month, share_group)
),
among_slices as (
    select
        *,
        withheld_with_buckets
        or (
            level <> 'company'
            and count(*) filter (where withheld_with_buckets) over sibling = 1
            and row_number() over (
                partition by indicator_id, month, level, parent
                order by withheld_with_buckets, cases = 0, cases, slice_id
            ) = 1
        ) as withheld_with_slices
    from among_buckets
    window sibling as (partition by indicator_id, month, level, parent)
),
reason as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        case when withheld then 'few_households' else 'complement' end as reason
    from among_slices
    where withheld_with_slices
)
select * from reason
