-- One row per question: what serves tonight, since when, and why, in words.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question
-- columns:
--   question       onset, or worsening
--   model_version  the model that serves, or the rule
--   trained_as_of  the night that trained it; null for a rule
--   served         model or rule
--   rule_name      the simple rule that serves, or that the model beat
--   verdict        promoted, kept, beaten, drifted, withdrawn, refused, too_few_onsets or no_capacity: why it serves
--   statement_fr   the same in words
--   shadow_until   the model's lists are given to nobody before this day; null where they are
--   in_shadow      whether that is still so tonight
--   training_rows  households and month ends learnt from
--   onsets         of which fell
--   feature_set    which features it reads, as a code; null for a rule
--   last_training  the last night that trained a model, in place or not; null before the first
--   recipe         additive or logistic; null for a rule
--   backend        what computed it: tensorflow, wasm or cpu; null for a rule
-- checks:
--   served in ('model', 'rule')
--   (served = 'model') = (trained_as_of is not null)
--   not in_shadow or served = 'model'
select
    null::varchar as question,
    null::varchar as model_version,
    null::date as trained_as_of,
    null::varchar as served,
    null::varchar as rule_name,
    null::varchar as verdict,
    null::varchar as statement_fr,
    null::date as shadow_until,
    null::boolean as in_shadow,
    null::integer as training_rows,
    null::integer as onsets,
    null::varchar as feature_set,
    null::date as last_training,
    null::varchar as recipe,
    null::varchar as backend
where false
