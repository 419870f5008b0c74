-- One row per comparison and outcome: what the action did for those who had it, with its interval, in words; or why nothing can be told.
-- The difference is among the treated who have a comparison: their share with the outcome, less the share of similar households in the
-- same month. Nothing is estimable where the action is a rule and not a choice (most of the treated were likelier than not to be treated,
-- on one day of the month: a letter that everyone gets), where too few of the treated have a comparison, or where there are too few.
-- What an unobserved difference would have to be to explain all of it: the E-value (VanderWeele and Ding 2017, Annals of Internal
-- Medicine 167), by how much it would have to multiply both the chance to be treated and the chance of the outcome.
-- grain: comparison_id, outcome
-- columns:
--   comparison_id     the comparison; hold_back for actions held back at random
--   position          order in which they are shown
--   basis             matched, or hold_back for households drawn at random
--   action            the action
--   approach          how an interview was held; all for any
--   than              none, or the approach that it is compared with
--   outcome           cured_60_days, relapsed_6_months or lastingly_cured; the days and months are the strategy's
--   label_fr          what is compared
--   outcome_fr        the outcome in words
--   treated           times that a household was treated, its outcome known; null where they are so few that the figure is withheld
--   matched           those with a comparison; null likewise
--   overlap_share     the one over the other
--   routine_share     share of the treated who were likelier to be treated than the strategy's mark for a rule
--   same_day_share    share of the treated whose action fell on one day of the month, the most frequent one
--   share_treated     share of the treated with the outcome; null where nothing is estimable, as all that follows but the words
--   share_control     share that would have had it without the action
--   difference        the one less the other
--   low               lower bound of its 95% interval
--   high              upper bound
--   e_value           E-value of the difference
--   e_value_interval  E-value of the bound nearer to 0; 1 where the interval holds 0
--   estimable         whether an effect can be told
--   statement_fr      what was found, or why nothing can be told
--   caveat_fr         what it cannot prove
-- checks:
--   estimable = (difference is not null)
--   low <= difference and difference <= high
--   overlap_share >= 0 and overlap_share <= 1
--   e_value >= 1 and e_value_interval >= 1
with setting as (
    select disclosure_minimum from strategy.setting
),
effects as (
    select
        cure_days, relapse_months, minimum_treated, least_overlap, routine_propensity, routine_same_day_share, hold_back,
        hold_back_approved_by, hold_back_approved_on
    from strategy.effects
),
held_back_action as (
    select action from strategy.held_back_action
),
comparison as (
    select comparison_id, action, approach, than, position, label_fr, treated_fr, control_fr from effect.comparison
),
matched as (
    select comparison_id, on_date, treated, weight, propensity from effect.matched
),
hold_back as (
    select hold_back.held_back
    from effect.hold_back
    inner join effect.outcome on hold_back.lease_id = outcome.lease_id and hold_back.period = outcome.on_date
    where hold_back.owed and not hold_back.exempt
),
difference as (
    select comparison_id, outcome, treated, share_treated, share_control, difference, low, high from effect.difference
),
outcome as (
    select
        unnest(['cured_60_days', 'relapsed_6_months', 'lastingly_cured']) as outcome,
        unnest(['Sorti d’impayé', 'Sorti puis retombé', 'Sorti durablement']) as outcome_fr,
        unnest([
            'ne devaient plus aucun terme entier à un arrêté des ' || effects.cure_days || ' jours suivants, par paiement',
            'étaient sortis d’impayé dans les ' || effects.cure_days || ' jours, puis retombés dans les '
            || effects.relapse_months || ' mois',
            'étaient sortis d’impayé dans les ' || effects.cure_days || ' jours, sans rechute dans les '
            || effects.relapse_months || ' mois'
        ]) as became_fr
    from effects
),
on_day as (
    select comparison_id, day(on_date) as day, count(*) as treated from matched where treated group by comparison_id, day(on_date)
),
same_day as (
    select comparison_id, max(treated) / sum(treated) as same_day_share from on_day group by comparison_id
),
supported as (
    select
        matched.comparison_id,
        count(*) as treated,
        count(*) filter (where matched.weight > 0) as matched,
        avg((matched.propensity > effects.routine_propensity)::integer) as routine_share
    from matched
    cross join effects
    where matched.treated
    group by matched.comparison_id
),
compared as (
    select
        comparison.comparison_id,
        comparison.position,
        'matched' as basis,
        comparison.action,
        comparison.approach,
        comparison.than,
        comparison.label_fr,
        comparison.treated_fr,
        'Des ménages semblables, ' || comparison.control_fr as control_fr,
        coalesce(supported.treated, 0) as treated,
        coalesce(supported.matched, 0) as matched,
        supported.routine_share,
        same_day.same_day_share
    from comparison
    left join supported on comparison.comparison_id = supported.comparison_id
    left join same_day on comparison.comparison_id = same_day.comparison_id
    union all
    select
        'hold_back' as comparison_id,
        0 as position,
        'hold_back' as basis,
        (select string_agg(action, ', ' order by action) from held_back_action) as action,
        'all' as approach,
        'none' as than,
        'Actions retenues au hasard' as label_fr,
        'mois de ménages en impayé pour qui rien n’était retenu' as treated_fr,
        'Ceux que le tirage au sort avait laissés sans ces actions pour le mois' as control_fr,
        (select count(*) from hold_back where not held_back) as treated,
        (select count(*) from hold_back where not held_back) as matched,
        null as routine_share,
        null as same_day_share
    from effects
    where hold_back
),
judged as (
    select
        compared.comparison_id,
        compared.position,
        compared.basis,
        compared.action,
        compared.approach,
        compared.than,
        compared.label_fr,
        compared.treated_fr,
        compared.control_fr,
        compared.treated,
        compared.matched,
        compared.routine_share,
        compared.same_day_share,
        case
            when compared.treated < effects.minimum_treated then 'few'
            when compared.than = 'none'
                and compared.routine_share > 0.5
                and compared.same_day_share > effects.routine_same_day_share
                then 'routine'
            when compared.matched < effects.least_overlap * compared.treated then 'alone'
            when compared.matched < effects.minimum_treated then 'few'
            else 'estimable'
        end as verdict
    from compared
    cross join effects
),
told as (
    select
        judged.comparison_id,
        judged.position,
        judged.basis,
        judged.action,
        judged.approach,
        judged.than,
        outcome.outcome,
        judged.label_fr,
        outcome.outcome_fr,
        outcome.became_fr,
        judged.treated_fr,
        judged.control_fr,
        judged.treated,
        judged.matched,
        judged.routine_share,
        judged.same_day_share,
        case
            when judged.verdict <> 'estimable' then judged.verdict
            when difference.difference is null then 'few'
            when round(difference.share_treated * judged.matched) between 1 and setting.disclosure_minimum then 'few'
            else 'estimable'
        end as verdict,
        difference.share_treated,
        greatest(difference.share_control, 0) as share_control,
        difference.difference,
        difference.low,
        difference.high
    from judged
    cross join outcome
    cross join setting
    left join difference
        on judged.verdict = 'estimable'
        and judged.comparison_id = difference.comparison_id
        and outcome.outcome = difference.outcome
),
sensitive as (
    select
        told.*,
        told.verdict = 'estimable' as estimable,
        case
            when told.difference >= 0 then told.share_treated / nullif(told.share_control, 0)
            else told.share_control / nullif(told.share_treated, 0)
        end as ratio,
        case
            when told.low > 0 then (told.share_control + told.low) / nullif(told.share_control, 0)
            when told.high < 0 then told.share_control / nullif(greatest(told.share_control + told.high, 0), 0)
            when told.difference is not null then 1
        end as ratio_interval
    from told
),
valued as (
    select
        sensitive.*,
        round(greatest(ratio, 1) + sqrt(greatest(ratio, 1) * (greatest(ratio, 1) - 1)), 2) as e_value,
        round(
            greatest(ratio_interval, 1) + sqrt(greatest(ratio_interval, 1) * (greatest(ratio_interval, 1) - 1)), 2
        ) as e_value_interval,
        replace(format('{:,}', matched), ',', ' ') as matched_fr,
        replace(printf('%.1f', 100 * share_treated), '.', ',') || ' %' as share_treated_fr,
        replace(printf('%.1f', 100 * share_control), '.', ',') || ' %' as share_control_fr,
        replace(replace(printf('%+.1f', 100 * difference), '.', ','), '-', '−') as difference_fr,
        replace(replace(printf('%+.1f', 100 * low), '.', ','), '-', '−') as low_fr,
        replace(replace(printf('%+.1f', 100 * high), '.', ','), '-', '−') as high_fr
    from sensitive
),
worded as (
    select
        valued.comparison_id,
        valued.position,
        valued.basis,
        valued.action,
        valued.approach,
        valued.than,
        valued.outcome,
        valued.label_fr,
        valued.outcome_fr,
        case when valued.treated between 1 and setting.disclosure_minimum then null else valued.treated end::integer as treated,
        case
            when valued.treated between 1 and setting.disclosure_minimum then null
            when valued.matched between 1 and setting.disclosure_minimum then null
            else valued.matched
        end::integer as matched,
        case when valued.treated > setting.disclosure_minimum then round(valued.matched / valued.treated, 4) end as overlap_share,
        case when valued.treated > setting.disclosure_minimum then round(valued.routine_share, 4) end as routine_share,
        case when valued.treated > setting.disclosure_minimum then round(valued.same_day_share, 4) end as same_day_share,
        case when valued.estimable then round(valued.share_treated, 6) end as share_treated,
        case when valued.estimable then round(valued.share_control, 6) end as share_control,
        case when valued.estimable then round(valued.difference, 6) end as difference,
        case when valued.estimable then round(valued.low, 6) end as low,
        case when valued.estimable then round(valued.high, 6) end as high,
        case when valued.estimable then valued.e_value end as e_value,
        case when valued.estimable then valued.e_value_interval end as e_value_interval,
        valued.estimable,
        case
            when valued.estimable
                then 'Après ' || valued.matched_fr || ' ' || valued.treated_fr || ', ' || valued.share_treated_fr || ' des ménages '
                    || valued.became_fr || '. ' || valued.control_fr || ' : ' || valued.share_control_fr || '. Écart : '
                    || valued.difference_fr
                    || ' points (intervalle à 95 % : de ' || valued.low_fr || ' à ' || valued.high_fr || '). '
                    || case
                        when valued.low > 0 or valued.high < 0 then 'Le hasard seul l’explique mal.'
                        else 'Le hasard seul peut l’expliquer.'
                    end
            when valued.verdict = 'routine'
                then 'Non estimable sans groupe témoin : à date fixe, presque tous ceux qui étaient dans le même cas l’ont eue.'
            when valued.verdict = 'alone'
                then 'Non estimable sans groupe témoin : la plupart des ménages concernés n’ont pas de semblable qui ne l’ait pas eue.'
            else 'Trop peu de cas comparables dont l’issue soit connue pour dire un effet.'
        end as statement_fr,
        case
            when not valued.estimable
                then 'Les parts observées chez ceux qui l’ont eue ne disent rien de ce qui serait arrivé sans elle.'
            when valued.basis = 'hold_back'
                then 'Tirage au sort approuvé par ' || effects.hold_back_approved_by || ' le '
                    || strftime(effects.hold_back_approved_on, '%d/%m/%Y')
                    || '. On compare ce qui était prévu, non ce qui a été fait : '
                    || 'un ménage dont rien n’était retenu n’a pas toujours été contacté.'
            else 'Comparaison sans tirage au sort : elle ne prouve pas la cause. Elle tient compte de ce que les fichiers montraient '
                || 'la veille (termes dus, durée et passé des impayés, paiements, courriers et contacts, situation connue, agence, '
                || 'mois), mais ni de la motivation du ménage ni de ce qui a fait choisir l’interlocuteur, l’action ou l’approche. '
                || case
                    when valued.e_value_interval > 1
                        then 'Un facteur que les fichiers ne montrent pas expliquerait tout l’écart s’il multipliait par '
                            || replace(printf('%.1f', valued.e_value), '.', ',')
                            || ' à la fois la chance d’avoir eu cette action et celle de cette issue ; par '
                            || replace(printf('%.1f', valued.e_value_interval), '.', ',') || ', il suffirait à rendre l’écart douteux. '
                    else 'Un tel facteur, même faible, peut aussi cacher un effet. '
                end
                || 'Les ménages comparés ont pu avoir la même action un mois suivant : on mesure ce que change d’agir ce mois-là.'
        end
        || case
            when valued.estimable and valued.outcome = 'relapsed_6_months'
                then ' Part de tous les ménages, non des seuls sortis : ce qui en fait sortir davantage en voit aussi davantage retomber.'
            else ''
        end as caveat_fr
    from valued
    cross join setting
    cross join effects
)
select * from worded
