-- One row per question and one of 20 groups of equal size, by rising probability, of the past scores: how many were expected
-- to fall, and how many did.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, bin
-- columns:
--   question    onset, or worsening
--   bin         the group, 1 the least at risk
--   households  households asked about, once a date
--   expected    onsets expected: the sum of the probabilities
--   observed    onsets
-- checks:
--   observed <= households
select
    null::varchar as question,
    null::integer as bin,
    null::integer as households,
    null::double as expected,
    null::integer as observed
where false
