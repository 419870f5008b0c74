-- The ageing of debt, in euros and households, bucket by bucket.
-- grain: level, slice_id, month, perimeter, bucket
-- columns:
--   level       company, sector or agency
--   slice_id    the slice
--   month       the month
--   is_partial  true for the month under way
--   perimeter   present or departed
--   bucket      the ageing bucket
--   bucket_fr   its name
--   position    its place in charts
--   euros       euros due and unpaid of that age; null when suppressed
--   leases      leases whose oldest unpaid term has that age; null when suppressed
--   suppressed  true when either figure is withheld
with indicator_month as (
    select indicator_id, level, slice_id, month, is_partial, numerator, suppressed
    from kpi.indicator_month
    where starts_with(indicator_id, 'ageing')
),
ageing as (
    select indicator_id, level, slice_id, month, perimeter, measure, bucket
    from kpi.ageing
    where measure in ('euros', 'leases')
),
ageing_bucket as (
    select bucket, label_fr, position from arrears.ageing_bucket
),
by_bucket as (
    select
        ageing.level,
        ageing.slice_id,
        ageing.month,
        bool_or(indicator_month.is_partial) as is_partial,
        ageing.perimeter,
        ageing.bucket,
        max(indicator_month.numerator) filter (where ageing.measure = 'euros')::double as euros,
        max(indicator_month.numerator) filter (where ageing.measure = 'leases')::integer as leases,
        bool_or(indicator_month.suppressed) as suppressed
    from ageing
    inner join indicator_month
        on ageing.indicator_id = indicator_month.indicator_id
        and ageing.level = indicator_month.level
        and ageing.slice_id = indicator_month.slice_id
        and ageing.month = indicator_month.month
    group by ageing.level, ageing.slice_id, ageing.month, ageing.perimeter, ageing.bucket
),
labelled as (
    select
        by_bucket.level,
        by_bucket.slice_id,
        by_bucket.month,
        by_bucket.is_partial,
        by_bucket.perimeter,
        by_bucket.bucket,
        ageing_bucket.label_fr as bucket_fr,
        ageing_bucket.position,
        by_bucket.euros,
        by_bucket.leases,
        by_bucket.suppressed
    from by_bucket
    inner join ageing_bucket on by_bucket.bucket = ageing_bucket.bucket
)
select * from labelled
