-- One row per household scored tonight: how likely it is to fall into arrears within the horizon or, where it owes one or two
-- whole terms, to owe three. A score offers help; it never leads to a letter, a fee or litigation, and it expires.
-- grain: lease_id, as_of
-- columns:
--   lease_id         the lease
--   as_of            the night
--   question         onset, or worsening for a household in arrears
--   agency_id        today's agency
--   stratum          new_entrant, never, clean or other
--   horizon_months   months ahead that the probability is for
--   probability      the probability
--   rank             its place in the agency, for the question, the likeliest first; equal ones by a hash of the lease
--   listed           whether the household is on tonight's list
--   model_version    the model, or the rule, that gave it
--   served_by        model, or rule
--   freshness_days   days between the newest entry that it rests on and the night
--   expires_on       the day from which it counts no more
--   in_shadow        whether the model is on trial: then nobody acts on it
-- checks:
--   probability >= 0 and probability <= 1
--   rank >= 1
--   expires_on > as_of
with estimate as (
    select question, lease_id, as_of, horizon_months, probability, model_version, estimate.by as served_by, freshness_days, expires_on
    from risk.estimate
),
cohort as (
    select question, as_of, lease_id, agency_id, stratum from risk.cohort
),
model as (
    select question, bool_or(in_shadow) as in_shadow from risk.model group by question
),
list as (
    select lease_id from prevention.list
),
scored as (
    select
        estimate.lease_id,
        estimate.as_of,
        estimate.question,
        cohort.agency_id,
        cohort.stratum,
        estimate.horizon_months,
        estimate.probability,
        row_number() over (
            partition by estimate.question, cohort.agency_id
            order by estimate.probability desc, md5(estimate.lease_id)
        )::integer as rank,
        list.lease_id is not null as listed,
        estimate.model_version,
        estimate.served_by,
        estimate.freshness_days,
        estimate.expires_on,
        coalesce(model.in_shadow, false) as in_shadow
    from estimate
    inner join cohort
        on estimate.question = cohort.question and estimate.as_of = cohort.as_of and estimate.lease_id = cohort.lease_id
    left join model on estimate.question = model.question
    left join list on estimate.lease_id = list.lease_id
)
select * from scored
