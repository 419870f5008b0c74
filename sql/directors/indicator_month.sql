-- Every figure after disclosure control, as managers see it.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  the indicator
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     numerator; null when suppressed
--   denominator   denominator; null when suppressed
--   value         the figure; null when suppressed
--   low           lower end of the 95% interval, where there is one
--   high          upper end of the 95% interval, where there is one
--   volume        cases that the figure stands on
--   suppressed    true when withheld
--   target        target
--   amber         threshold of watchfulness
--   red           threshold of alert
--   status        green, amber, red or none
--   status_fr     the status in words
with indicator_month as (
    select
        indicator_id, level, slice_id, month, is_partial, numerator, denominator, value, low, high, volume, suppressed, target,
        amber, red, status, status_fr
    from managers.indicator_month
)
select * from indicator_month
