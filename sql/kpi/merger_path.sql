-- Before and after the merger, month by month: the same difference as kpi.merger_effect. The months before show whether
-- agencies evolved alike when none was merged; the closing of the merger's own month is month 0, the first after.
-- grain: agency_id, indicator_id, relative_month
-- columns:
--   agency_id       today's agency, or all
--   indicator_id    share_1_term, share_3_terms or onset_rate
--   relative_month  closings since that of the month before the merger's: -1 is the last one before
--   period          before or after
--   estimate        difference with the mean of the months before, less that of the agencies not yet merged
--   low             lower end of the 95% interval; null where it cannot be told
--   high            upper end
--   basis           difference_in_differences or before_after
-- checks:
--   (period = 'before') = (relative_month < 0)
--   low is null or (low <= estimate and estimate <= high)
with merger_study as (
    select agency_id, indicator_id, relative_month, estimate, low, high, basis from kpi.merger_study
),
by_month as (
    select
        agency_id,
        indicator_id,
        relative_month,
        case when relative_month < 0 then 'before' else 'after' end as period,
        estimate,
        low,
        high,
        basis
    from merger_study
    where relative_month is not null
)
select * from by_month
