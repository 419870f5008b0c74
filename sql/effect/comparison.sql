-- One row per comparison whose effect is measured: which treatment, held how, against what.
-- kind: view
-- grain: comparison_id
-- columns:
--   comparison_id  the comparison
--   treatment      treatment of effect.treatment
--   action         the same in the words of the contract's actions; plan for a plan
--   approach       how the interview was held; all for any
--   than           none, or the approach that it is compared with
--   position       order in which they are shown
--   label_fr       what is compared
--   treated_fr     what was done, after a number
--   control_fr     what similar households did not have, or had instead
with comparison as (
    select
        unnest([
            {
                'comparison_id': 'interview', 'treatment': 'interview', 'action': 'interview', 'approach': 'all', 'than': 'none',
                'label_fr': 'Entretien, quelle que soit l’approche', 'treated_fr': 'entretiens',
                'control_fr': 'sans entretien ce mois-là'
            },
            {
                'comparison_id': 'interview.standard', 'treatment': 'interview', 'action': 'interview', 'approach': 'standard',
                'than': 'none',
                'label_fr': 'Entretien classique', 'treated_fr': 'entretiens classiques',
                'control_fr': 'sans entretien ce mois-là'
            },
            {
                'comparison_id': 'interview.solution_focused', 'treatment': 'interview', 'action': 'interview',
                'approach': 'solution_focused', 'than': 'none',
                'label_fr': 'Entretien orienté solutions', 'treated_fr': 'entretiens orientés solutions',
                'control_fr': 'sans entretien ce mois-là'
            },
            {
                'comparison_id': 'interview.solution_focused_pair', 'treatment': 'interview', 'action': 'interview',
                'approach': 'solution_focused_pair', 'than': 'none',
                'label_fr': 'Entretien orienté solutions, en binôme',
                'treated_fr': 'entretiens orientés solutions tenus en binôme',
                'control_fr': 'sans entretien ce mois-là'
            },
            {
                'comparison_id': 'interview.solution_focused.standard', 'treatment': 'interview', 'action': 'interview',
                'approach': 'solution_focused', 'than': 'standard',
                'label_fr': 'Entretien orienté solutions plutôt que classique',
                'treated_fr': 'entretiens orientés solutions',
                'control_fr': 'reçus en entretien classique'
            },
            {
                'comparison_id': 'interview.solution_focused_pair.standard', 'treatment': 'interview', 'action': 'interview',
                'approach': 'solution_focused_pair', 'than': 'standard',
                'label_fr': 'Entretien orienté solutions en binôme plutôt que classique',
                'treated_fr': 'entretiens orientés solutions tenus en binôme',
                'control_fr': 'reçus en entretien classique'
            },
            {
                'comparison_id': 'call', 'treatment': 'call', 'action': 'call', 'approach': 'all', 'than': 'none',
                'label_fr': 'Appel téléphonique abouti', 'treated_fr': 'appels aboutis',
                'control_fr': 'non joints ce mois-là'
            },
            {
                'comparison_id': 'visit', 'treatment': 'visit', 'action': 'visit', 'approach': 'all', 'than': 'none',
                'label_fr': 'Visite à domicile', 'treated_fr': 'visites à domicile',
                'control_fr': 'non visités ce mois-là'
            },
            {
                'comparison_id': 'plan', 'treatment': 'plan', 'action': 'plan', 'approach': 'all', 'than': 'none',
                'label_fr': 'Plan d’apurement signé lors d’un contact', 'treated_fr': 'plans signés lors d’un contact',
                'control_fr': 'joints de la même façon, sans plan'
            },
            {
                'comparison_id': 'fsl_request', 'treatment': 'fsl_request', 'action': 'fsl_request', 'approach': 'all', 'than': 'none',
                'label_fr': 'Demande au FSL', 'treated_fr': 'demandes au FSL',
                'control_fr': 'sans demande ce mois-là'
            },
            {
                'comparison_id': 'message', 'treatment': 'message', 'action': 'message', 'approach': 'all', 'than': 'none',
                'label_fr': 'SMS ou courriel entre deux lettres', 'treated_fr': 'SMS ou courriels',
                'control_fr': 'sans message ce mois-là'
            },
            {
                'comparison_id': 'letter_1', 'treatment': 'letter_1', 'action': 'letter', 'approach': 'all', 'than': 'none',
                'label_fr': 'Lettre 1', 'treated_fr': 'envois de la lettre 1', 'control_fr': 'sans cette lettre'
            },
            {
                'comparison_id': 'letter_2', 'treatment': 'letter_2', 'action': 'letter', 'approach': 'all', 'than': 'none',
                'label_fr': 'Lettre 2', 'treated_fr': 'envois de la lettre 2', 'control_fr': 'sans cette lettre'
            },
            {
                'comparison_id': 'letter_3', 'treatment': 'letter_3', 'action': 'letter', 'approach': 'all', 'than': 'none',
                'label_fr': 'Lettre 3', 'treated_fr': 'envois de la lettre 3', 'control_fr': 'sans cette lettre'
            }
        ], recursive := true),
        generate_subscripts([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], 1) as position
),
ordered as (
    select comparison_id, treatment, action, approach, than, position::integer as position, label_fr, treated_fr, control_fr
    from comparison
)
select * from ordered
