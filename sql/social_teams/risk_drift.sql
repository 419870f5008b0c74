-- Whether tonight's households still look like those that the model learnt from, what moved most first.
-- grain: question, feature
-- columns:
--   question   onset or worsening
--   feature    what the score reads; score for the probability
--   label_fr   the same in words
--   position   its place
--   psi        population stability index
--   usual      the largest that one past month end alone had
--   level      green, amber or red
--   level_fr   the same in words
--   action_fr  what is done about it
with drift as (
    select question, feature, label_fr, position, psi, usual, level, level_fr, action_fr from directors.risk_drift
)
select * from drift
