-- One row per comparison and thing known of households: how unlike treated and compared households were before matching, and after.
-- A standardised difference is the difference of means over the standard deviation (the mean of both groups' variances, before
-- matching): below 0.1 is commonly taken as alike (Stuart 2010, Statistical Science 25; Austin 2009, Statistics in Medicine 28).
-- grain: comparison_id, covariate
-- columns:
--   comparison_id       the comparison
--   covariate           column of effect.covariate
--   position            order in which they are shown
--   label_fr            what it says
--   mean_treated        mean of the treated with a comparison
--   mean_before         mean of all untreated households at risk
--   mean_after          mean of their controls, as weighted
--   difference_before   standardised difference of all treated and all untreated
--   difference_after    standardised difference of the treated with a comparison and their controls
with comparison as (
    select comparison_id, treatment from effect.comparison
),
matched as (
    select comparison_id, lease_id, month, on_date, treated, weight from effect.matched
),
covariate as (
    select
        treatment, lease_id, month, on_date, exp(terms) as terms, exp(spell_length) as spell_length, owing_months_12, spells_24,
        paid_3, paid_months_6, paid_this_month, direct_debit, new_entrant, exp(tenure_length) / 12 as tenure_length, net_call,
        benefit_share, interviews_24, calls_3, messages_3, promises_12, refusals_24, plan_running, litigation
    from effect.covariate
),
label as (
    select
        unnest([
            { 'covariate': 'terms', 'label_fr': 'Termes dus la veille' },
            { 'covariate': 'spell_length', 'label_fr': 'Durée de l’épisode, en mois' },
            { 'covariate': 'owing_months_12', 'label_fr': 'Arrêtés en impayé sur douze' },
            { 'covariate': 'spells_24', 'label_fr': 'Épisodes commencés en deux ans' },
            { 'covariate': 'paid_this_month', 'label_fr': 'Payé depuis le début du mois, en quittances' },
            { 'covariate': 'paid_3', 'label_fr': 'Payé sur trois mois, en quittances par mois' },
            { 'covariate': 'paid_months_6', 'label_fr': 'Mois avec un paiement, sur six' },
            { 'covariate': 'direct_debit', 'label_fr': 'Prélèvement automatique' },
            { 'covariate': 'new_entrant', 'label_fr': 'Entré depuis moins d’un an' },
            { 'covariate': 'tenure_length', 'label_fr': 'Ancienneté dans le logement, en années' },
            { 'covariate': 'net_call', 'label_fr': 'Quittance nette, en centaines d’euros' },
            { 'covariate': 'benefit_share', 'label_fr': 'Part de la quittance couverte par l’aide' },
            { 'covariate': 'interviews_24', 'label_fr': 'Entretiens en deux ans' },
            { 'covariate': 'calls_3', 'label_fr': 'Appels aboutis en trois mois' },
            { 'covariate': 'messages_3', 'label_fr': 'SMS et courriels en trois mois' },
            { 'covariate': 'promises_12', 'label_fr': 'Promesses en un an' },
            { 'covariate': 'refusals_24', 'label_fr': 'Refus en deux ans' },
            { 'covariate': 'plan_running', 'label_fr': 'Plan d’apurement en cours' },
            { 'covariate': 'litigation', 'label_fr': 'Dossier transmis au contentieux' }
        ], recursive := true),
        generate_subscripts(range(19), 1) as position
),
known as (
    select
        matched.comparison_id, matched.treated, matched.weight, covariate.terms, covariate.spell_length,
        covariate.owing_months_12, covariate.spells_24, covariate.paid_3, covariate.paid_months_6, covariate.paid_this_month,
        covariate.direct_debit, covariate.new_entrant, covariate.tenure_length, covariate.net_call, covariate.benefit_share,
        covariate.interviews_24, covariate.calls_3, covariate.messages_3, covariate.promises_12, covariate.refusals_24,
        covariate.plan_running, covariate.litigation
    from matched
    inner join comparison on matched.comparison_id = comparison.comparison_id
    inner join covariate
        on comparison.treatment = covariate.treatment
        and matched.lease_id = covariate.lease_id
        and matched.month = covariate.month
        and matched.on_date = covariate.on_date
),
long as (
    unpivot (
        select
            comparison_id,
            treated,
            weight,
            columns(* exclude (comparison_id, treated, weight))::double
        from known
    )
    on columns(* exclude (comparison_id, treated, weight))
    into name covariate value value
),
described as (
    select
        comparison_id,
        covariate,
        avg(value) filter (where treated) as mean_all_treated,
        avg(value) filter (where not treated) as mean_before,
        var_pop(value) filter (where treated) as variance_treated,
        var_pop(value) filter (where not treated) as variance_before,
        sum(weight * value) filter (where treated) / nullif(sum(weight) filter (where treated), 0) as mean_treated,
        sum(weight * value) filter (where not treated) / nullif(sum(weight) filter (where not treated), 0) as mean_after
    from long
    group by comparison_id, covariate
),
standardised as (
    select
        described.comparison_id,
        described.covariate,
        label.position::integer as position,
        label.label_fr,
        round(described.mean_treated, 6) as mean_treated,
        round(described.mean_before, 6) as mean_before,
        round(described.mean_after, 6) as mean_after,
        round(
            (described.mean_all_treated - described.mean_before)
            / nullif(sqrt((described.variance_treated + described.variance_before) / 2), 0), 6
        ) as difference_before,
        round(
            (described.mean_treated - described.mean_after)
            / nullif(sqrt((described.variance_treated + described.variance_before) / 2), 0), 6
        ) as difference_after
    from described
    inner join label on described.covariate = label.covariate
)
select * from standardised
