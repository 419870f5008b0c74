-- Figures that may not be published, because they would tell of too few households.
-- A figure is withheld when 1 to the configured number of households stand behind it or behind its denominator. Some figures
-- sum to another: the buckets of a slice to its total, the agencies of a sector to the sector, the sectors to the company.
-- Where exactly one figure of such a sum is withheld, it could be found by subtraction: the smallest other part is withheld
-- too, and so on until no sum has one withheld figure alone. A total is withheld with its last part, and all parts with it.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  the indicator
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   reason        few_households, or complement
-- checks:
--   reason in ('few_households', 'complement')
with recursive
setting as (
    select disclosure_minimum from strategy.setting
),
measure as (
    select indicator_id, level, slice_id, month, cases, base_cases, share_group
    from kpi.measure
    where cases is not null or base_cases is not null
),
slice as (
    select distinct level, slice_id, sector from kpi.slice
),
figure as (
    select indicator_id, level, slice_id, month, share_group, false as is_total, cases, base_cases
    from measure
    union all
    select
        share_group as indicator_id,
        level,
        slice_id,
        month,
        share_group,
        true as is_total,
        max(base_cases) as cases,
        max(base_cases) as base_cases
    from measure
    where share_group is not null
    group by level, slice_id, month, share_group
),
in_sums as (
    select
        figure.indicator_id,
        figure.level,
        figure.slice_id,
        figure.month,
        figure.is_total,
        figure.cases,
        coalesce(figure.share_group, figure.indicator_id) as slice_sum,
        case when figure.level in ('company', 'sector') then 'company' end as company_sum,
        case when figure.level in ('sector', 'agency') then slice.sector end as sector_sum,
        coalesce(figure.cases between 1 and setting.disclosure_minimum, false)
        or coalesce(figure.base_cases between 1 and setting.disclosure_minimum, false) as withheld
    from figure
    inner join slice on figure.level = slice.level and figure.slice_id = slice.slice_id
    cross join setting
),
closed as (
    select *, 0 as round from in_sums
    union all
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_total,
        cases,
        slice_sum,
        company_sum,
        sector_sum,
        withheld or is_complement as withheld,
        round + 1 as round
    from (
        select
            *,
            not withheld
            and (
                (
                    count(*) filter (where withheld) over of_slice = 1
                    and row_number() over (of_slice order by withheld, is_total, cases = 0, cases, indicator_id) = 1
                )
                or bool_or(is_total and withheld) over of_slice
                or (is_total and bool_and(is_total or withheld) over of_slice)
                or (
                    company_sum is not null
                    and count(*) filter (where withheld) over of_company = 1
                    and row_number() over (of_company order by withheld, level = 'company', cases = 0, cases, slice_id) = 1
                )
                or (
                    sector_sum is not null
                    and count(*) filter (where withheld) over of_sector = 1
                    and row_number() over (of_sector order by withheld, level = 'sector', cases = 0, cases, slice_id) = 1
                )
            ) as is_complement
        from closed
        window
            of_slice as (partition by slice_sum, level, slice_id, month),
            of_company as (partition by indicator_id, month, company_sum),
            of_sector as (partition by indicator_id, month, sector_sum)
    )
    qualify bool_or(is_complement) over ()
),
reason as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        case when bool_or(withheld and round = 0) then 'few_households' else 'complement' end as reason
    from closed
    where not is_total
    group by indicator_id, level, slice_id, month
    having bool_or(withheld)
)
select * from reason
