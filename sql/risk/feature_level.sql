-- The French words of the values of each feature that is a category.
-- grain: feature, level
-- columns:
--   feature   the column of risk.feature
--   level     the value
--   label_fr  its words
select feature::varchar as feature, level::varchar as level, label_fr::varchar as label_fr
from (
    values
        ('payment_channel', 'direct_debit', 'prélèvement'),
        ('payment_channel', 'transfer', 'virement'),
        ('payment_channel', 'card', 'carte bancaire'),
        ('payment_channel', 'cheque', 'chèque'),
        ('payment_channel', 'cash', 'espèces'),
        ('payment_channel', 'other', 'un autre moyen'),
        ('benefit_direct', 'direct', 'versée au bailleur'),
        ('benefit_direct', 'not_direct', 'non versée au bailleur'),
        ('plan_running', 'running', 'en cours'),
        ('plan_running', 'none', 'aucun en cours'),
        ('dwelling_type', 'T1', 'T1'),
        ('dwelling_type', 'T2', 'T2'),
        ('dwelling_type', 'T3', 'T3'),
        ('dwelling_type', 'T4', 'T4'),
        ('dwelling_type', 'T5', 'T5'),
        ('dwelling_type', 'T6', 'T6 et plus'),
        ('season', '01', 'janvier'),
        ('season', '02', 'février'),
        ('season', '03', 'mars'),
        ('season', '04', 'avril'),
        ('season', '05', 'mai'),
        ('season', '06', 'juin'),
        ('season', '07', 'juillet'),
        ('season', '08', 'août'),
        ('season', '09', 'septembre'),
        ('season', '10', 'octobre'),
        ('season', '11', 'novembre'),
        ('season', '12', 'décembre')
) as feature_level (feature, level, label_fr)
