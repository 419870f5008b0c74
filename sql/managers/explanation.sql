-- The slices that explain the change behind each open alert; along one dimension they sum to the whole change.
-- grain: alert_id, dimension, slice
-- columns:
--   alert_id      the alert
--   dimension     what the cases are sliced by
--   dimension_fr  its name
--   slice         the slice
--   slice_fr      its name
--   contribution  what it adds to the change, in the indicator's unit
--   mix           the part that comes from having more or fewer such cases
--   performance   the part that comes from the slice itself
--   position      place within the dimension
-- checks:
--   abs(mix + performance - contribution) < 1e-9
with explanation as (
    select alert_id, dimension, dimension_fr, slice, slice_fr, contribution, mix, performance, position from alert.explanation
)
select * from explanation
