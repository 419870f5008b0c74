-- The indicators that managers see, with their formula in words.
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
        indicator_id, family, position, headline, label_fr, unit, good_direction, perimeter, formula_fr
    from kpi.indicator
),
worded as (
    select
        indicator_id,
        family,
        position,
        headline,
        label_fr,
        unit,
        good_direction,
        perimeter,
        case perimeter
            when 'present' then 'Locataires présents'
            when 'departed' then 'Locataires partis'
            else 'Locataires présents et partis'
        end as perimeter_fr,
        formula_fr
    from indicator
)
select * from worded
