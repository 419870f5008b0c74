-- The types of payment behaviour in words: what each is, and what helps. None of them is a judgement of a household.
-- grain: segment
-- columns:
--   segment         the type
--   position        its place in lists and charts
--   is_learnt       whether it is learnt from the landlord's households, or told by a rule
--   label_fr        its name on screen
--   description_fr  what households of the type have in common
--   help_fr         what help fits most of them
-- checks:
--   position > 0
select
    segment::varchar as segment,
    position::integer as position,
    is_learnt::boolean as is_learnt,
    label_fr::varchar as label_fr,
    description_fr::varchar as description_fr,
    help_fr::varchar as help_fr
from (
    values
        (
            'direct_debit',
            1,
            true,
            'Prélevés réguliers',
            'Le loyer est prélevé chaque mois à la date prévue, sans rejet ou presque.',
            'Rien à changer. Un premier rejet mérite un appel rapide : c''est souvent une question de date ou de compte.'
        ),
        (
            'prompt',
            2,
            true,
            'Réguliers en début de mois',
            'Le ménage paie lui-même, en entier, dans les jours qui suivent l''échéance.',
            'Rien à changer. Proposer le prélèvement, s''il simplifie la vie du ménage.'
        ),
        (
            'late',
            3,
            true,
            'Réguliers mais tardifs',
            'Le loyer est payé en entier presque tous les mois, mais bien après l''échéance.',
            'Proposer une date de paiement qui suit l''arrivée des revenus.'
        ),
        (
            'uneven',
            4,
            true,
            'Par à-coups',
            'Des mois sans paiement, d''autres qui rattrapent le retard : les dates changent d''un mois à l''autre.',
            'Comprendre avec le ménage ce qui varie (revenus, charges), puis étaler ou fractionner les paiements.'
        ),
        (
            'partial',
            5,
            true,
            'Paiements partiels',
            'Une partie seulement du loyer est payée, et le reste s''ajoute mois après mois.',
            'Faire le point sur le budget et les aides avec la conseillère sociale : le loyer dépasse peut-être les moyens.'
        ),
        (
            'falling',
            6,
            true,
            'En décrochage',
            'Le ménage payait, et ne paie plus ou presque plus depuis un à trois mois.',
            'Prendre contact sans attendre : un accident de vie est probable, et une aide demandée tôt évite la dette.'
        ),
        (
            'new',
            7,
            false,
            'Nouveaux locataires',
            'Le bail est trop récent pour que des habitudes se dessinent.',
            'Vérifier à l''entrée l''aide au logement, le moyen et la date de paiement.'
        ),
        (
            'unknown',
            8,
            false,
            'Sans habitude connue',
            'Trop peu de loyers ont été demandés au ménage, ou l''aide au logement les couvre.',
            'Aucune : rien ne se dit de ces ménages.'
        )
) as meaning (segment, position, is_learnt, label_fr, description_fr, help_fr)
