-- What each feature of a score means, in words that a household could hear: the sentences of its reasons, and the help that it calls for.
-- Only features whose every attribute the strategy lets be one (risk.roles): a model is given these columns of risk.feature and no
-- other. Where more of a feature can only mean more risk, or less, its direction says so, and no model may learn otherwise.
-- grain: feature
-- columns:
--   feature    the column of risk.feature
--   position   its place
--   attribute  tables and columns of the contract that it is made of, with commas between
--   kind       number or category
--   direction  increasing where more of it never lowers the risk, decreasing where it never raises it, none
--   label_fr   its name
--   raises_fr  what is said where it raises the risk; {value} stands for its value
--   lowers_fr  what is said where it lowers it
--   missing_fr  what is said where its value is missing
--   lever      help that it calls for: benefit_office, budget_help, contact, direct_benefit, fsl_request, payment_date, payment_means, plan, smaller_dwelling or none
--   display    how the value is written: change (signed percent), count, days, decimal, euros, flag (not at all), months, none (not at all), people, percent, square_metres, terms or word
-- checks:
--   direction in ('increasing', 'decreasing', 'none') and kind in ('number', 'category')
--   kind = 'number' or direction = 'none'
with feature_attribute as (
    select feature, attribute, is_allowed from risk.feature_attribute
),
allowed as (
    select feature, string_agg(attribute, ', ' order by attribute) as attribute
    from feature_attribute
    group by feature
    having bool_and(is_allowed)
),
meaning as (
    select feature, position, kind, direction, label_fr, raises_fr, lowers_fr, missing_fr, lever, display
    from (
        values
            (
                1, 'days_late_last', 'number', 'increasing', 'days', 'payment_date',
                'Retard de la dernière quittance',
                'retard de {value} sur la dernière quittance',
                'dernière quittance réglée sans retard notable',
                'pas encore assez de quittances pour le dire'
            ),
            (
                2, 'days_late_mean_3', 'number', 'increasing', 'days', 'payment_date',
                'Retard moyen sur 3 mois',
                'retard moyen de {value} sur les 3 derniers mois',
                'paiements à temps ces 3 derniers mois',
                'pas encore assez de quittances pour le dire'
            ),
            (
                3, 'days_late_mean_12', 'number', 'increasing', 'days', 'payment_date',
                'Retard moyen sur 12 mois',
                'retard moyen de {value} sur un an',
                'paiements à temps depuis un an',
                'pas encore assez de quittances pour le dire'
            ),
            (
                4, 'days_late_trend', 'number', 'increasing', 'days', 'contact',
                'Évolution des retards',
                'paiement plus tardif que les mois précédents',
                'paiement aussi ponctuel, ou plus, que les mois précédents',
                'pas encore assez de quittances pour le dire'
            ),
            (
                5, 'days_late_worst_6', 'number', 'increasing', 'days', 'contact',
                'Plus long retard sur 6 mois',
                'jusqu’à {value} de retard ces 6 derniers mois',
                'aucun long retard ces 6 derniers mois',
                'pas encore assez de quittances pour le dire'
            ),
            (
                6, 'payment_day_spread', 'number', 'increasing', 'days', 'payment_date',
                'Régularité de la date de paiement',
                'date de paiement irrégulière d’un mois à l’autre',
                'date de paiement régulière',
                'pas encore assez de quittances pour le dire'
            ),
            (
                7, 'late_months_12', 'number', 'increasing', 'count', 'payment_date',
                'Mois payés en retard sur 12',
                '{value} mois payés en retard sur les 12 derniers',
                'peu de mois payés en retard depuis un an',
                'pas encore assez de quittances pour le dire'
            ),
            (
                8, 'months_since_late', 'number', 'decreasing', 'months', 'contact',
                'Temps écoulé depuis le dernier retard',
                'dernier retard de paiement récent',
                'dernier retard de paiement ancien',
                'aucun retard depuis deux ans'
            ),
            (
                9, 'months_since_arrears', 'number', 'decreasing', 'months', 'contact',
                'Temps écoulé depuis le dernier impayé',
                'dernier impayé récent',
                'dernier impayé ancien',
                'jamais en impayé'
            ),
            (
                10, 'arrears_months_24', 'number', 'increasing', 'count', 'budget_help',
                'Mois en impayé sur 24',
                'en impayé {value} mois sur les 24 derniers',
                'peu de mois en impayé depuis deux ans',
                'pas encore assez de quittances pour le dire'
            ),
            (
                11, 'earlier_spells', 'number', 'increasing', 'count', 'contact',
                'Épisodes d’impayé passés',
                'épisodes d’impayé passés : {value}',
                'peu d’épisodes d’impayé par le passé',
                'pas encore assez de quittances pour le dire'
            ),
            (
                12, 'spell_months', 'number', 'increasing', 'months', 'plan',
                'Durée de l’impayé en cours',
                'impayé en cours depuis {value}',
                'impayé récent',
                'pas encore assez de quittances pour le dire'
            ),
            (
                13, 'paid_share_3', 'number', 'decreasing', 'percent', 'contact',
                'Part payée sur 3 mois',
                'part des quittances payée ces 3 derniers mois : {value}',
                'part des quittances payée ces 3 derniers mois : {value}',
                'pas encore assez de quittances pour le dire'
            ),
            (
                14, 'paid_share_12', 'number', 'decreasing', 'percent', 'budget_help',
                'Part payée sur 12 mois',
                'part des quittances payée depuis un an : {value}',
                'part des quittances payée depuis un an : {value}',
                'pas encore assez de quittances pour le dire'
            ),
            (
                15, 'partial_months_6', 'number', 'increasing', 'count', 'budget_help',
                'Paiements partiels sur 6 mois',
                'paiement partiel {value} mois sur les 6 derniers',
                'pas de paiement partiel récent',
                'pas encore assez de quittances pour le dire'
            ),
            (
                16, 'unpaid_months_6', 'number', 'increasing', 'count', 'contact',
                'Mois sans aucun versement sur 6',
                '{value} mois sans aucun versement sur les 6 derniers',
                'un paiement chaque mois',
                'pas encore assez de quittances pour le dire'
            ),
            (
                17, 'payments_per_month', 'number', 'none', 'decimal', 'payment_date',
                'Nombre de paiements par mois',
                'nombre moyen de paiements par mois : {value}',
                'nombre moyen de paiements par mois : {value}',
                'pas encore assez de quittances pour le dire'
            ),
            (
                18, 'amount_spread', 'number', 'increasing', 'none', 'budget_help',
                'Régularité des montants payés',
                'montants payés irréguliers',
                'montants payés réguliers',
                'pas encore assez de quittances pour le dire'
            ),
            (
                19, 'terms_owed', 'number', 'increasing', 'terms', 'plan',
                'Dette en cours',
                'reste dû de {value}',
                'peu ou pas de reste dû',
                'pas encore assez de quittances pour le dire'
            ),
            (
                20, 'terms_owed_change_3', 'number', 'increasing', 'terms', 'contact',
                'Évolution de la dette sur 3 mois',
                'dette en hausse sur 3 mois',
                'dette stable ou en baisse sur 3 mois',
                'pas encore assez de quittances pour le dire'
            ),
            (
                21, 'small_debt_months_6', 'number', 'increasing', 'count', 'contact',
                'Petits restes dus sur 6 mois',
                'un petit reste dû {value} mois sur les 6 derniers',
                'pas de petit reste dû',
                'pas encore assez de quittances pour le dire'
            ),
            (
                22, 'credit_terms', 'number', 'decreasing', 'terms', 'none',
                'Avance sur le compte',
                'peu ou pas d’avance sur le compte',
                'avance sur le compte de {value}',
                'pas encore assez de quittances pour le dire'
            ),
            (
                23, 'rejected_hardship_3', 'number', 'increasing', 'count', 'budget_help',
                'Prélèvements rejetés, provision insuffisante, sur 3 mois',
                'prélèvement rejeté faute de provision {value} fois en 3 mois',
                'aucun prélèvement rejeté faute de provision depuis 3 mois',
                'pas encore assez de quittances pour le dire'
            ),
            (
                24, 'rejected_hardship_12', 'number', 'increasing', 'count', 'budget_help',
                'Prélèvements rejetés, provision insuffisante, sur 12 mois',
                'prélèvement rejeté faute de provision {value} fois en un an',
                'aucun prélèvement rejeté faute de provision depuis un an',
                'pas encore assez de quittances pour le dire'
            ),
            (
                25, 'rejected_unstated_12', 'number', 'increasing', 'count', 'contact',
                'Prélèvements rejetés sans motif précis sur 12 mois',
                'prélèvement rejeté sans motif précis {value} fois en un an',
                'aucun prélèvement rejeté sans motif depuis un an',
                'pas encore assez de quittances pour le dire'
            ),
            (
                26, 'rejected_administrative_12', 'number', 'increasing', 'count', 'payment_means',
                'Prélèvements rejetés, compte ou mandat à mettre à jour, sur 12 mois',
                'compte ou mandat de prélèvement à mettre à jour',
                'compte et mandat de prélèvement à jour',
                'pas encore assez de quittances pour le dire'
            ),
            (
                27, 'payment_channel', 'category', 'none', 'word', 'payment_means',
                'Moyen de paiement',
                'paiement par {value}',
                'paiement par {value}',
                'aucun moyen de paiement connu'
            ),
            (
                28, 'mandate_stopped', 'number', 'increasing', 'flag', 'payment_means',
                'Arrêt du prélèvement automatique',
                'prélèvement automatique arrêté depuis moins de 6 mois',
                'pas d’arrêt récent du prélèvement automatique',
                'moyen de paiement non connu il y a 6 mois'
            ),
            (
                29, 'benefit_share', 'number', 'none', 'percent', 'benefit_office',
                'Part de l’aide au logement dans la quittance',
                'aide au logement : {value} de la quittance',
                'aide au logement : {value} de la quittance',
                'pas encore assez de quittances pour le dire'
            ),
            (
                30, 'benefit_drop', 'number', 'increasing', 'percent', 'benefit_office',
                'Baisse de l’aide au logement',
                'aide au logement en baisse',
                'aide au logement stable ou en hausse',
                'pas encore assez de quittances pour le dire'
            ),
            (
                31, 'benefit_missing_months', 'number', 'increasing', 'months', 'benefit_office',
                'Suspension de l’aide au logement',
                'aide au logement suspendue ou arrêtée',
                'aide au logement versée chaque mois',
                'pas d’aide au logement régulière auparavant'
            ),
            (
                32, 'benefit_clawback_12', 'number', 'increasing', 'terms', 'benefit_office',
                'Aide au logement reprise par la CAF sur 12 mois',
                'aide au logement reprise par la CAF : {value} en un an',
                'pas d’aide au logement reprise par la CAF',
                'pas encore assez de quittances pour le dire'
            ),
            (
                33, 'benefit_direct', 'category', 'none', 'word', 'direct_benefit',
                'Aide au logement versée au bailleur',
                'aide au logement {value}',
                'aide au logement {value}',
                'destinataire de l’aide au logement non connu'
            ),
            (
                34, 'net_call', 'number', 'none', 'euros', 'smaller_dwelling',
                'Quittance nette',
                'quittance nette de {value}',
                'quittance nette de {value}',
                'quittance non encore connue'
            ),
            (
                35, 'call_change', 'number', 'increasing', 'change', 'budget_help',
                'Hausse de la quittance nette',
                'quittance nette : {value} par rapport à l’année passée',
                'quittance nette : {value} par rapport à l’année passée',
                'pas encore assez de quittances pour le dire'
            ),
            (
                36, 'other_debits_3', 'number', 'increasing', 'terms', 'plan',
                'Régularisations et réparations facturées sur 3 mois',
                'régularisation de charges ou réparations récemment facturées',
                'pas de régularisation ni de réparations récemment facturées',
                'pas encore assez de quittances pour le dire'
            ),
            (
                37, 'third_party_12', 'number', 'increasing', 'terms', 'fsl_request',
                'Aide d’un tiers sur 12 mois',
                'quittances réglées en partie par un tiers (FSL, garant) depuis un an',
                'pas de recours à un tiers pour payer depuis un an',
                'pas encore assez de quittances pour le dire'
            ),
            (
                38, 'tenure_months', 'number', 'none', 'months', 'contact',
                'Ancienneté du bail',
                'bail signé depuis {value}',
                'bail signé depuis {value}',
                'pas encore assez de quittances pour le dire'
            ),
            (
                39, 'rent_burden', 'number', 'increasing', 'percent', 'smaller_dwelling',
                'Taux d’effort',
                'taux d’effort de {value}',
                'taux d’effort de {value}',
                'taux d’effort non connu'
            ),
            (
                40, 'left_to_live', 'number', 'decreasing', 'euros', 'budget_help',
                'Reste pour vivre par unité de consommation',
                'reste pour vivre de {value} par mois et par unité de consommation',
                'reste pour vivre de {value} par mois et par unité de consommation',
                'reste pour vivre non connu'
            ),
            (
                41, 'income_change', 'number', 'decreasing', 'change', 'budget_help',
                'Évolution des ressources sur un an',
                'ressources : {value} en un an',
                'ressources : {value} en un an',
                'ressources d’il y a un an non connues'
            ),
            (
                42, 'household_size', 'number', 'none', 'people', 'contact',
                'Taille du ménage',
                'ménage de {value}',
                'ménage de {value}',
                'taille du ménage non connue'
            ),
            (
                43, 'household_shrunk', 'number', 'increasing', 'flag', 'smaller_dwelling',
                'Ménage devenu plus petit',
                'le ménage compte moins de personnes qu’il y a deux ans',
                'le ménage ne compte pas moins de personnes qu’il y a deux ans',
                'taille du ménage d’il y a deux ans non connue'
            ),
            (
                44, 'dwelling_type', 'category', 'none', 'word', 'smaller_dwelling',
                'Type de logement',
                'logement de type {value}',
                'logement de type {value}',
                'type de logement non connu'
            ),
            (
                45, 'surface_per_person', 'number', 'none', 'square_metres', 'smaller_dwelling',
                'Surface par personne',
                '{value} par personne',
                '{value} par personne',
                'surface par personne non connue'
            ),
            (
                46, 'season', 'category', 'none', 'word', 'budget_help',
                'Période de l’année',
                'période de l’année : {value}',
                'période de l’année : {value}',
                'pas encore assez de quittances pour le dire'
            ),
            (
                47, 'agency_arrears_share', 'number', 'none', 'percent', 'contact',
                'Ménages en impayé dans l’agence',
                '{value} des ménages de l’agence en impayé',
                '{value} des ménages de l’agence en impayé',
                'agence sans historique'
            ),
            (
                48, 'plan_running', 'category', 'none', 'word', 'plan',
                'Plan d’apurement en cours',
                'plan d’apurement : {value}',
                'plan d’apurement : {value}',
                'pas encore assez de quittances pour le dire'
            ),
            (
                49, 'plans_broken_24', 'number', 'increasing', 'count', 'plan',
                'Plans d’apurement rompus sur 24 mois',
                'plan d’apurement rompu {value} fois en deux ans',
                'pas de plan d’apurement rompu depuis deux ans',
                'pas encore assez de quittances pour le dire'
            )
    ) as meaning (position, feature, kind, direction, display, lever, label_fr, raises_fr, lowers_fr, missing_fr)
),
told as (
    select
        meaning.feature,
        meaning.position,
        allowed.attribute,
        meaning.kind,
        meaning.direction,
        meaning.label_fr,
        meaning.raises_fr,
        meaning.lowers_fr,
        meaning.missing_fr,
        meaning.lever,
        meaning.display
    from meaning
    inner join allowed on meaning.feature = allowed.feature
)
select * from told
