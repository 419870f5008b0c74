-- The slices that explain the change behind an open alert, from the closing before the red began to the last one.
-- For R = N/D a slice contributes (N1s - R0 D1s) / D1 - (N0s - R0 D0s) / D0; along one dimension these sum to R1 - R0.
-- With w the slice's share of the denominator and r its own ratio, mix = (w1 - w0)(r0 - R0) is what comes from having more
-- or fewer such cases, performance = w1 (r1 - r0) what comes from the slice doing otherwise; the two sum to the contribution.
-- A slice that is new counts as mix. Slices that stand on too few households are merged into « Autres », with the next
-- smallest ones, until that stands on enough; a dimension with nothing else left is not told.
-- grain: alert_id, dimension, slice
-- columns:
--   alert_id      the alert
--   dimension     agency, sector, tenure, rent_burden, household_size, dwelling_type, benefit_direct or debtor_history
--   dimension_fr  its name
--   slice         the slice; other for those merged
--   slice_fr      its name
--   contribution  what it adds to the change, in the indicator's unit
--   mix           the part that comes from the mix
--   performance   the part that comes from the slice itself
--   change        the whole change, R1 - R0
--   position      place within the dimension, largest contribution first, the merged ones last
-- checks:
--   abs(mix + performance - contribution) < 1e-9
with setting as (
    select disclosure_minimum from strategy.setting
),
slice_figure as (
    select
        alert_id, dimension, slice, numerator_0, denominator_0, cases_0, numerator_1, denominator_1, cases_1, withheld
    from alert.slice_figure
),
comparison_band as (
    select dimension, band, dimension_fr, label_fr from strategy.comparison_band
),
agency as (
    select distinct slice_id, label from kpi.slice where level = 'agency'
),
in_order as (
    select
        *,
        row_number() over by_size as place,
        sum(cases_0) over by_size as merged_0,
        sum(cases_1) over by_size as merged_1,
        count(*) filter (where withheld) over (partition by alert_id, dimension) as withheld_slices
    from slice_figure
    window by_size as (
        partition by alert_id, dimension
        order by withheld desc, least(cases_0, cases_1), greatest(cases_0, cases_1), slice
        rows between unbounded preceding and current row
    )
),
enough as (
    select in_order.alert_id, in_order.dimension, min(in_order.place) as merged
    from in_order
    cross join setting
    where
        in_order.place >= greatest(in_order.withheld_slices, 2)
        and in_order.merged_0 not between 1 and setting.disclosure_minimum
        and in_order.merged_1 not between 1 and setting.disclosure_minimum
    group by in_order.alert_id, in_order.dimension
),
merged as (
    select
        in_order.alert_id,
        in_order.dimension,
        case
            when in_order.withheld_slices > 0 and in_order.place <= coalesce(enough.merged, in_order.place) then 'other'
            else in_order.slice
        end as slice,
        sum(in_order.numerator_0) as numerator_0,
        sum(in_order.denominator_0) as denominator_0,
        sum(in_order.numerator_1) as numerator_1,
        sum(in_order.denominator_1) as denominator_1
    from in_order
    left join enough on in_order.alert_id = enough.alert_id and in_order.dimension = enough.dimension
    group by all
),
summed as (
    select
        alert_id,
        dimension,
        slice,
        numerator_0::double as numerator_0,
        denominator_0::double as denominator_0,
        numerator_1::double as numerator_1,
        denominator_1::double as denominator_1,
        (sum(numerator_0) over whole)::double as whole_numerator_0,
        (sum(denominator_0) over whole)::double as whole_0,
        (sum(numerator_1) over whole)::double as whole_numerator_1,
        (sum(denominator_1) over whole)::double as whole_1
    from merged
    window whole as (partition by alert_id, dimension)
),
with_whole as (
    select
        *,
        whole_numerator_0 / whole_0 as ratio_0,
        whole_numerator_1 / whole_1 as ratio_1,
        denominator_0 / whole_0 as weight_0,
        denominator_1 / whole_1 as weight_1
    from summed
),
contributed as (
    select
        alert_id,
        dimension,
        slice,
        (numerator_1 - ratio_0 * denominator_1) / whole_1 - (numerator_0 - ratio_0 * denominator_0) / whole_0 as contribution,
        (weight_1 - weight_0) * (
            case
                when denominator_0 > 0 then numerator_0 / denominator_0
                when denominator_1 > 0 then numerator_1 / denominator_1
                else ratio_0
            end - ratio_0
        ) as mix,
        ratio_1 - ratio_0 as change
    from with_whole
),
worded as (
    select
        contributed.alert_id,
        contributed.dimension,
        case contributed.dimension
            when 'agency' then 'Agence'
            when 'sector' then 'Secteur'
            when 'debtor_history' then 'Antécédents d’impayé'
            else dimension_name.dimension_fr
        end as dimension_fr,
        contributed.slice,
        case
            when contributed.slice = 'other' then 'Autres'
            when contributed.dimension = 'agency' then agency.label
            when contributed.dimension = 'sector' then contributed.slice
            when contributed.dimension = 'debtor_history'
                then
                    case contributed.slice
                        when 'new_entrant' then 'Nouveaux entrants'
                        when 'repeat' then 'Déjà en impayé récemment'
                        else 'Sans impayé récent auparavant'
                    end
            else comparison_band.label_fr
        end as slice_fr,
        contributed.contribution,
        contributed.mix,
        contributed.contribution - contributed.mix as performance,
        contributed.change,
        row_number() over (
            partition by contributed.alert_id, contributed.dimension
            order by contributed.slice = 'other', abs(contributed.contribution) desc, contributed.slice
        )::integer as position
    from contributed
    left join agency on contributed.dimension = 'agency' and contributed.slice = agency.slice_id
    left join comparison_band
        on contributed.dimension = comparison_band.dimension and contributed.slice = comparison_band.band
    left join (select distinct dimension, dimension_fr from comparison_band) as dimension_name
        on contributed.dimension = dimension_name.dimension
    qualify bool_or(contributed.slice <> 'other') over (partition by contributed.alert_id, contributed.dimension)
)
select * from worded
