-- The target and the thresholds of each indicator and slice, and who set them, as managers see them.
-- grain: indicator_id, level, slice_id
-- columns:
--   indicator_id     the indicator
--   level            company, sector or agency
--   slice_id         the slice
--   target           target; null where there is none
--   amber            from here on the figure is to be watched
--   red              from here on it is an alert
--   minimum_volume   below this many cases no status is given
--   source           landlord, proposed or none
--   source_fr        the same in words
--   proposed_target  what is proposed, whether it counts or not
--   basis_fr         where the objective comes from
with objective as (
    select
        indicator_id, level, slice_id, target, amber, red, minimum_volume, source, source_fr, proposed_target, basis_fr
    from managers.objective
)
select * from objective
