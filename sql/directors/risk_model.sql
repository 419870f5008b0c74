-- What serves for each question tonight, a model or the simple rule, and why.
-- grain: question
-- columns:
--   question       onset, or worsening for households in arrears
--   question_fr    the same in words
--   position       its place
--   model_version  the model, or the rule
--   trained_as_of  the night that trained it; null for a rule
--   served         model or rule
--   verdict        why it serves, as a code
--   statement_fr   the same in words
--   in_shadow      whether the model is only watched tonight
--   shadow_until   day until which; null where it is not
--   training_rows  households and month ends learnt from
with model as (
    select
        question, model_version, trained_as_of, served, verdict, statement_fr, in_shadow, shadow_until, training_rows
    from risk.model
),
worded as (
    select
        question,
        case question when 'onset' then 'Entrée en impayé' else 'Aggravation' end as question_fr,
        case question when 'onset' then 1 else 2 end as position,
        model_version,
        trained_as_of,
        served,
        verdict,
        statement_fr,
        in_shadow,
        shadow_until,
        training_rows
    from model
)
select * from worded
