-- How the model in place, its challenger, a logistic regression and simple rules did on past month ends that none of them knew: at the last
-- training, or tonight where no model was ever trained. Bounds: 95%, by household. At capacity: on lists as long as the teams can call.
-- Metrics: caught, recall and precision at capacity; auc, average_precision, brier; over the dates recall_mean, recall_worst and regret
-- (what the best of all caught more, as a share of the onsets); advantage, of a rival: how many more the challenger caught, relative.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, model, origin, stratum, metric
-- columns:
--   question    onset, or worsening
--   model       champion, challenger, logistic or rule:<name>
--   rule_fr     what the rule goes by, in words; null of a model
--   origin      the past month end; pooled for all of them
--   stratum     all, new_entrant, never, clean or other
--   metric      what is told
--   value       the figure
--   low         lower bound; null where none is told
--   high        upper bound; null where none is told
--   households  households asked about, once a date
--   onsets      of which fell
-- checks:
--   low is null or low <= high
--   onsets <= households
select
    null::varchar as question,
    null::varchar as model,
    null::varchar as rule_fr,
    null::varchar as origin,
    null::varchar as stratum,
    null::varchar as metric,
    null::double as value,
    null::double as low,
    null::double as high,
    null::integer as households,
    null::integer as onsets
where false
