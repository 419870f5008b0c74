-- Before and after the merger, month by month.
-- grain: agency_id, indicator_id, relative_month
-- columns:
--   agency_id       today's agency, or all
--   indicator_id    the indicator
--   relative_month  closings since that of the month before the merger's
--   period          before or after
--   estimate        difference with the mean of the months before, less that of the agencies not yet merged where there are any
--   low             lower end of the 95% interval; null where it cannot be told
--   high            upper end
with merger_path as (
    select agency_id, indicator_id, relative_month, period, estimate, low, high from kpi.merger_path
)
select * from merger_path
