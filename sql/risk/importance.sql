-- What each term of the model in place adds to the log-odds, on average and along its values: its shape. Of a rule, its one feature.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, term, point
-- columns:
--   question    onset, or worsening
--   term        the feature, or two of them joined by ×
--   position    by falling importance
--   label_fr    what it is
--   importance  mean of what it adds tonight, up or down
--   share       of the sum over all terms
--   point       points of its shape, in order; 0 for the figure alone
--   at          value of the feature; null for a word, a missing one or a pair
--   word        the same in words; null for a number
--   adds        what it adds to the log-odds there; null at point 0
-- checks:
--   importance >= 0
select
    null::varchar as question,
    null::varchar as term,
    null::integer as position,
    null::varchar as label_fr,
    null::double as importance,
    null::double as share,
    null::integer as point,
    null::double as at,
    null::varchar as word,
    null::double as adds
where false
