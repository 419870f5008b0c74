-- One row per question and feature of the model in place, and one for its score: how far tonight's households are from those that it
-- learnt from.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, feature
-- columns:
--   question            onset, or worsening
--   feature             the feature; score for the probability
--   label_fr            what it is
--   psi                 population stability index, tonight against the training
--   usual               the largest that one past month end had against the whole training
--   by_chance           what so few households alone would give in one case out of twenty
--   level               green, amber or red
--   action_fr           what is done about it, in words
--   share_missing       share of tonight's households without a value
--   share_missing_then  the same when the model learnt
-- checks:
--   psi >= 0
--   level in ('green', 'amber', 'red')
select
    null::varchar as question,
    null::varchar as feature,
    null::varchar as label_fr,
    null::double as psi,
    null::double as usual,
    null::double as by_chance,
    null::varchar as level,
    null::varchar as action_fr,
    null::double as share_missing,
    null::double as share_missing_then
where false
