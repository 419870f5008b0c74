-- One row per comparison and range of the probability of being treated: how many treated and untreated households stand side by side.
-- Ranges hold as many treated households each, ten ranges at most, and never so few that figures on so few are withheld.
-- grain: comparison_id, bin
-- columns:
--   comparison_id    the comparison
--   bin              range, from 1
--   from_propensity  lowest probability among its treated; the first range begins at 0
--   to_propensity    lowest probability of the next range; 1 for the last
--   treated          treated households
--   controls         untreated households at risk in the same range; null where they are so few that the figure is withheld
-- checks:
--   treated > 0
--   from_propensity <= to_propensity
with setting as (
    select disclosure_minimum from strategy.setting
),
matched as (
    select comparison_id, lease_id, month, treated, propensity from effect.matched
),
counted as (
    select
        matched.comparison_id,
        count(*) as treated,
        greatest(1, least(10, count(*) // (setting.disclosure_minimum + 1))) as bins
    from matched
    cross join setting
    where matched.treated
    group by matched.comparison_id, setting.disclosure_minimum
    having count(*) > setting.disclosure_minimum
),
placed as (
    select
        matched.comparison_id,
        matched.propensity,
        1 + (
            (row_number() over (
                partition by matched.comparison_id
                order by matched.propensity, matched.lease_id, matched.month
            ) - 1) * counted.bins
        ) // counted.treated as bin
    from matched
    inner join counted on matched.comparison_id = counted.comparison_id
    where matched.treated
),
bounds as (
    select
        comparison_id,
        bin::integer as bin,
        count(*) as treated,
        case when bin = 1 then 0 else min(propensity) end as from_propensity
    from placed
    group by comparison_id, bin
),
ranges as (
    select
        comparison_id,
        bin,
        treated,
        from_propensity,
        lead(from_propensity, 1, 1) over (partition by comparison_id order by bin) as to_propensity
    from bounds
),
untreated as (
    select ranges.comparison_id, ranges.bin, count(*) as controls
    from ranges
    inner join matched
        on ranges.comparison_id = matched.comparison_id
        and matched.propensity >= ranges.from_propensity
        and (matched.propensity < ranges.to_propensity or ranges.to_propensity = 1)
    where not matched.treated
    group by ranges.comparison_id, ranges.bin
),
side_by_side as (
    select
        ranges.comparison_id,
        ranges.bin,
        round(ranges.from_propensity, 6) as from_propensity,
        round(ranges.to_propensity, 6) as to_propensity,
        ranges.treated::integer as treated,
        case
            when coalesce(untreated.controls, 0) between 1 and setting.disclosure_minimum then null
            else coalesce(untreated.controls, 0)
        end::integer as controls
    from ranges
    cross join setting
    left join untreated on ranges.comparison_id = untreated.comparison_id and ranges.bin = untreated.bin
)
select * from side_by_side
