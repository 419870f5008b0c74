-- The target and the thresholds of each indicator and slice, and where they come from.
-- The landlord's own for the agency go first, then the landlord's general ones, then what is proposed; with
-- objectives.agencies: own, what is proposed to an agency goes before the general ones. Targets stand for a year.
-- A proposal starts from the slice's closings before the year, draws their mean by volume to the company's (of an agency: to
-- what the company shows with households like the agency's, where kpi.standardised tells it) and asks for some improvement:
-- never 0% arrears. Red lies the larger of a margin and of the spread of those closings away from that mean.
-- Counts get no proposal, nor do figures told under an allocation policy that is not the landlord's. Figures withheld for
-- statistical secrecy take no part. Where no case is right (objectives.never) the target is 0.
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
--   proposed_target  what is proposed, whether it counts or not; null where nothing can be
--   basis_fr         where the objective comes from, in plain words
-- checks:
--   source in ('landlord', 'proposed', 'none')
--   (source = 'none') = (red is null)
--   source <> 'proposed' or target = proposed_target
with night as (
    select as_of from strategy.night
),
rule as (
    select
        adopt, own_agencies, year_begins, months, minimum_months, prior_volume, improvement, red_margin, red_spread, amber_share,
        minimum_volume, families, without, never
    from strategy.objective_rule
),
policy as (
    select policy from allocation.policy where not is_chosen
),
threshold as (
    select indicator_id, agency_id, target, amber, red, minimum_volume from strategy.threshold
),
indicator as (
    select indicator_id, family, unit, good_direction from kpi.indicator
),
measure as (
    select indicator_id, level, slice_id, month, is_partial, value, volume from kpi.measure
),
disclosure as (
    select indicator_id, level, slice_id, month from kpi.disclosure
),
standardised as (
    select indicator_id, slice_id, month, expected_value from kpi.standardised
),
told as (
    select distinct indicator_id, level, slice_id from measure
),
year as (
    select
        (date_trunc('year', (night.as_of - to_months(rule.year_begins - 1))::date) + to_months(rule.year_begins - 1))::date as begins
    from night
    cross join rule
),
closing as (
    select measure.indicator_id, measure.level, measure.slice_id, measure.value, measure.volume
    from measure
    cross join rule
    cross join year
    anti join disclosure
        on measure.indicator_id = disclosure.indicator_id
        and measure.level = disclosure.level
        and measure.slice_id = disclosure.slice_id
        and measure.month = disclosure.month
    where
        not measure.is_partial
        and measure.value is not null
        and measure.month < year.begins
        and measure.month >= year.begins - to_months(rule.months)
),
history as (
    select
        indicator_id,
        level,
        slice_id,
        avg(value) as mean,
        coalesce(stddev_samp(value), 0) as spread,
        avg(volume) as volume,
        count(*) as closings
    from closing
    group by indicator_id, level, slice_id
),
company as (
    select indicator_id, mean from history where level = 'company'
),
alike as (
    select standardised.indicator_id, standardised.slice_id, arg_max(standardised.expected_value, standardised.month) as mean
    from standardised
    cross join year
    where standardised.month < year.begins
    group by standardised.indicator_id, standardised.slice_id
),
aim as (
    select indicator.indicator_id, indicator.unit, indicator.good_direction
    from indicator
    cross join rule
    anti join policy on ends_with(indicator.indicator_id, '.' || policy.policy)
    where
        list_contains(rule.families, indicator.family)
        and not list_contains(rule.without, indicator.indicator_id)
        and indicator.unit <> 'count'
),
drawn as (
    select
        history.indicator_id,
        history.level,
        history.slice_id,
        aim.unit,
        aim.good_direction,
        history.mean,
        coalesce(alike.mean, company.mean) as company_mean,
        alike.mean is not null as is_alike,
        history.spread,
        history.closings,
        case
            when history.level = 'company' or company.mean is null or history.volume + rule.prior_volume = 0 then history.mean
            else
                (history.volume * history.mean + rule.prior_volume * coalesce(alike.mean, company.mean))
                / (history.volume + rule.prior_volume)
        end as usual
    from history
    cross join rule
    inner join aim on history.indicator_id = aim.indicator_id
    left join company on history.indicator_id = company.indicator_id
    left join alike
        on history.level = 'agency' and history.indicator_id = alike.indicator_id and history.slice_id = alike.slice_id
    where history.closings >= rule.minimum_months
),
measured as (
    select
        *,
        case when unit = 'ratio' and good_direction = 'up' then greatest(1 - usual, 0) else abs(usual) end as room,
        case good_direction when 'up' then 1 else -1 end as better
    from drawn
    where usual > 0
),
asked as (
    select
        measured.indicator_id,
        measured.level,
        measured.slice_id,
        measured.unit,
        measured.mean,
        measured.company_mean,
        measured.is_alike,
        measured.closings,
        measured.usual,
        measured.better,
        measured.usual + measured.better * rule.improvement * measured.room as target,
        greatest(rule.red_margin * measured.room, rule.red_spread * measured.spread) as distance
    from measured
    cross join rule
),
proposed as (
    select
        asked.indicator_id,
        asked.level,
        asked.slice_id,
        asked.unit,
        asked.mean,
        asked.company_mean,
        asked.is_alike,
        asked.closings,
        round(asked.target, 3 - floor(log10(asked.target))::integer) as target,
        round(asked.usual - asked.better * rule.amber_share * asked.distance, 6) as amber,
        round(asked.usual - asked.better * asked.distance, 6) as red,
        rule.minimum_volume
    from asked
    cross join rule
    where asked.target > 0 and asked.distance > 0
),
placed as (
    select
        told.indicator_id,
        told.level,
        told.slice_id,
        aim.indicator_id is not null as is_aim,
        own.red is not null as is_own,
        general.red is not null as is_general,
        list_contains(rule.never, told.indicator_id) or list_contains(rule.never, split_part(told.indicator_id, '.', 1)) as is_never,
        rule.adopt and proposed.red is not null as is_adopted,
        rule.own_agencies and told.level = 'agency' as goes_first,
        own.target as own_target,
        own.amber as own_amber,
        own.red as own_red,
        own.minimum_volume as own_minimum,
        general.target as general_target,
        general.amber as general_amber,
        general.red as general_red,
        general.minimum_volume as general_minimum,
        proposed.target as proposed_target,
        proposed.amber as proposed_amber,
        proposed.red as proposed_red,
        proposed.minimum_volume as proposed_minimum,
        proposed.unit,
        proposed.mean,
        proposed.company_mean,
        proposed.is_alike,
        proposed.closings,
        rule.improvement,
        rule.minimum_months,
        year.begins
    from told
    cross join rule
    cross join year
    left join aim on told.indicator_id = aim.indicator_id
    left join proposed
        on told.indicator_id = proposed.indicator_id and told.level = proposed.level and told.slice_id = proposed.slice_id
    left join threshold as general on told.indicator_id = general.indicator_id and general.agency_id is null
    left join threshold as own
        on told.indicator_id = own.indicator_id and told.level = 'agency' and told.slice_id = own.agency_id
),
chosen as (
    select
        *,
        case
            when is_own then 'own'
            when is_never and not is_general then 'never'
            when is_never then 'general'
            when is_adopted and goes_first then 'proposed'
            when is_general then 'general'
            when is_adopted then 'proposed'
            else 'none'
        end as choice
    from placed
),
worded as (
    select
        *,
        case unit
            when 'ratio' then replace(format('{:.1f}', 100 * mean), '.', ',') || ' %'
            else replace(format('{:.1f}', mean), '.', ',')
        end as mean_fr,
        case unit
            when 'ratio' then replace(format('{:.1f}', 100 * company_mean), '.', ',') || ' %'
            else replace(format('{:.1f}', company_mean), '.', ',')
        end as company_mean_fr,
        replace(trim(trim(format('{:.1f}', 100 * improvement), '0'), '.'), '.', ',') || ' %' as improvement_fr,
        format('{:02d}/{}', month(begins), year(begins)) as begins_fr
    from chosen
),
objective as (
    select
        indicator_id,
        level,
        slice_id,
        case choice
            when 'own' then coalesce(own_target, general_target)
            when 'general' then general_target
            when 'proposed' then proposed_target
            when 'never' then 0
        end as target,
        case choice
            when 'own' then own_amber
            when 'general' then general_amber
            when 'proposed' then proposed_amber
            when 'never' then 1e-9
        end as amber,
        case choice
            when 'own' then own_red
            when 'general' then general_red
            when 'proposed' then proposed_red
            when 'never' then 1e-9
        end as red,
        case choice
            when 'own' then own_minimum
            when 'general' then general_minimum
            when 'proposed' then proposed_minimum
            else 0
        end as minimum_volume,
        case choice
            when 'own' then 'landlord'
            when 'general' then 'landlord'
            when 'proposed' then 'proposed'
            when 'never' then 'landlord'
            else 'none'
        end as source,
        case when is_never then 0 else proposed_target end as proposed_target,
        case choice
            when 'own' then 'Objectif fixé par le bailleur pour cette agence'
            when 'general' then 'Objectif fixé par le bailleur pour l''ensemble de son patrimoine'
            when 'never' then 'Aucun cas n''est admis : l''objectif est zéro et un seul cas suffit à alerter'
            when 'proposed'
                then
                    'Objectif proposé : moyenne des ' || closings || ' clôtures avant ' || begins_fr || ' (' || mean_fr || ')'
                    || case
                        when level = 'company' or company_mean is null then ''
                        when is_alike
                            then
                                ', rapprochée de ce que l''organisme obtient avec des ménages semblables (' || company_mean_fr
                                || ') selon le nombre de cas'
                        else ', rapprochée de celle de l''organisme (' || company_mean_fr || ') selon le nombre de cas'
                    end
                    || ', avec un progrès de ' || improvement_fr
            else
                case
                    when proposed_target is not null then 'Aucun objectif fixé par le bailleur ; celui qui est proposé n''est pas retenu'
                    when not is_aim then 'Chiffre donné pour information, sans objectif'
                    else
                        'Aucun objectif fixé par le bailleur ; les clôtures avant ' || begins_fr
                        || ' ne permettent pas d''en proposer un (il en faut ' || minimum_months || ')'
                end
        end as basis_fr
    from worded
)
select * from objective
