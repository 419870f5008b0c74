-- One row per question, household and past month end: what it would have been scored then, by a model that knew nothing of what came after,
-- and what happened. What the replayed model learnt from ended before the date, its last window of labels too.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, as_of, lease_id
-- columns:
--   question       onset, or worsening
--   as_of          the past month end
--   lease_id       the lease
--   agency_id      its agency
--   stratum        new_entrant, never, clean or other
--   probability    of falling within the horizon, as it would have been told
--   rule_score     the simple rule's score, the highest most at risk
--   outcome        whether it fell
--   reached_month  first month end at which it had; null where it did not
--   by             given: by a model that had been trained by then; replayed: by one trained afterwards on what was known then
--   contacted      whether it was called, visited or met after the date and before it fell, within the horizon
--   helped         whether it was offered or received help after the date and before it fell
--   model_version  the model, or the rule
-- checks:
--   probability >= 0 and probability <= 1
--   "by" in ('given', 'replayed')
select
    null::varchar as question,
    null::date as as_of,
    null::varchar as lease_id,
    null::varchar as agency_id,
    null::varchar as stratum,
    null::double as probability,
    null::double as rule_score,
    null::boolean as outcome,
    null::date as reached_month,
    null::varchar as "by",
    null::boolean as contacted,
    null::boolean as helped,
    null::varchar as model_version
where false
