-- Every published figure: indicator, slice and month, with its target, its thresholds and its status.
-- The month under way never sets a status; nor does a figure below the minimum volume or under statistical secrecy.
-- Where a figure is withheld (suppressed), its value and numerator are null, and so is the denominator of a ratio of euros or households in arrears.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  the indicator
--   level         company, sector or agency
--   slice_id      the slice
--   month         first day of the month
--   is_partial    true for the month under way
--   numerator     numerator; null for medians, quantiles and maxima, and when suppressed
--   denominator   denominator, or the number of cases; null when suppressed
--   value         the figure: a ratio (0.084 is 8.4%) or days
--   low           lower end of the 95% interval (Wilson score) of a share of households (cases of the volume); null for other figures
--   high          upper end of the same interval
--   volume        cases that the figure stands on; null when suppressed
--   suppressed    true when withheld because too few households stand behind it
--   target        the target, see kpi.objective
--   amber         from here on the figure is to be watched
--   red           from here on it is an alert
--   status        green, amber, red or none
--   status_fr     the status in words, or why there is none
-- checks:
--   not (suppressed and (value is not null or numerator is not null))
--   not (is_partial and status <> 'none')
--   low is null or (low <= value and value <= high)
with measure as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, value, volume, cases
    from kpi.measure
),
disclosure as (
    select indicator_id, level, slice_id, month from kpi.disclosure
),
objective as (
    select indicator_id, level, slice_id, target, amber, red, minimum_volume from kpi.objective
),
indicator as (
    select indicator_id, good_direction from kpi.indicator
),
published as (
    select
        measure.indicator_id,
        measure.level,
        measure.slice_id,
        measure.month,
        measure.is_partial,
        disclosure.indicator_id is not null as suppressed,
        case when disclosure.indicator_id is null then measure.numerator end as numerator,
        case when disclosure.indicator_id is null then measure.denominator end as denominator,
        case when disclosure.indicator_id is null then measure.value end as value,
        measure.volume,
        measure.numerator = measure.cases and measure.denominator = measure.volume as counts_households,
        indicator.good_direction,
        objective.target,
        objective.amber,
        objective.red,
        objective.minimum_volume
    from measure
    inner join indicator on measure.indicator_id = indicator.indicator_id
    left join disclosure
        on measure.indicator_id = disclosure.indicator_id
        and measure.level = disclosure.level
        and measure.slice_id = disclosure.slice_id
        and measure.month = disclosure.month
    left join objective
        on measure.indicator_id = objective.indicator_id
        and measure.level = objective.level
        and measure.slice_id = objective.slice_id
),
share as (
    select
        *,
        coalesce(counts_households, false) and value is not null as is_share,
        1.959964 as z
    from published
),
with_interval as (
    select
        *,
        case
            when is_share
                then z * sqrt(greatest(value * (1 - value) / denominator + z * z / (4 * denominator * denominator), 0))
        end as half_width
    from share
),
judged as (
    select
        *,
        case when is_share then (value + z * z / (2 * denominator) - half_width) / (1 + z * z / denominator) end as low,
        case when is_share then (value + z * z / (2 * denominator) + half_width) / (1 + z * z / denominator) end as high,
        case
            when suppressed then 'suppressed'
            when is_partial then 'partial'
            when red is null then 'no_target'
            when volume < minimum_volume or value is null then 'low_volume'
            when case good_direction when 'up' then value <= red else value >= red end then 'red'
            when case good_direction when 'up' then value <= amber else value >= amber end then 'amber'
            else 'green'
        end as verdict
    from with_interval
),
told as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        numerator,
        denominator,
        value,
        case when is_share then least(greatest(low, 0), value) end as low,
        case when is_share then greatest(least(high, 1), value) end as high,
        case when not suppressed then volume end as volume,
        suppressed,
        target,
        amber,
        red,
        case when verdict in ('green', 'amber', 'red') then verdict else 'none' end as status,
        case verdict
            when 'green' then 'Conforme'
            when 'amber' then 'À surveiller'
            when 'red' then 'Alerte'
            when 'suppressed' then 'Secret statistique'
            when 'partial' then 'Mois en cours'
            when 'no_target' then 'Sans objectif'
            else 'Volume insuffisant'
        end as status_fr
    from judged
)
select * from told
