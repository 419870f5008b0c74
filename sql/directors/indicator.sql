-- The indicators, with their formula in words, as managers see them.
-- grain: indicator_id
-- columns:
--   indicator_id    the indicator
--   family          recovery, arrears, ageing, fees or freshness
--   position        place in lists
--   headline        true on the first page
--   label_fr        name on screen
--   unit            ratio, days or euros
--   good_direction  up or down
--   perimeter       present, departed or both
--   perimeter_fr    the perimeter in words
--   formula_fr      the formula in words
with indicator as (
    select
        indicator_id, family, position, headline, label_fr, unit, good_direction, perimeter, perimeter_fr, formula_fr
    from managers.indicator
)
select * from indicator
