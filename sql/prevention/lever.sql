-- Help that can be offered to a household before it owes anything, in words. Reasons lead to it (risk.feature_meaning).
-- grain: lever
-- columns:
--   lever     the help
--   label_fr  what to do, as it is told to who calls
-- checks:
--   label_fr <> ''
with lever as (
    select unnest(
        [
            { 'lever': 'entry_diagnosis', 'label_fr': 'Faire le diagnostic social d’entrée dans le logement' },
            { 'lever': 'direct_benefit', 'label_fr': 'Proposer que l’aide au logement soit versée directement au bailleur' },
            { 'lever': 'benefit_office', 'label_fr': 'Vérifier avec le ménage et la CAF ses droits à l’aide au logement' },
            { 'lever': 'fsl_request', 'label_fr': 'Préparer avec le ménage une demande au fonds de solidarité logement (FSL)' },
            { 'lever': 'budget_help', 'label_fr': 'Proposer un point budget avec la CESF ou le centre social' },
            { 'lever': 'payment_date', 'label_fr': 'Proposer une date de paiement plus proche de l’arrivée des ressources' },
            { 'lever': 'payment_means', 'label_fr': 'Vérifier le moyen de paiement : compte, mandat, prélèvement' },
            { 'lever': 'smaller_dwelling', 'label_fr': 'Parler d’un logement plus petit, si le ménage le souhaite' },
            { 'lever': 'plan', 'label_fr': 'Étaler le petit retard par un échéancier à la mesure du budget' },
            { 'lever': 'contact', 'label_fr': 'Prendre des nouvelles et comprendre la situation' }
        ],
        recursive := true
    )
)
select * from lever
