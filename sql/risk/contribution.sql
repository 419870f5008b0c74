-- One row per reason of an estimate, in words: what it adds to the log-odds. What is not told in words stands in one row more, so that
-- base and contributions add up to the log-odds of the probability.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, lease_id, position
-- columns:
--   question      onset, or worsening
--   lease_id      the lease
--   as_of         the night
--   position      reasons that raise first, the largest first, then those that lower; others last
--   term          the feature, or two of them joined by ×; others for the rest
--   reason_code   the feature that the words are about; others for the rest
--   text_fr       the reason in words
--   contribution  what it adds to the log-odds
--   side          raises or lowers
-- checks:
--   position >= 1
--   side = if(contribution < 0, 'lowers', 'raises')
select
    null::varchar as question,
    null::varchar as lease_id,
    null::date as as_of,
    null::integer as position,
    null::varchar as term,
    null::varchar as reason_code,
    null::varchar as text_fr,
    null::double as contribution,
    null::varchar as side
where false
