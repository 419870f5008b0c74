-- One row per question and household asked about tonight: the probability that it falls within the horizon.
-- The programs of the risk tables (pipelines/risk) share one result a night: the model in place, or the simple rule where none may serve.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, lease_id
-- columns:
--   question        onset, or worsening
--   lease_id        the lease
--   as_of           the night
--   horizon_months  month ends within which
--   probability     of falling within the horizon
--   base_logit      log-odds before any reason: with every contribution it gives the probability
--   model_version   the model, or the rule
--   by              model or rule
--   freshness_days  days since the newest entry booked in the household's agency
--   expires_on      day from which the score counts no more
-- checks:
--   probability >= 0 and probability <= 1
--   "by" in ('model', 'rule')
--   expires_on > as_of
select
    null::varchar as question,
    null::varchar as lease_id,
    null::date as as_of,
    null::integer as horizon_months,
    null::double as probability,
    null::double as base_logit,
    null::varchar as model_version,
    null::varchar as "by",
    null::integer as freshness_days,
    null::date as expires_on
where false
